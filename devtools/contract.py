"""Check that the generated contract matches the Python bodies and routes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from devtools.base import ROOT, environment


def main() -> int:
    """Generate both files in a temporary folder and compare them with the ones in use."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        types = Path(folder) / "contract.ts"
        _run([sys.executable, "-m", "smx_lab.contract.openapi", str(document)])
        _run(
            ["npx", "openapi-typescript", str(document), "--default-non-nullable", "false",
             "-o", str(types)]
        )  # fmt: skip
        pairs = {
            ROOT / "smx_lab" / "contract" / "openapi.json": document,
            ROOT / "src" / "api" / "contract.ts": types,
        }
        stale = [
            used.relative_to(ROOT)
            for used, new in pairs.items()
            if used.read_text(encoding="utf-8") != new.read_text(encoding="utf-8")
        ]
    for path in stale:
        print(f"{path} is not what smx_lab/contract states: run npm run build.")
    return 1 if stale else 0


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
