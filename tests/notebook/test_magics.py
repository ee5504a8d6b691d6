"""Every line a user may type, in a real shell on a real local service."""

import os
import subprocess
import sys

import boto3
import pandas as pd
import pytest

from smx_lab.notebook.commands import COMMANDS
from smx_lab.notebook.errors import MagicError


@pytest.fixture
def experiment(smx):
    """The tutorial's shape: two trials that share a preprocessing step."""
    smx("connect local")
    sagemaker = boto3.client("sagemaker")
    if "mnist" in [
        e["ExperimentName"] for e in sagemaker.list_experiments()["ExperimentSummaries"]
    ]:
        return "mnist"
    sagemaker.create_experiment(ExperimentName="mnist", Description="Digits")
    sagemaker.create_trial_component(
        TrialComponentName="preprocessing", DisplayName="Preprocessing"
    )
    metrics = boto3.client("sagemaker-metrics")
    for channels, accuracies in ((2, (0.91, 0.97)), (10, (0.93, 0.95, 0.94))):
        trial, name = f"trial-{channels}", f"training-{channels}"
        sagemaker.create_trial(TrialName=trial, ExperimentName="mnist")
        sagemaker.create_trial_component(
            TrialComponentName=name,
            DisplayName="Training",
            Parameters={
                "hidden_channels": {"NumberValue": channels},
                "optimizer": {"StringValue": '"sgd"'},
            },
        )
        for component in ("preprocessing", name):
            sagemaker.associate_trial_component(TrialName=trial, TrialComponentName=component)
        metrics.batch_put_metrics(
            TrialComponentName=name,
            MetricData=[
                {
                    "MetricName": "test:accuracy",
                    "Timestamp": 1_715_932_800 + step,
                    "Step": step,
                    "Value": value,
                }
                for step, value in enumerate(accuracies)
            ],
        )
    return "mnist"


def test_connecting_to_the_local_service_points_boto3_there_and_back(smx, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "research")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    status = smx("connect local")
    assert (status.ok, status.connection_id) == (True, "local")
    assert "Connected to Local" in repr(status)
    assert os.environ["AWS_ENDPOINT_URL_SAGEMAKER"].startswith("http://127.0.0.1:")
    assert "AWS_PROFILE" not in os.environ
    boto3.client("sagemaker").list_experiments()
    smx("connect local")
    boto3.client("sts").get_caller_identity()
    smx("connect aws")
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"
    assert os.environ["AWS_PROFILE"] == "research"
    assert "AWS_ENDPOINT_URL_SAGEMAKER" not in os.environ


