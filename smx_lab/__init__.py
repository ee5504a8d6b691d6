"""smx-lab: the SageMaker Experiments browser for JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smx_lab.notebook.dataframe import dataframe

__all__ = ["__version__", "dataframe"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import ``dataframe`` when it is first asked for: Jupyter and IPython import this module."""
    if name == "dataframe":
        from smx_lab.notebook.dataframe import dataframe

        return dataframe
    raise AttributeError(f"module 'smx_lab' has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "smx-lab"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from smx_lab.extension import SmxLabApp

    return [{"module": "smx_lab", "app": SmxLabApp}]


def load_ipython_extension(ipython: Any) -> None:
    """Register the ``%smx`` and ``%%smx`` magics."""
    from smx_lab.notebook.magics import load

    load(ipython)
