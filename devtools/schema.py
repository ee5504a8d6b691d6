"""Write the statistics of a metric into ``schema/table.json``: two menus and one setting.

JupyterLab reads menus and settings from JSON only, so the statistics of
``smx_lab/core/statistics.py`` are copied there. Runs in the virtual environment. With ``--check``
nothing is written, and a schema that differs is a fault.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from devtools.base import ROOT, environment

SCHEMA = ROOT / "schema" / "table.json"
MENUS = {
    "smx-table-aggregation": "smx-lab:aggregate-table",
    "smx-table-add-column": "smx-lab:add-table-column",
}
"""The command of each submenu that lists the statistics."""


def main(arguments: list[str]) -> int:
    """Write or check the schema."""
    old = json.loads(SCHEMA.read_text(encoding="utf-8"))
    new = with_statistics(old)
    if old == new:
        return 0
    if "--check" in arguments:
        print(f"{SCHEMA.relative_to(ROOT)} is stale: run python3 dev.py docs.")
        return 1
    SCHEMA.write_text(json.dumps(new, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    command = ["npx", "prettier", "--log-level=warn", "--write", str(SCHEMA)]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    print(f"{SCHEMA.relative_to(ROOT)} was written anew.")
    return 0


def with_statistics(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with all statistics in its menus and in its setting ``statistic``."""
    from smx_lab.core.statistics import STATISTICS

    schema = json.loads(json.dumps(schema))
    for entry in schema["jupyter.lab.menus"]["context"]:
        submenu = entry.get("submenu", {})
        if submenu.get("id") in MENUS:
            submenu["items"] = [
                {
                    "command": MENUS[submenu["id"]],
                    "args": {"statistic": statistic},
                    "rank": rank,
                }
                for rank, statistic in enumerate(STATISTICS)
            ]
    schema["properties"]["statistic"]["oneOf"] = [
        {"const": statistic, "title": names.label} for statistic, names in STATISTICS.items()
    ]
    return schema


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
