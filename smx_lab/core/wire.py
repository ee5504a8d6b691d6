"""SageMaker's replies, as boto3 gives them, to entities: one explicit map for each shape.

Names end in ``PascalCase`` here. Members that SageMaker leaves out become None or empty; a
parameter keeps its exact text, JSON quotes included: tables take them off for display.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from smx_lab.core.entities import (
    Artifact,
    ComponentType,
    EndpointSummary,
    Experiment,
    MetricSummary,
    PrimaryStatus,
    ProductionVariant,
    TrainingJob,
    Trial,
    TrialComponent,
    TrialComponentSummary,
    TrialParent,
)
from smx_lab.core.statistics import STATISTICS

Record = Mapping[str, Any]

TYPE_BY_SOURCE: dict[str, ComponentType] = {
    "SageMakerTrainingJob": "Training job",
    "SageMakerTransformJob": "Transform job",
    "SageMakerProcessingJob": "Processing job",
}

PRIMARY_STATUSES: dict[str, PrimaryStatus] = {
    "InProgress": "InProgress",
    "Completed": "Completed",
    "Failed": "Failed",
    "Stopping": "Stopping",
    "Stopped": "Stopped",
}


def experiment(record: Record) -> Experiment:
    """Map DescribeExperiment, a summary of ListExperiments, or ``Experiment`` of Search."""
    return Experiment(
        experiment_name=record["ExperimentName"],
        experiment_arn=record.get("ExperimentArn", ""),
        display_name=record.get("DisplayName") or record["ExperimentName"],
        description=record.get("Description"),
        creation_time=instant(record["CreationTime"]),
        last_modified_time=instant(record.get("LastModifiedTime", record["CreationTime"])),
    )


def trial(record: Record, experiment_name: str | None = None) -> Trial:
    """Map DescribeTrial, a summary of ListTrials, or ``Trial`` of Search.

    A summary does not name its experiment; ``experiment_name`` then does.
    """
    return Trial(
        trial_name=record["TrialName"],
        trial_arn=record.get("TrialArn", ""),
        display_name=record.get("DisplayName") or record["TrialName"],
        experiment_name=record.get("ExperimentName", experiment_name),
        creation_time=instant(record["CreationTime"]),
        last_modified_time=instant(record.get("LastModifiedTime", record["CreationTime"])),
    )


def trial_component_summary(record: Record) -> TrialComponentSummary:
    """Map a summary of ListTrialComponents, or ``TrialComponent`` of Search without its maps."""
    return TrialComponentSummary(**_summary_members(record))


def trial_component(record: Record) -> TrialComponent:
    """Map DescribeTrialComponent, or ``TrialComponent`` of Search in full."""
    return TrialComponent(
        **_summary_members(record),
        parameters=parameters(record.get("Parameters", {})),
        input_artifacts=_artifacts(record.get("InputArtifacts", {})),
        output_artifacts=_artifacts(record.get("OutputArtifacts", {})),
        metrics=tuple(metric_summary(metric) for metric in record.get("Metrics", ())),
        parents=tuple(
            TrialParent(trial_name=parent["TrialName"], experiment_name=parent["ExperimentName"])
            for parent in record.get("Parents", ())
        ),
        tags=tags(record.get("Tags", ())),
    )


def parameters(members: Mapping[str, Record]) -> dict[str, str | float]:
    """Map the parameters of a trial component.

    AWS fills both values for a numeric hyperparameter; the number is then meant, as every SDK
    reads it.
    """
    return {
        name: value["NumberValue"] if "NumberValue" in value else value.get("StringValue", "")
        for name, value in members.items()
    }


def metric_summary(record: Record) -> MetricSummary:
    """Map one metric of a trial component. ``TimeStamp`` has a capital S on the wire."""
    statistics: dict[str, Any] = {
        names.member: _number(record.get(statistic)) for statistic, names in STATISTICS.items()
    }
    statistics["count"] = record.get("Count")  # the one whole number
    return MetricSummary(
        metric_name=record["MetricName"],
        **statistics,
        time_stamp=_instant_or_none(record.get("TimeStamp")),
        source_arn=record.get("SourceArn"),
    )


def tags(members: Iterable[Record]) -> dict[str, str]:
    """Map a list of tags."""
    return {tag["Key"]: tag["Value"] for tag in members}


def tag_list(members: Mapping[str, str]) -> list[dict[str, str]]:
    """Map tags to what SageMaker takes."""
    return [{"Key": key, "Value": value} for key, value in members.items()]


def training_job(record: Record) -> TrainingJob:
    """Map DescribeTrainingJob, or ``TrainingJob`` of Search."""
    vpc, output = record.get("VpcConfig"), record.get("OutputDataConfig", {})
    return TrainingJob(
        training_job_name=record["TrainingJobName"],
        training_job_arn=record.get("TrainingJobArn", ""),
        training_job_status=record["TrainingJobStatus"],
        training_image=record.get("AlgorithmSpecification", {}).get("TrainingImage"),
        model_data=record.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        model_data_is_compressed=output.get("CompressionType") != "NONE",
        role_arn=record.get("RoleArn"),
        hyper_parameters=dict(record.get("HyperParameters", {})),
        environment=dict(record.get("Environment", {})),
        enable_network_isolation=bool(record.get("EnableNetworkIsolation", False)),
        vpc_config={name: list(ids) for name, ids in vpc.items()} if vpc else None,
        failure_reason=record.get("FailureReason"),
    )


def endpoint_summary(record: Record) -> EndpointSummary:
    """Map DescribeEndpoint or a summary of ListEndpoints."""
    return EndpointSummary(**endpoint_members(record))


def endpoint_members(record: Record) -> dict[str, Any]:
    """Return the members that an endpoint shares with its summary."""
    return {
        "endpoint_name": record["EndpointName"],
        "endpoint_arn": record.get("EndpointArn", ""),
        "endpoint_status": record["EndpointStatus"],
        "creation_time": instant(record["CreationTime"]),
        "last_modified_time": instant(record.get("LastModifiedTime", record["CreationTime"])),
    }


def production_variant(
    configured: Record, running: Record | None = None, container: Record | None = None
) -> ProductionVariant:
    """Map one variant: of the endpoint configuration, of DescribeEndpoint, and its model.

    ``running`` is absent while an endpoint is being created; ``container`` where the model is
    gone or may not be read.
    """
    running, container = running or {}, container or {}
    deployed = running.get("DeployedImages") or [{}]
    return ProductionVariant(
        variant_name=configured["VariantName"],
        model_name=configured.get("ModelName"),
        instance_type=configured.get("InstanceType"),
        instance_count=running.get("CurrentInstanceCount", configured.get("InitialInstanceCount")),
        weight=running.get("CurrentWeight", configured.get("InitialVariantWeight")),
        image=deployed[0].get("SpecifiedImage", container.get("Image")),
        model_data=model_data(container),
    )


def model_data(container: Record) -> str | None:
    """Return where a container's model artifact is: one of the two forms CreateModel takes."""
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    uri: str | None = container.get("ModelDataUrl", source.get("S3Uri"))
    return uri


