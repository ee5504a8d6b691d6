"""Calls to SageMaker, AWS's or local: the only package that imports boto3.

Others use ``connections`` (which accounts there are), ``sagemaker`` (calls and pages), ``reading``
(many pages at once), ``retry`` (the retry policy), ``series``, ``errors`` and ``mlflow_store``. The
rest is how these do it.
"""