def test_an_account_without_credentials_is_told_in_the_status(smx):
    status = smx("connect aws --region eu-west-1")
    assert not status.ok
    assert "Not connected to AWS" in repr(status)
    assert "No AWS credentials" in repr(status)
    assert os.environ["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_a_profile_that_there_is_not_is_answered_with_the_nearest(smx, monkeypatch, tmp_path):
    (tmp_path / "config").write_text("[profile research]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(MagicError, match=r"no AWS profile reserch\. Did you mean research\?"):
        smx("connect aws --profile reserch")


def test_experiments_trials_and_components_are_data_frames(smx, experiment):
    experiments = smx("experiments")
    assert isinstance(experiments, pd.DataFrame)
    assert dict(experiments.loc[0, ["Name", "Description"]]) == {
        "Name": "mnist",
        "Description": "Digits",
    }
    assert str(experiments["Created on"].dtype).endswith("UTC]")
    assert set(smx("trials mnist")["Name"]) == {"trial-2", "trial-10"}
    components = smx("components mnist")
    assert sorted(components.index) == [
        "preprocessing",
        "preprocessing",
        "training-10",
        "training-2",
    ]
    assert list(components.columns)[:5] == [
        "Status",
        "Experiment",
        "Type",
        "Trial",
        "Trial component",
    ]


def test_a_table_shows_the_statistic_asked_for_best_first_and_blanks_last(smx, experiment):
    table = smx("table mnist --metric test:accuracy=Maximum --sort test:accuracy")
    assert list(table.index) == ["training-2", "training-10", "preprocessing", "preprocessing"]
    assert list(table["test:accuracy"])[:2] == [0.97, 0.95]
    assert table["test:accuracy"].isna().tolist() == [False, False, True, True]
    assert table.attrs["statistics"] == {"test:accuracy": "Max"}
    assert list(table["optimizer"])[:2] == ["sgd", "sgd"]
    last = smx("table mnist --sort test:accuracy")
    assert list(last["test:accuracy"])[:2] == [0.97, 0.94]
    rising = smx("table mnist --sort hidden_channels --ascending")
    assert list(rising["hidden_channels"])[:2] == [2, 10]


def test_a_table_shows_all_metrics_at_the_best_step_of_one(smx):
    smx("connect local")
    sagemaker, metrics = boto3.client("sagemaker"), boto3.client("sagemaker-metrics")
    sagemaker.create_experiment(ExperimentName="epochs")
    sagemaker.create_trial(TrialName="epochs-1", ExperimentName="epochs")
    series = {"test:loss": (3.5, 2.0, 3.0), "test:accuracy": (90, 93, 95), "lr": (1, 2, 4)}
    for name, shift in (("first", 0), ("second", 0.25)):
        sagemaker.create_trial_component(TrialComponentName=name)
        sagemaker.associate_trial_component(TrialName="epochs-1", TrialComponentName=name)
        points = [
            {"MetricName": metric, "Timestamp": 1_715_932_800, "Step": step, "Value": value + shift}
            for metric, values in series.items()
            for step, value in enumerate(values)
        ]
        metrics.batch_put_metrics(TrialComponentName=name, MetricData=points)
    table = smx(
        "table epochs --at-best test:loss=Minimum --metric lr=Maximum "
        "--sort test:accuracy --ascending"
    )
    shown = table[["test:loss", "test:accuracy", "lr"]]
    assert shown.to_numpy().tolist() == [[2, 93, 4], [2.25, 93.25, 4.25]]
    assert table.attrs == {"statistics": {"lr": "Max"}, "at_best": {"test:loss": "Min"}}
    table = smx("table epochs --at-best test:accuracy --sort test:accuracy")
    assert table["test:loss"].tolist() == [3.25, 3]


def test_the_best_component_is_a_value_that_other_lines_take(shell, smx, experiment):
    best = smx("best mnist --metric test:accuracy=Maximum")
    assert (best.trial_component_name, best.trial_name, best.value) == (
        "training-2",
        "trial-2",
        0.97,
    )
    assert best.parameters == {"hidden_channels": 2.0, "optimizer": "sgd"}
    assert f"{best}" == "training-2"
    assert smx("best mnist --metric test:accuracy=Minimum").value == 0.91
    assert smx("best mnist --metric test:accuracy --lowest").trial_name == "trial-10"


def test_an_assignment_keeps_the_table(shell, experiment):
    shell.run_cell("t = %smx table mnist", silent=True)
    assert shell.user_ns["t"].shape[0] == 4


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("tabel mnist", "There is no %smx tabel. Did you mean table? See %smx? for all of them."),
        ("table mnits", "There is no experiment mnits. Did you mean mnist?"),
        ("trials nothing-like-it", "There is no experiment nothing-like-it."),
        (
            "table mnist --sort test:acuracy",
            "There is no column test:acuracy in this table. Did you mean test:accuracy?",
        ),
        (
            "best mnist --metric acuracy=Maximum",
            "There is no metric acuracy in this table. Did you mean test:accuracy?",
        ),
        (
            "table mnist --metrik loss",
            "%smx table: there is no option --metrik. Did you mean --metric? "
            "See %smx table --help.",
        ),
        ("best mnist", "%smx best: arguments are required: --metric. See %smx best --help."),
        (
            "table mnist --at-best test:accuracy=Average",
            "--at-best takes Maximum or Minimum, not Average.",
        ),
        (
            "table mnist --at-best acuracy",
            "There is no metric acuracy in this table. Did you mean test:accuracy?",
        ),
        ("invoke digits [1]", "There is no endpoint digits."),
        ("invoke digits", "%smx invoke needs a body after the endpoint's name, or in the cell."),
        ("delete-endpoint digits --yes", "There is no endpoint digits."),
        ("connect local --region x", "The local service has no profile and no region to choose."),
        (
            "deploy preprocessing --endpoint-name digits",
            "Preprocessing does not come from a training job, so it has no model.",
        ),
    ],
)
def test_a_mistake_is_answered_in_one_sentence(smx, experiment, line, sentence):
    with pytest.raises(MagicError) as mistake:
        smx(line)
    assert str(mistake.value) == sentence


def test_a_mistake_in_a_cell_shows_no_traceback(shell, capsys):
    result = shell.run_cell("%smx tabel mnist")
    assert isinstance(result.error_in_exec, MagicError)
    shown = capsys.readouterr()
    assert "There is no %smx tabel. Did you mean table?" in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


def test_the_overview_and_every_help_show_examples(shell, smx, capsys):
    smx("")
    overview = capsys.readouterr().out
    shell.run_cell("%smx?", silent=False)
    assert "%smx connect local" in shell.inspector.info(smx_magic(shell))["docstring"]
    for command in COMMANDS.values():
        assert smx(f"{command.name} --help") is None
        shown = capsys.readouterr().out
        for example in command.examples:
            assert example in overview
            assert example in shown


def smx_magic(shell):
    return shell.find_line_magic("smx")


def test_a_result_escapes_what_it_shows(smx, experiment):
    hostile = "<img src=x onerror=alert(1)>"
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_experiment(ExperimentName="hostile")
    sagemaker.create_trial(TrialName="hostile-trial", ExperimentName="hostile")
    sagemaker.create_trial_component(
        TrialComponentName="hostile", Parameters={"note": {"StringValue": hostile}}
    )
    sagemaker.associate_trial_component(TrialName="hostile-trial", TrialComponentName="hostile")
    boto3.client("sagemaker-metrics").batch_put_metrics(
        TrialComponentName="hostile",
        MetricData=[{"MetricName": "loss", "Timestamp": 1_715_932_800, "Step": 0, "Value": 0.5}],
    )
    best = smx("best hostile --metric loss=Minimum")
    assert hostile in repr(best)
    assert "<img" not in best._repr_html_()
    assert "&lt;img" in best._repr_html_()


def test_loading_the_magics_imports_neither_pandas_nor_boto3():
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell()\n"
        "shell.run_line_magic('load_ext', 'smx_lab')\n"
        "heavy = {'pandas', 'boto3', 'botocore', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
