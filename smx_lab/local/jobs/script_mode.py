"""SageMaker's contract with a training script: folders, files, environment and command line.

Everything that the training toolkit creates below ``/opt/ml`` is created below a folder of the
job's own, as with ``SAGEMAKER_BASE_DIR`` for the toolkit itself. Source:
sagemaker-training-toolkit, ``environment.py``, ``mapping.py`` and ``entry_point.py``.

Standard library only: the process beside the service imports it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smx_lab.local.supervision.child_environment import region_variables
from smx_lab.local.supervision.process_files import ProcessFolder, ProcessSpec

HOST = "algo-1"
GROUP = "homogeneousCluster"
NETWORK_INTERFACE = "lo"
# Hyperparameters that the toolkit does not pass on to the script.
_TAKEN_OUT = re.compile(r"sagemaker_|_tuning_objective_metric$")


@dataclass(frozen=True)
class Channel:
    """One input channel: a file or folder on this machine that the script finds by its name."""

    name: str
    path: str
    config: dict[str, str]
    """Its entry in ``inputdataconfig.json``."""


@dataclass(frozen=True)
class JobSpec(ProcessSpec):
    """All that the process beside the service needs to know to run one training job."""

    job_name: str
    job_arn: str
    region: str
    folder: str
    """The job's own folder: ``ml`` below it stands for ``/opt/ml``, beside ``log``."""
    python: str
    program: str
    code: str
    """A folder or a ``.tar.gz``."""
    hyperparameters: dict[str, str]
    channels: list[Channel]
    instance_type: str
    instance_count: int
    metric_definitions: list[tuple[str, str]]
    model_archive: str
    output_archive: str
    checkpoints: str | None
    """Where CheckpointConfig keeps them; None for the job's own folder."""
    max_runtime_s: int
    stop_grace_s: float
    environment: dict[str, str]
    """What the script inherits: the service's own environment without keys, and the job's."""
    gets_keys: bool
    """Whether the script is given credentials of its own, which are in no file."""

    @classmethod
    def convert(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with channels and metric definitions as their own types."""
        return {
            **members,
            "channels": [Channel(**item) for item in members["channels"]],
            "metric_definitions": [tuple(item) for item in members["metric_definitions"]],
        }


class JobFolder(ProcessFolder):
    """Where the files of one training or processing job are."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.code = self.base / "code"
        self.config = self.base / "input" / "config"
        self.data = self.base / "input" / "data"
        self.model = self.base / "model"
        self.output = self.base / "output"
        self.output_data = self.output / "data"
        self.intermediate = self.output / "intermediate"
        self.metrics = self.output / "metrics" / "sagemaker"
        self.failure = self.output / "failure"
        self.checkpoints = self.base / "checkpoints"
        self.packages = folder / "packages"

    def make_folders(self, checkpoints: Path | None) -> None:
        """Create every folder that a script may rely on."""
        for path in (
            *(self.code, self.config, self.data, self.model, self.output_data, self.intermediate),
            self.metrics,
        ):
            path.mkdir(parents=True, exist_ok=True)
        if checkpoints is None:
            self.checkpoints.mkdir(exist_ok=True)
        else:
            # A link where SageMaker copies all the time: what is saved is there at once.
            checkpoints.mkdir(parents=True, exist_ok=True)
            self.checkpoints.symlink_to(checkpoints)


def decode(value: str) -> Any:
    """Decode one hyperparameter as the toolkit does: JSON where it is, else the text itself."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def user_hyperparameters(hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Return what the script sees, decoded: all but ``sagemaker_*`` and the tuner's own."""
    return {
        key: decode(value) for key, value in hyperparameters.items() if not _TAKEN_OUT.match(key)
    }


def user_arguments(hyperparameters: Mapping[str, str]) -> list[str]:
    """Return ``--key value`` pairs sorted by key; a key of one letter gets one dash."""
    arguments = []
    for key, value in sorted(user_hyperparameters(hyperparameters).items()):
        arguments += [f"--{key}" if len(key) > 1 else f"-{key}", _argument(value)]
    return arguments


def command(spec: JobSpec) -> list[str]:
    """Return the command that runs the script, in the code folder."""
    code = JobFolder(Path(spec.folder)).code
    arguments = user_arguments(spec.hyperparameters)
    if spec.program.endswith(".sh"):
        return ["/bin/sh", spec.program, *arguments]
    if (code / "setup.py").is_file():
        # The toolkit installs the package first; here it runs from its folder, so that the
        # environment of the person's own Python stays as it is.
        return [spec.python, "-m", _module_name(spec.program), *arguments]
    return [spec.python, spec.program, *arguments]


def write_config(spec: JobSpec) -> None:
    """Write the three files below ``input/config``."""
    config = JobFolder(Path(spec.folder)).config
    for name, content in (
        ("hyperparameters", spec.hyperparameters),
        ("inputdataconfig", _input_data_config(spec)),
        ("resourceconfig", _resource_config(spec)),
    ):
        (config / f"{name}.json").write_text(_json(content), encoding="utf-8")


def environment(spec: JobSpec) -> dict[str, str]:
    """Return the whole environment of the script."""
    layout = JobFolder(Path(spec.folder))
    variables = dict(spec.environment)
    path = [str(layout.code), str(layout.packages), variables.get("PYTHONPATH", "")]
    variables.update(
        TRAINING_JOB_NAME=spec.job_name,
        TRAINING_JOB_ARN=spec.job_arn,
        **region_variables(spec.region),
        SAGEMAKER_BASE_DIR=str(layout.base),
        SAGEMAKER_METRICS_DIRECTORY=str(layout.metrics),
        PYTHONPATH=os.pathsep.join(part for part in path if part),
        # Lines must reach the metric definitions as they are printed, as in SageMaker's images.
        PYTHONUNBUFFERED="1",
    )
    variables.update(_toolkit_variables(spec, layout))
    return variables


def _toolkit_variables(spec: JobSpec, layout: JobFolder) -> dict[str, str]:
    own = user_hyperparameters(spec.hyperparameters)
    framework = {
        key: decode(value) for key, value in spec.hyperparameters.items() if key not in own
    }
    values: dict[str, Any] = {
        "hosts": [HOST],
        "current_host": HOST,
        "current_instance_type": spec.instance_type,
        "current_instance_group": GROUP,
        "current_instance_group_hosts": [HOST],
        "instance_groups": [GROUP],
        "instance_groups_dict": {GROUP: _instance_group(spec)},
        "distribution_instance_groups": [],
        "is_hetero": False,
        "network_interface_name": NETWORK_INTERFACE,
        "hps": own,
        "user_entry_point": spec.program,
        "framework_params": framework,
        "resource_config": _resource_config(spec),
        "input_data_config": _input_data_config(spec),
        "output_data_dir": str(layout.output_data),
        "channels": sorted(channel.name for channel in spec.channels),
        "module_name": _module_name(spec.program),
        "module_dir": str(framework.get("sagemaker_submit_directory", spec.code)),
        "framework_module": "smx_lab.local.jobs.training_process:main",
        "input_dir": str(layout.base / "input"),
        "input_config_dir": str(layout.config),
        "output_dir": str(layout.output),
        "output_intermediate_dir": str(layout.intermediate),
        "model_dir": str(layout.model),
        "num_cpus": os.cpu_count() or 1,
        "num_gpus": _gpu_count(),
        "num_neurons": 0,
        "log_level": framework.get("sagemaker_container_log_level", 20),
        "user_args": user_arguments(spec.hyperparameters),
    }
    values["training_env"] = _training_env(spec, layout, values)
    variables = {f"SM_{name.upper()}": _text(value) for name, value in values.items()}
    for channel in spec.channels:
        variables[f"SM_CHANNEL_{channel.name.upper()}"] = str(layout.data / channel.name)
    for key, value in own.items():
        variables[f"SM_HP_{key.upper()}"] = _text(value)
    return variables


def _training_env(spec: JobSpec, layout: JobFolder, values: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"hps": "hyperparameters", "framework_params": "additional_framework_parameters"}
    left_out = ("channels", "user_args", "framework_params")
    result = {
        renamed.get(name, name): value for name, value in values.items() if name not in left_out
    }
    result.update(
        additional_framework_parameters=values["framework_params"],
        channel_input_dirs={item.name: str(layout.data / item.name) for item in spec.channels},
        is_master=True,
        job_name=spec.job_name,
        master_hostname=HOST,
    )
    return result


def _input_data_config(spec: JobSpec) -> dict[str, Any]:
    return {channel.name: channel.config for channel in spec.channels}


def _instance_group(spec: JobSpec) -> dict[str, Any]:
    return {
        "instance_group_name": GROUP,
        "instance_type": spec.instance_type,
        "hosts": [HOST],
    }


def _resource_config(spec: JobSpec) -> dict[str, Any]:
    return {
        "current_host": HOST,
        "current_instance_type": spec.instance_type,
        "current_group_name": GROUP,
        "hosts": [HOST],
        "instance_groups": [_instance_group(spec)],
        "network_interface_name": NETWORK_INTERFACE,
    }


def _module_name(program: str) -> str:
    return program.removesuffix(".py").replace("/", ".")


def _gpu_count() -> int:
    cards = Path("/proc/driver/nvidia/gpus")
    return len(list(cards.iterdir())) if cards.is_dir() else 0


def _argument(value: Any) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return str(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
