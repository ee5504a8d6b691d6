"""``python -m smx_lab``: the same as ``smx-lab``."""

from __future__ import annotations

import sys

from smx_lab.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
