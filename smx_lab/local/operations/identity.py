"""The actions of STS and IAM by which clients learn their identity and role."""

from __future__ import annotations

import json
import sqlite3
from urllib.parse import quote

from smx_lab.local.context import PARTITION, ROLE_NAME, Answer, Context, Request, role_id
from smx_lab.local.protocol.registry import operation

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@operation("GetCallerIdentity", service="sts")
def get_caller_identity(_: sqlite3.Connection, context: Context, __: Request) -> Answer:
    """Return the only user, in the only role."""
    return {
        "UserId": context.principal_id,
        "Account": context.account,
        "Arn": context.caller_arn,
    }


@operation("GetRole", service="iam")
def get_role(_: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return a role of any name; roles cannot be created here and are not checked."""
    name = request["RoleName"]
    path = "/service-role/" if name == ROLE_NAME else "/"
    return {
        "Role": {
            "Path": path,
            "RoleName": name,
            "RoleId": role_id(context.account),
            "Arn": f"arn:{PARTITION}:iam::{context.account}:role{path}{name}",
            "CreateDate": 0,
            "AssumeRolePolicyDocument": quote(json.dumps(_TRUST)),
            "MaxSessionDuration": 3600,
        }
    }
