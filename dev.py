"""Set up, run, test, check and measure smx-lab. Needs Python 3.10 or newer, and nothing else.

python3 dev.py lab [ARGS…]                    JupyterLab on the local service, with the tutorial
python3 dev.py test [python|ts|ui|wheel] [PYTEST ARGS…]
python3 dev.py setup | check | bench | docs | screenshots
"""

import sys

if sys.version_info < (3, 10):  # said before anything newer is imported
    sys.exit("smx-lab needs Python 3.10 or newer; this is " + sys.version.split()[0] + ".")

from devtools.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
