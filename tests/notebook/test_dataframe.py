"""smx_lab.dataframe in a Python of its own, and how fast tables get there."""

import io
import subprocess
import sys

import boto3
import pandas as pd
import pytest

import smx_lab
from smx_lab.contract.bodies import ExportRequest, OpenTableRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.view import SortKey, View, ViewColumn
from smx_lab.notebook import dataframe as module


@pytest.fixture
def experiment(smx):
    smx("connect local")
    sagemaker = boto3.client("sagemaker")
    if not sagemaker.list_experiments()["ExperimentSummaries"]:
        log(sagemaker)
    yield "mnist"
    module._session().close()
    module._session.cache_clear()


def log(sagemaker):
    """Two trainings in one trial, one of them with a metric."""
    sagemaker.create_experiment(ExperimentName="mnist")
    sagemaker.create_trial(TrialName="t1", ExperimentName="mnist")
    for epochs, optimizer in ((2, '"sgd"'), (10, '"=adam"')):
        name = f"training-{epochs}"
        sagemaker.create_trial_component(
            TrialComponentName=name,
            DisplayName="Training",
            Parameters={
                "epochs": {"NumberValue": epochs},
                "optimizer": {"StringValue": optimizer},
            },
        )
        sagemaker.associate_trial_component(TrialName="t1", TrialComponentName=name)
    boto3.client("sagemaker-metrics").batch_put_metrics(
        TrialComponentName="training-2",
        MetricData=[
            {"MetricName": "loss", "Timestamp": 1_715_932_800 + n, "Step": n, "Value": value}
            for n, value in enumerate([0.5, 0.1 + 0.2, 0.4])
        ],
    )


def test_columns_order_and_rows_are_those_asked_for(experiment):
    frame = smx_lab.dataframe(
        experiment,
        columns=["parameter:epochs", {"column": "metric:loss", "statistic": "Min"}],
        sort=[{"column": "parameter:epochs", "descending": True}],
    )
    assert list(frame.columns) == ["epochs", "loss (Minimum)"]
    assert list(frame.index) == ["training-10", "training-2"]
    assert frame.loc["training-2"].tolist() == [2.0, 0.1 + 0.2]
    assert str(frame["epochs"].dtype) == "int64"
    one = smx_lab.dataframe(experiment, rows=["t1/training-2"], types=["Training job"])
    assert list(one.index) == ["training-2"]
    assert {"Status", "Created on", "optimizer", "loss (Last value)"} <= set(one.columns)


def test_a_mistake_in_the_view_is_named(experiment):
    with pytest.raises(InvalidRequest, match=r"takes no order; a view has .*sort"):
        smx_lab.dataframe(experiment, order=[])
    with pytest.raises(InvalidRequest, match="Invalid enum value 'max'"):
        smx_lab.dataframe(experiment, columns=[{"column": "metric:loss", "statistic": "max"}])
    with pytest.raises(InvalidRequest, match="is no column"):
        smx_lab.dataframe(experiment, columns=["loss"])


def test_an_export_read_by_pandas_is_the_data_frame(experiment):
    session = module._session()
    state = session.services.tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    view = View(
        columns=tuple(
            ViewColumn(column=column)
            for column in ("parameter:epochs", "parameter:optimizer", "metric:loss")
        ),
        sort=(SortKey(column="parameter:epochs"),),
    )
    frame = smx_lab.dataframe(
        experiment,
        columns=["parameter:epochs", "parameter:optimizer", "metric:loss"],
        sort=[{"column": "parameter:epochs"}],
    ).reset_index(drop=True)
    readers = {
        "csv": pd.read_csv,
        "tsv": lambda file: pd.read_csv(file, sep="\t"),
        "json": pd.read_json,
        "parquet": pd.read_parquet,
    }
    for format_, read in readers.items():
        export = session.services.tables.export(
            "local", state.table_id, ExportRequest(view=view, format=format_)
        )
        found = read(io.BytesIO(b"".join(export.pieces)))
        if format_ in ("csv", "tsv"):
            # What looks like a formula is marked, and nothing else is changed.
            assert found["optimizer"].tolist() == ["sgd", "'=adam"]
            found["optimizer"] = found["optimizer"].str.removeprefix("'")
        pd.testing.assert_frame_equal(found.astype({"optimizer": object}), frame)


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, smx_lab\n"
        "heavy = {'pandas', 'boto3', 'botocore', 'numpy', 'msgspec'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
