"""Measure the size of the front end: a production build, each file compressed with gzip.

    python bench/frontend.py [--json]

*At start* are the files that JupyterLab loads at its start: the entry points of its build tool. All
other files are loaded when a panel, a table or a page is first opened.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".dev" / "bench" / "frontend"
START_KB, ALL_KB = 30.0, 100.0
"""The budgets, in kB of 1000 bytes."""


def build() -> Path:
    """Build for production in a copy, so that the existing build stays, and return the files."""
    tools = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for command in (["npm", "run", "--silent", "contract"], ["npx", "tsc"]):
        subprocess.run(command, cwd=ROOT, env=tools, check=True, stdout=subprocess.DEVNULL)
    for name in ("package.json", "package-lock.json", "rspack.config.cjs"):
        shutil.copy2(ROOT / name, FOLDER / name)
    for name in ("lib", "style", "schema"):
        shutil.copytree(ROOT / name, FOLDER / name)
    (FOLDER / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    subprocess.run(
        ["jupyter-builder", "build", "."], cwd=FOLDER, env=tools, check=True, capture_output=True
    )
    return FOLDER / "smx_lab" / "labextension" / "static"


def size_kb(file: Path) -> float:
    """Return the compressed size of a file in kB."""
    return len(gzip.compress(file.read_bytes(), 9)) / 1000


def at_start(files: list[Path]) -> list[Path]:
    """Return the files loaded at the start: the remote entry and its entry points."""
    (remote,) = (file for file in files if file.name.startswith("remoteEntry."))
    text = remote.read_text(encoding="utf-8")
    names = dict(re.findall(r'\b(\d+):"([a-z]+)"', text))
    chunks: set[str] = set()
    for entry in ("./index", "./extension", "./style"):
        loader = re.search(rf'"{re.escape(entry)}":\(\)=>(.*?)\.then\(', text)
        assert loader, f"{remote.name} has no {entry}"
        chunks |= set(re.findall(r"\.e\(\"?(\d+)\"?\)", loader[1]))
    prefixes = {names.get(chunk, chunk) for chunk in chunks} | {"remoteEntry", "style"}
    return [file for file in files if file.name.partition(".")[0] in prefixes]


def measure() -> dict[str, float]:
    """Return the kB of each file, and the two sums."""
    files = sorted(build().glob("*.js"))
    start = at_start(files)
    figures = {
        f"{'start' if file in start else 'later'}: {file.name.partition('.')[0]}": size_kb(file)
        for file in sorted(files, key=lambda file: (file not in start, -size_kb(file)))
    }
    figures["at JupyterLab's start"] = sum(map(size_kb, start))
    figures["in all"] = sum(map(size_kb, files))
    return {name: round(value, 1) for name, value in figures.items()}


def main() -> None:
    """Print the sizes and the budgets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="for other programs")
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    figures = measure()
    if options.json:
        print(json.dumps(figures))
        return
    budgets = {"at JupyterLab's start": START_KB, "in all": ALL_KB}
    print("The front end, kB compressed by gzip")
    for name, value in figures.items():
        budget = budgets.get(name)
        note = "" if budget is None else f"   ≤ {budget:g}{'   missed' if value > budget else ''}"
        print(f"  {name:<40} {value:>8.1f}{note}")


if __name__ == "__main__":
    main()
