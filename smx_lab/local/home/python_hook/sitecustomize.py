"""Keeps calls of AWS STS by the SDKs for Python on this machine.

The ``sagemaker`` SDK calls STS for the role and the default bucket at a fixed address
(``https://sts.<region>.amazonaws.com``), which no setting and no variable can change. This module
sends such a request to ``AWS_ENDPOINT_URL_STS``, but only if it is about to be signed with a key of
the local service. Calls with other keys are not changed.

Python imports a ``sitecustomize`` that it finds on its path at start; ``smx-lab local env`` puts
this folder there. ``%smx connect local`` imports it in the kernel.

Standard library only, for any Python 3.7 or newer: it runs in environments that are not ours.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from typing import Any

LOCAL_KEY_PREFIX = "SMXLOCAL"
_HANDLERS = "botocore.handlers"


def stay_here(request: Any, request_signer: Any = None, **_: Any) -> None:
    """Send a request for AWS's STS to the local service; a handler of ``before-sign``."""
    from urllib.parse import urlsplit  # here, so that not every start of Python pays for it

    address = os.environ.get("AWS_ENDPOINT_URL_STS")
    credentials = getattr(request_signer, "_credentials", None)
    key = getattr(credentials, "access_key", None) or ""
    host = urlsplit(request.url).hostname or ""
    if address and key.startswith(LOCAL_KEY_PREFIX) and host.startswith("sts."):
        request.url = address.rstrip("/") + "/"


def install(handlers: Any) -> None:
    """Add the handler, once, to those of every new botocore session."""
    known = [getattr(entry[1], "__name__", "") for entry in handlers.BUILTIN_HANDLERS]
    if stay_here.__name__ not in known:
        handlers.BUILTIN_HANDLERS.append(("before-sign.sts", stay_here))


class _Finder:
    """Notices the import of botocore's handlers; costs nothing in other processes."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the module's own spec, with a loader that installs the handler afterwards."""
        if name != _HANDLERS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
        return spec


class _Loader:
    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: Any) -> Any:
        """Call the original loader."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """Run the module, and install the handler in it."""
        self._loader.exec_module(module)
        install(module)


def _run_the_next_one() -> None:
    """Run the ``sitecustomize`` that would have been found without this one."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    others = [path for path in sys.path if os.path.abspath(path or ".") != here]  # noqa: PTH100
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if _HANDLERS in sys.modules:
    install(sys.modules[_HANDLERS])
else:
    sys.meta_path.insert(0, _Finder())

if __name__ == "sitecustomize":
    _run_the_next_one()
