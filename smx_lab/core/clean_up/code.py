"""Write a Python script that does the same as a clean up, in the same order."""

from __future__ import annotations

from smx_lab.core.clean_up.plan import CodeStyle, Scope
from smx_lab.core.connection import Connection
from smx_lab.core.deployment.code import literal, prelude

_HELPERS = '''
def patiently(call, **members):
    """Call again while SageMaker limits requests; what is gone already counts as done."""
    while True:
        try:
            return call(**members)
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if code == "ResourceNotFound" or message.startswith("Could not find"):
                return None
            if "Throttl" not in code:
                raise
            time.sleep(1)
'''

_LISTED = '''

def listed(operation, member, **members):
    """All pages of a list operation."""
    pages = sagemaker.get_paginator(operation).paginate(**members)
    return [summary for page in pages for summary in page[member]]
'''

_ENDPOINTS = """
# Endpoints, then what only they used.
for name in endpoints:
    patiently(sagemaker.delete_endpoint, EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name{pace})
for name in endpoint_configs:
    patiently(sagemaker.delete_endpoint_config, EndpointConfigName=name)
for name in models:
    patiently(sagemaker.delete_model, ModelName=name)
"""

_BOTO3 = """
for experiment in experiments:
    summaries = listed("list_trials", "TrialSummaries", ExperimentName=experiment)
    trials += [summary["TrialName"] for summary in summaries]

# Remove the trial components from the trials.
removed = []
for trial in trials:
    for summary in listed("list_trial_components", "TrialComponentSummaries", TrialName=trial):
        name = summary["TrialComponentName"]
        patiently(
            sagemaker.disassociate_trial_component, TrialComponentName=name, TrialName=trial
        )
        removed.append(name)
{named}
{delete}
# Delete the trials, then the experiments.
for trial in trials:
    patiently(sagemaker.delete_trial, TrialName=trial)
for experiment in experiments:
    patiently(sagemaker.delete_experiment, ExperimentName=experiment)
"""

_BOTO3_NAMED = """\
for name in trial_components:
    for summary in listed("list_trials", "TrialSummaries", TrialComponentName=name):
        trial = summary["TrialName"]
        patiently(
            sagemaker.disassociate_trial_component, TrialComponentName=name, TrialName=trial
        )
    removed.append(name)
"""

_BOTO3_DELETE = """\
# Delete those that no other trial uses.
for name in dict.fromkeys(removed):
    if users := listed("list_trials", "TrialSummaries", TrialComponentName=name):
        print(f"Kept {name}: {users[0]['TrialName']} uses it.")
    else:
        patiently(sagemaker.delete_trial_component, TrialComponentName=name)
"""

_SDK = """
client = {{"sagemaker_boto_client": sagemaker}}
for name in experiments:
    experiment = Experiment.load(experiment_name=name, **client)
    trials += [summary.trial_name for summary in experiment.list_trials()]

# Remove the trial components from the trials.
removed = []
for trial_name in trials:
    trial = Trial.load(trial_name=trial_name, **client)
    for summary in list(trial.list_trial_components()):
        patiently(trial.remove_trial_component, tc=summary.trial_component_name)
        removed.append(summary.trial_component_name)
{named}
{delete}
# Delete the trials, then the experiments.
for trial_name in trials:
    patiently(Trial.load(trial_name=trial_name, **client).delete)
for name in experiments:
    patiently(Experiment.load(experiment_name=name, **client).delete)
"""

_SDK_NAMED = """\
for name in trial_components:
    for summary in list(Trial.list(trial_component_name=name, **client)):
        trial = Trial.load(trial_name=summary.trial_name, **client)
        patiently(trial.remove_trial_component, tc=name)
    removed.append(name)
"""

_SDK_DELETE = """\
# Delete those that no other trial uses.
for name in dict.fromkeys(removed):
    if users := list(Trial.list(trial_component_name=name, **client)):
        print(f"Kept {name}: {users[0].trial_name} uses it.")
    else:
        patiently(TrialComponent.load(trial_component_name=name, **client).delete)
"""

_SDK_IMPORTS = """\
from smexperiments.experiment import Experiment
from smexperiments.trial import Trial
from smexperiments.trial_component import TrialComponent
"""


def clean_up_code(
    connection: Connection,
    style: CodeStyle,
    scope: Scope,
    *,
    experiments: list[str],
    trials: list[str],
    trial_components: list[str],
    keep_trial_components: bool,
) -> str:
    """Return a script that deletes the things named with all they hold; it can be run again.

    Parameters
    ----------
    experiments, trials, trial_components : list of str
        The names that were chosen. Trials of these experiments need not be among ``trials``.
    scope : Scope
        The script names its endpoints, endpoint configurations and models.
    """
    is_sdk = style == "sdk"
    imports = "import boto3\nfrom botocore.exceptions import ClientError\n"
    imports += _SDK_IMPORTS if is_sdk else ""
    lines = ["import time\n\n", prelude(connection).replace("import boto3\n", imports, 1), "\n"]
    lines.append(f"experiments = {literal(experiments)}\ntrials = {literal(trials)}\n")
    named = bool(trial_components) and not keep_trial_components
    if named:
        lines.append(f"trial_components = {literal(trial_components)}\n")
    if scope.endpoints:
        for name in ("endpoints", "endpoint_configs", "models"):
            lines.append(f"{name} = {literal(list(getattr(scope, name)))}\n")
    lines += ["\n", _HELPERS, *([] if is_sdk else [_LISTED]), "\n"]
    if scope.endpoints:
        is_local = connection.kind == "local"
        pace = ', WaiterConfig={"Delay": 1, "MaxAttempts": 600}' if is_local else ""
        lines.append(_ENDPOINTS.format(pace=pace))
    body, of_named, delete = (
        (_SDK, _SDK_NAMED, _SDK_DELETE) if is_sdk else (_BOTO3, _BOTO3_NAMED, _BOTO3_DELETE)
    )
    lines.append(
        body.format(
            named=of_named if named else "",
            delete="# The trial components are kept.\n" if keep_trial_components else delete,
        )
    )
    return "".join(lines)
