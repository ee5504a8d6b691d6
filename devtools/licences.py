"""Check that the dependencies have permissive or weak copyleft licences.

Runs in the virtual environment. Development packages are not checked, only what users install.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from devtools.base import ROOT

STRONG = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public|SSPL|BUSL)", re.I)


def main() -> int:
    """Check the dependencies of the wheel and of the front end."""
    bad = python_faults() + npm_faults()
    for line in bad:
        print(line)
    return 1 if bad else 0


def python_faults() -> list[str]:
    """Return the direct and indirect dependencies with a strong copyleft licence or none."""
    todo, seen, bad = ["smx-lab"], set[str](), []
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if name == "smx-lab":
                raise
            continue  # for another platform, or an extra that is not ours
        licence = licence_of(found)
        if not licence or STRONG.search(licence):
            bad.append(f"{name}: {licence or 'names no licence'}")
        for requirement in found.requires or []:
            if "extra ==" not in requirement or (name == "smx-lab" and "tutorial" in requirement):
                todo.append(re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower())
    return bad


def licence_of(found: Distribution) -> str:
    """Return the licence of a package, from one of three metadata fields."""
    meta: Any = found.metadata  # a Message; its stub hides get()
    classifiers = [c for c in meta.get_all("Classifier", []) if c.startswith("License ::")]
    stated = meta.get("License-Expression") or "; ".join(classifiers)
    first_line = (meta.get("License") or "").strip().split("\n", 1)[0]
    return str(stated or first_line or ("a file" if meta.get_all("License-File") else ""))


def npm_faults() -> list[str]:
    """Return the dependencies of the front end with a strong copyleft licence or none."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    bad = []
    for name in package["dependencies"]:
        manifest = ROOT / "node_modules" / name / "package.json"
        licence = str(json.loads(manifest.read_text(encoding="utf-8")).get("license", ""))
        if not licence or STRONG.search(licence):
            bad.append(f"{name}: {licence or 'names no licence'}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
