"""HTTP/1.1 on loopback: bounded requests in, whole or streamed answers out."""
