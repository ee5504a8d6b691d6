"""The REST API as types: routes, query arguments and bodies.

Handlers, services and the OpenAPI document use `routes.ROUTES`, `queries` and `bodies`;
`arguments.decode` reads query arguments by their types.
"""
