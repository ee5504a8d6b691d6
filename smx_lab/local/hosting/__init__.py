"""Endpoints as model-server processes.

Operations use `deployments`, `specs` and `model_client`; transform jobs run a model server of their
own by `model_process`, `specs` and `model_http`.
"""
