"""The administrator's options, and the services wired as they say.

A Jupyter server passes its options to its kernels and terminals in the environment. Magics and
commands outside such a server read Jupyter's configuration files, without importing Jupyter.
"""

from __future__ import annotations

import json
import logging
import os
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
"""The options of the Jupyter server that started this process, as JSON. They override all files."""

DATA_DIR_VARIABLE = "SMX_LAB_DATA_DIR"

SECTION = "SmxLabApp"
FILES = ("jupyter_config", "jupyter_server_config", "jupyter_lab_config", "jupyter_smx_lab_config")
"""The files in which Jupyter looks for the section; later ones override earlier ones."""


class SmxLabOptions(Configurable):
    """What can be set as ``c.SmxLabApp.…``."""

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


def build_services(options: SmxLabOptions) -> Services:
    """Wire the services of this process; nothing is started, read or connected to yet."""
    from smx_lab.local.home.data_dir import data_dir

    directory = data_dir()

    def start_local_service() -> LocalService:
        # Imported at the first call: it imports botocore, which would slow start-up down.
        from smx_lab.local.home.launch import ensure_running

        return ensure_running(directory)

    return container.build_services(
        directory,
        start_local_service,
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


def export_to_environment(options: SmxLabOptions) -> None:
    """Set the variables by which kernels and terminals of this server find the same options."""
    if options.data_dir:
        os.environ[DATA_DIR_VARIABLE] = str(Path(options.data_dir).expanduser().absolute())
    if options.trait_has_value("table_cache_mb"):
        os.environ[TABLE_CACHE_VARIABLE] = str(options.table_cache_mb)
    defaults = _defaults()
    values = {name: getattr(options, name) for name in defaults if name != "data_dir"}
    os.environ[OPTIONS_VARIABLE] = json.dumps(
        {name: value for name, value in values.items() if value != defaults[name]}
    )


def load_options() -> SmxLabOptions:
    """Return the options of the server that started this process, else those of Jupyter's files.

    Raises
    ------
    InvalidRequest
        If an option has a value that it cannot have.
    """
    exported = os.environ.get(OPTIONS_VARIABLE)
    try:
        section = Config(json.loads(exported)) if exported is not None else _section_of_files()
        return SmxLabOptions(config=Config({SmxLabOptions.__name__: section}))
    except (TraitError, TypeError, ValueError) as error:
        raise InvalidRequest(f"An option of c.{SECTION} cannot be used: {error}") from error


def _defaults() -> dict[str, Any]:
    traits = SmxLabOptions.class_own_traits(config=True)
    return {name: trait.default() for name, trait in traits.items()}


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
                except Exception as error:  # noqa: BLE001  a configuration file can be any program
                    # As in Jupyter itself, one bad file does not stop all work.
                    log.warning("%s cannot be read: %s", loader.full_filename, error)
    return found[SECTION] if SECTION in found else Config()
