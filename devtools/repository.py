"""Check committed files: no registry address, no machine's own path, no key, LF only."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from devtools.base import ROOT
from devtools.wheel import tracked_files

# Written so that this file does not match itself.
REGISTRY = r"(py[p]i|pythonhos[t]ed|npm[j]s|yarn[p]kg|registry\.[n]pm)[\w.-]*\.(org|com)"
MACHINE = r"(?<![\w.])/(roo[t]|hom[e]/(?!ada|jovyan)\w+|Use[r]s/\w+)/"
RULES = {
    "the address of a package registry": re.compile(REGISTRY, re.IGNORECASE),
    "a resolved address of a package": re.compile(r'^\s*"resolve[d]":', re.MULTILINE),
    "a path of one machine": re.compile(MACHINE),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE KEY"),
    # AWS's own documents use keys that end in EXAMPLE.
    "an AWS key": re.compile(r"\bAKI[A](?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b"),
    "a carriage return": re.compile("\r"),
}
BINARY = {".png", ".ico", ".woff2"}


def main() -> int:
    """Check every file that git tracks or would add."""
    found = [line for name in tracked_files() for line in faults(ROOT / name)]
    for line in found:
        print(line)
    return 1 if found else 0


def faults(path: Path) -> list[str]:
    """Return one line for each rule that the file breaks."""
    name = path.relative_to(ROOT).as_posix()
    if path.suffix in BINARY:
        return [f"{name}: over 400 kB"] if path.stat().st_size > 400_000 else []
    text = path.read_bytes().decode("utf-8")
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for what, rule in RULES.items()
        if (match := rule.search(text))
    ]


if __name__ == "__main__":
    sys.exit(main())
