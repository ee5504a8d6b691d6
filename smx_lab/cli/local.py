"""``smx-lab local``: start, find, export and stop the local service of a data directory."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smx_lab.core.connection import LocalService


def add_local(subparsers: Any) -> None:
    """``smx-lab local start | status | env | stop | export | import``."""
    local = subparsers.add_parser(
        "local", help="the local SageMaker service", description="The local SageMaker service."
    )
    actions = local.add_subparsers(metavar="ACTION", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> Any:
        parser = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        parser.add_argument(
            "--data-dir",
            type=Path,
            metavar="D",
            help="where it keeps everything (default: SMX_LAB_DATA_DIR, or your user data folder)",
        )
        parser.set_defaults(run=run)
        return parser

    start = add("start", _start, "start the service, or find the one that runs")
    start.add_argument("--port", type=_port, metavar="P", help="where to listen on 127.0.0.1")
    start.add_argument("--foreground", action="store_true", help="stay here until Ctrl+C")
    start.add_argument("--json", action="store_true", help="print address and keys as JSON")
    status = add("status", _status, "say whether it runs, and where")
    status.add_argument("--json", action="store_true", help="print address and keys as JSON")
    add("env", _env, "print the export lines that point boto3 and the SDKs here")
    add("stop", _stop, "stop the service with its jobs and endpoints")
    export = add("export", _export, "write everything tracked, but no keys, into one file")
    export.add_argument("file", type=Path, metavar="FILE", help="the archive to write")
    export.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    import_ = add("import", _import, "put what an exported file holds beside what is there")
    import_.add_argument("file", type=Path, metavar="FILE", help="the archive to read")
    import_.add_argument(
        "--overwrite",
        action="store_true",
        help="replace what has the same name and other content, instead of refusing",
    )


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _start(options: argparse.Namespace) -> int:
    from smx_lab.local.home.launch import ensure_running

    if options.foreground:
        return _serve_here(options)
    _show(ensure_running(_data_dir(options), options.port), options)
    return 0


def _serve_here(options: argparse.Namespace) -> int:
    from smx_lab.local.errors import StartError
    from smx_lab.local.home.launch import ensure_running
    from smx_lab.local.service import AlreadyRunningError, serve

    directory = _data_dir(options)
    try:
        serve(directory, options.port, lambda service: _show(service, options), log_to="stderr")
    except AlreadyRunningError:
        _show(ensure_running(directory), options)
    except StartError as error:
        print(f"smx-lab: {error}", file=sys.stderr)
        return 1
    return 0


def _status(options: argparse.Namespace) -> int:
    from smx_lab.local.home.launch import find

    service = find(_data_dir(options))
    if service is None:
        print(
            "The local service is not running. Start it with: smx-lab local start", file=sys.stderr
        )
        return 3  # the status of init scripts for "not running"
    _show_status(service, options)
    return 0


def _env(options: argparse.Namespace) -> int:
    from smx_lab.local.home.client_environment import VARIABLES_IN_THE_WAY, client_environment
    from smx_lab.local.home.launch import ensure_running

    service = ensure_running(_data_dir(options))
    for name in VARIABLES_IN_THE_WAY:
        print(f"unset {name}")
    for name, value in client_environment(service).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _stop(options: argparse.Namespace) -> int:
    from smx_lab.local.home.launch import stop

    stopped = stop(_data_dir(options))
    print("The local service has stopped." if stopped else "The local service was not running.")
    return 0


def _export(options: argparse.Namespace) -> int:
    from smx_lab.local.transfer.export import export

    directory = _data_dir(options)
    exported = export(directory, options.file.expanduser(), overwrite=options.overwrite)
    for name in exported.left_out:
        print(f"smx-lab: {name} was left out.", file=sys.stderr)
    print(f"Exported {directory} to {options.file}: {exported.size / 1e6:.1f} MB.")
    return 0


def _import(options: argparse.Namespace) -> int:
    from smx_lab.local.transfer.restore import import_archive

    directory = _data_dir(options)
    done = import_archive(directory, options.file.expanduser(), overwrite=options.overwrite)
    print(f"Imported {options.file} into {directory}:")
    for line in done.lines():
        print(f"  {line}")
    return 0


def _data_dir(options: argparse.Namespace) -> Path:
    from smx_lab.local.home.data_dir import data_dir

    chosen: Path | None = options.data_dir
    return chosen.expanduser().absolute() if chosen else data_dir()


def _show_status(service: LocalService, options: argparse.Namespace) -> None:
    from smx_lab.local.s3.health import s3_health

    health = s3_health(service)
    _show(service, options, s3=health._asdict())
    if not options.json:
        print(health.message)


def _show(service: LocalService, options: argparse.Namespace, **more: Any) -> None:
    if options.json:
        import msgspec

        print(json.dumps({**msgspec.to_builtins(service), **more}, indent=2), flush=True)
        return
    print(f"The local service runs at {service.sagemaker_url} (process {service.pid}).")
    print(f"It keeps everything in {service.data_dir}.")
    print('Point AWS SDKs in this shell to it with: eval "$(smx-lab local env)"', flush=True)
