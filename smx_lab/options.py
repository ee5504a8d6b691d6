"""The administrator's options: of the Jupyter server, and as magics and commands find them.

A server tells its kernels and terminals what it was started with. Where there is none, the
configuration files of Jupyter say it, read without Jupyter.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict, Int, List, TraitError, Unicode
from traitlets.config import Config, Configurable

from smx_lab.core.connection import LocalService
from smx_lab.core.errors import InvalidRequest
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services import container
from smx_lab.services.container import (
    DEFAULT_INSTANCE_TYPES,
    DEFAULT_TABLE_CACHE_MB,
    TABLE_CACHE_VARIABLE,
    Services,
)
from smx_lab.services.switches import Switches

log = logging.getLogger(__name__)

OPTIONS_VARIABLE = "SMX_LAB_OPTIONS"
"""What a Jupyter server was started with, as JSON; it counts before any file."""

SECTION = "SmxLabApp"
FILES = ("jupyter_config", "jupyter_server_config", "jupyter_lab_config", "jupyter_smx_lab_config")
"""The files in which Jupyter looks for the section, the last one counting most."""


class SmxLabOptions(Configurable):
    """What may be set as ``c.SmxLabApp.…``."""

    data_dir = Unicode(
        "",
        help="Where the local service and our own state live. Empty: SMX_LAB_DATA_DIR, or the "
        "user's data directory.",
    ).tag(config=True)

    connections = List(
        Unicode(),
        ["*"],
        help="The connections allowed, by id: 'local', 'aws' (the default credentials), "
        "'aws:PROFILE', the last two also with '@REGION'; '*' stands for any text.",
    ).tag(config=True)

    default_connection = Unicode(
        "local", help="The connection that a new panel looks at, by id."
    ).tag(config=True)

    regions = List(
        Unicode(),
        help="The AWS regions that may be chosen. Empty: the one of the profile, or any.",
    ).tag(config=True)

    tints = Dict(
        help="A colour for a connection, by id, e.g. {'aws:prod': 'red'}, so that it is not "
        "mistaken for another.",
        key_trait=Unicode(),
        value_trait=Unicode(),
    ).tag(config=True)

    labels = Dict(
        help="A name for a connection, by id.", key_trait=Unicode(), value_trait=Unicode()
    ).tag(config=True)

    endpoint_urls = Dict(
        help="Addresses in place of AWS's own, by boto3's service name, e.g. {'sagemaker': "
        "'https://vpce-….amazonaws.com'}.",
        key_trait=Unicode(),
        value_trait=Unicode(),
    ).tag(config=True)

    read_only = Bool(
        False, help="Whether nothing may be changed: no deploying, deleting, stopping or editing."
    ).tag(config=True)
    allow_deploy = Bool(True, help="Whether models may be deployed.").tag(config=True)
    allow_delete = Bool(True, help="Whether anything may be deleted.").tag(config=True)
    allow_stop = Bool(True, help="Whether training jobs may be stopped.").tag(config=True)
    allow_invoke = Bool(True, help="Whether requests may be sent to endpoints.").tag(config=True)

    instance_types = List(
        Unicode(),
        list(DEFAULT_INSTANCE_TYPES),
        help="The instance types that the Deploy model page offers.",
    ).tag(config=True)

    table_cache_mb = Int(
        DEFAULT_TABLE_CACHE_MB,
        min=0,
        help="How many megabytes of tables read from AWS are kept on disk, for their owner alone, "
        "so that a table opens at once the next time. 0: none, and what was kept is removed.",
    ).tag(config=True)


def build_services(
    options: SmxLabOptions, data_dir: Path, ensure_running: Callable[[], LocalService]
) -> Services:
    """Wire the services as the options want them."""
    return container.build_services(
        data_dir,
        ensure_running,
        ConnectionOptions(
            allowed=tuple(options.connections),
            default=options.default_connection,
            regions=tuple(options.regions),
            tints=dict(options.tints),
            labels=dict(options.labels),
            endpoint_urls=dict(options.endpoint_urls),
        ),
        Switches(
            read_only=options.read_only,
            allow_deploy=options.allow_deploy,
            allow_delete=options.allow_delete,
            allow_stop=options.allow_stop,
            allow_invoke=options.allow_invoke,
        ),
        tuple(options.instance_types),
        options.table_cache_mb if options.trait_has_value("table_cache_mb") else None,
    )


def configured_services(data_dir: Path, ensure_running: Callable[[], LocalService]) -> Services:
    """Wire the services for a magic or a command, with the options of the Jupyter server here.

    Raises
    ------
    InvalidRequest
        If an option has a value that it cannot have.
    """
    return build_services(load_options(), data_dir, ensure_running)


def export_to_environment(options: SmxLabOptions) -> None:
    """Have kernels and terminals of this server find the same options."""
    if options.trait_has_value("table_cache_mb"):
        os.environ[TABLE_CACHE_VARIABLE] = str(options.table_cache_mb)
    set_ = {name: getattr(options, name) for name, default in _defaults() if name != "data_dir"}
    os.environ[OPTIONS_VARIABLE] = json.dumps(
        {name: value for name, value in set_.items() if value != dict(_defaults())[name]}
    )


def load_options() -> SmxLabOptions:
    """Return what the server that started this process was given, or what the files say."""
    told = os.environ.get(OPTIONS_VARIABLE)
    try:
        section = Config(json.loads(told)) if told is not None else _section_of_files()
        return SmxLabOptions(config=Config({SmxLabOptions.__name__: section}))
    except (TraitError, TypeError, ValueError) as error:
        raise InvalidRequest(f"An option of c.{SECTION} cannot be used: {error}") from error


def _defaults() -> Iterator[tuple[str, Any]]:
    for name, trait in SmxLabOptions.class_own_traits(config=True).items():
        yield name, trait.default()


def _section_of_files() -> Config:
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config.loader import (
        ConfigFileNotFound,
        JSONFileConfigLoader,
        PyFileConfigLoader,
    )

    found = Config()
    for name in FILES:
        for folder in reversed(jupyter_config_path()):
            for loader in (
                PyFileConfigLoader(f"{name}.py", path=folder),
                JSONFileConfigLoader(f"{name}.json", path=folder),
            ):
                try:
                    found.merge(loader.load_config())
                except ConfigFileNotFound:
                    continue
                except Exception as error:  # noqa: BLE001  a file of configuration is any program
                    # As Jupyter itself does: one bad file does not stop all work.
                    log.warning("%s cannot be read: %s", loader.full_filename, error)
    return found[SECTION] if SECTION in found else Config()
