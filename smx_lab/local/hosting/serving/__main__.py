"""Runs the server of one model: ``python …/serving/__main__.py SOCKET``."""

from __future__ import annotations

import sys
from pathlib import Path

# This file is run by its path, in whatever Python the model needs. Python puts its folder first on
# the module path, where our names could hide those of the model's code; the root of the package
# stands there instead, and only for the import.
_ROOT = str(Path(__file__).resolve().parents[4])

if __name__ == "__main__":
    sys.path[0] = _ROOT
    from smx_lab.local.hosting.serving.server import main

    sys.path.remove(_ROOT)
    main(sys.argv[1:])
