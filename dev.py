"""Set up, run, test, check and measure smx-lab. Only Python 3.10 or newer is needed.

python3 dev.py lab [ARGS…]                    JupyterLab on the local service, with the tutorial
python3 dev.py test [python|ts|ui|wheel] [PYTEST ARGS…]
python3 dev.py setup | check | bench | docs | screenshots
"""

import sys

if sys.version_info < (3, 10):  # checked before modules that need a newer Python are imported
    sys.exit("smx-lab needs Python 3.10 or newer; this is " + sys.version.split()[0] + ".")

from devtools.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
