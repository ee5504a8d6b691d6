"""AWS's wire protocols: service models, signatures, JSON 1.1, REST-JSON and the query protocol."""