def containers(model: Record) -> list[Record]:
    """Return the containers of DescribeModel: the primary one, or those of a pipeline."""
    primary = model.get("PrimaryContainer")
    return [primary] if primary else list(model.get("Containers", ()))


def _summary_members(record: Record) -> dict[str, Any]:
    # ListTrialComponents says TrialComponentSource where all others say Source.
    source = record.get("Source") or record.get("TrialComponentSource") or {}
    status = record.get("Status") or {}
    return {
        "trial_component_name": record["TrialComponentName"],
        "trial_component_arn": record.get("TrialComponentArn", ""),
        "display_name": record.get("DisplayName") or record["TrialComponentName"],
        "type": TYPE_BY_SOURCE.get(source.get("SourceType", ""), "Undefined"),
        "source_arn": source.get("SourceArn"),
        "status": PRIMARY_STATUSES.get(status.get("PrimaryStatus", "")),
        "status_message": status.get("Message"),
        "creation_time": instant(record["CreationTime"]),
        "last_modified_time": instant(record.get("LastModifiedTime", record["CreationTime"])),
        "start_time": _instant_or_none(record.get("StartTime")),
        "end_time": _instant_or_none(record.get("EndTime")),
        "created_by": _user(record.get("CreatedBy") or {}),
    }


def _artifacts(members: Mapping[str, Record]) -> dict[str, Artifact]:
    return {
        name: Artifact(value=artifact.get("Value", ""), media_type=artifact.get("MediaType"))
        for name, artifact in members.items()
    }


def _user(context: Record) -> str | None:
    """Return the Studio user's name, or the end of the IAM identity's ARN; ``{}`` is nobody."""
    identity: str = (context.get("IamIdentity") or {}).get("Arn", "")
    return context.get("UserProfileName") or identity.rpartition("/")[2] or None


def _number(value: Any) -> float | None:
    """Return a finite float. botocore leaves ``"NaN"`` and ``"Infinity"`` as text."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def instant(value: datetime | float | str) -> datetime:
    """Return an aware time in UTC, of what a parser left: a datetime, epoch seconds or ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if not isinstance(value, datetime):
        return datetime.fromtimestamp(value, timezone.utc)
    if value.tzinfo is None:
        return value.replace(tzinfo=timezone.utc)
    return value.astimezone(timezone.utc)


def _instant_or_none(value: datetime | float | str | None) -> datetime | None:
    return None if value is None else instant(value)
