"""An entry script that goes on tracking the run it belongs to, and looks into S3."""

import os

import boto3
from sagemaker.experiments import load_run
from sagemaker.session import Session

with load_run(sagemaker_session=Session(boto3.Session())) as run:
    run.log_parameter("from_job", 7)
    for step in range(3):
        run.log_metric("job:loss", 1 / (step + 1), step=step)
bucket = os.environ["SM_HP_BUCKET"]
print("Objects:", boto3.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"])
