"""The AWS SDK for JavaScript v3, unchanged."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.clients.conftest import CLIENTS

WALK = Path(__file__).parent / "javascript" / "walk.mjs"
NODE = Path(sys.executable).with_name("node")


def test_an_experiment_is_tracked_and_read_back(execute: Callable[..., str]):
    # A module is resolved from where its importer lies.
    script = Path(shutil.copy(WALK, CLIENTS / "javascript" / "walk.mjs"))
    seen = json.loads(execute(NODE if NODE.exists() else "node", script))
    assert seen == {
        "listed": [["js-3", "js-2"], ["js-1"]],
        "found": ["js-3", "js-2"],
        "start": "2026-01-02T03:04:05.678Z",
        "parameters": {"rate": {"NumberValue": 0.1}, "layer": {"StringValue": "dense"}},
        "Tags": [{"Key": "team", "Value": "a"}],
        "missing": {"name": "ResourceNotFound", "status": 400},
        "Description": "Zahlen: äöü",
    }
