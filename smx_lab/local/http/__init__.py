"""HTTP/1.1 on loopback: bounded requests in, whole or streamed answers out.

Others use `server`: `HttpServer`, its `Limits`, `HttpRequest` and `HttpResponse`.
"""
