"""boto3 clients of a local service, as a user's script has them."""

import boto3


def client_of(service, name="sagemaker"):
    return boto3.session.Session().client(
        name,
        endpoint_url=service.metrics_url if "metrics" in name else service.sagemaker_url,
        region_name=service.region,
        aws_access_key_id=service.access_key_id,
        aws_secret_access_key=service.secret_access_key,
    )
