"""Write the OpenAPI document before the build of the front end, which generates types from it."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class OpenApiHook(BuildHookInterface):  # type: ignore[type-arg]
    """Generate ``smx_lab/contract/openapi.json`` from ``smx_lab/contract``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the jupyter-builder hook, which generates ``src/api/contract.ts``."""
        sys.path.insert(0, self.root)
        try:
            from smx_lab.contract import openapi

            openapi.write(Path(self.root) / "smx_lab" / "contract" / "openapi.json")
        finally:
            sys.path.remove(self.root)
