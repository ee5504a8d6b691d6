"""SageMaker, seen from here: the only package that imports boto3."""
