"""Code of models for the tests of endpoints, and asking them."""

from __future__ import annotations

from typing import Any

DOUBLER = """
class Doubler:
    def predict(self, data):
        return data * 2

def model_fn(model_dir):
    return Doubler()
"""

ECHO = """
import json, os, time

def model_fn(model_dir):
    return open(os.path.join(model_dir, "greeting.txt")).read()

def input_fn(body, content_type):
    if content_type == "text/slow":
        time.sleep(600)
    if content_type == "text/exit":
        os._exit(9)
    if content_type == "text/bad":
        raise ValueError("no such digit")
    return body, content_type

def predict_fn(data, model):
    return model, data

def output_fn(prediction, accept):
    model, (body, content_type) = prediction
    told = {"greeting": model, "body": str(body), "type": content_type, "accept": accept}
    return json.dumps({**told, "pid": os.getpid()}), "application/vnd.echo+json"
"""


def invoke(runtime: Any, name: str, body: bytes | str, kind: str, **members: Any) -> Any:
    return runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType=kind, **members)
