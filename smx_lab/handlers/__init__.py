"""Tornado handlers of the REST API: HTTP requests in, JSON responses out.

There is one module for each kind of resource. The server extension uses `routes.handlers` and
`base.SERVICES`.
"""
