"""smx-lab: the SageMaker Experiments browser for JupyterLab."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "smx-lab"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from smx_lab.extension import SmxLabApp

    return [{"module": "smx_lab", "app": SmxLabApp}]


def load_ipython_extension(ipython: Any) -> None:
    """Register the ``%smx`` and ``%%smx`` magics."""
    from smx_lab.notebook.magics import load

    load(ipython)
