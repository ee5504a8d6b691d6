"""``python -m smx_lab.local``: the service process itself. People start it by ``smx-lab local``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Serve; with --detach, in a child process with a session of its own."""
    parser = argparse.ArgumentParser(prog="python -m smx_lab.local")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int)
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--ready-fd", type=int, help="gets one line of JSON: ready, or why not")
    options = parser.parse_args()
    if options.detach:
        if os.fork():  # before anything heavy is imported or a thread is started
            return 0
        os.setsid()
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    from smx_lab.local.errors import StartError
    from smx_lab.local.service import AlreadyRunningError, serve

    try:
        os.chdir(options.data_dir)
        serve(options.data_dir, options.port, lambda _: _say(options.ready_fd, {"ready": True}))
    except AlreadyRunningError:
        _say(options.ready_fd, {"ready": False})
        return 0
    except StartError as error:
        _say(options.ready_fd, {"error": str(error)})
        return 1
    except OSError as error:
        text = f"The data directory {options.data_dir} cannot be used: {error.strerror}. "
        remedy = "Make room on its disk, or choose another with --data-dir or SMX_LAB_DATA_DIR."
        _say(options.ready_fd, {"error": text + remedy})
        return 1
    return 0


def _say(descriptor: int | None, message: dict[str, object]) -> None:
    """Write one line of JSON for the starter, unless it has gone."""
    if descriptor is None:
        print(json.dumps(message), file=sys.stderr)  # noqa: T201 - started by hand
        return
    try:
        os.write(descriptor, json.dumps(message).encode() + b"\n")
    except BrokenPipeError:
        return
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
