"""From a training job's model to an endpoint: the request, the rules, and the same as code."""
