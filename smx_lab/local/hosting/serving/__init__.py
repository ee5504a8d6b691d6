"""The process of one model: SageMaker's inference contract behind ``/ping`` and ``/invocations``.

It runs in the Python that the model needs, which may be another than the service's. So the package
imports the standard library alone, and NumPy where a default decoder or encoder is used.
"""
