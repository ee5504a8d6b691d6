"""AWS's wire protocols: service models, signatures, JSON 1.1, REST-JSON and the query protocol.

`registry` has the decorator `operation`, with which operations are registered. The application uses
`routing.Router` and `signature.SignatureChecker`.
"""
