"""Experiments of a real local service in a real MLflow, on SQLite."""

from datetime import timedelta

import pytest

from smx_lab.core.errors import Conflict, NotFound, ServiceUnavailable
from smx_lab.gateway.mlflow_store import ENVIRONMENT
from tests.support.clients import client_of
from tests.support.copy_lab import NOW, failing, fill

# MLflow calls what newer versions of its own dependencies deprecate.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CALLS = (
    "get_experiment_by_name",
    "create_experiment",
    "search_runs",
    "create_run",
    "log_batch",
    "get_metric_history",
    "set_terminated",
    "set_tag",
)


@pytest.fixture(scope="module")
def store_uri(tmp_path_factory):
    """One database for the module, whose experiments keep apart by name."""
    return f"sqlite:///{tmp_path_factory.mktemp('mlflow') / 'mlflow.db'}"


@pytest.fixture
def mlflow(store_uri, monkeypatch, tmp_path):
    """MLflow's own client, to look with; a directory of its own, since MLflow may write there."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    from mlflow import MlflowClient

    return MlflowClient(store_uri)


@pytest.fixture
def export(services, mlflow, store_uri):
    return lambda name: services.mlflow_exports.export("local", name, store_uri, lambda _: None)


def counts(done):
    return done.new, done.finished, done.unchanged


def runs(mlflow, name):
    experiment = mlflow.get_experiment_by_name(name)
    return list(mlflow.search_runs([experiment.experiment_id]))


def history(mlflow, run, key):
    points = mlflow.get_metric_history(run.info.run_id, key)
    return sorted((point.step, point.value) for point in points)


def facts(mlflow, name):
    """What a user of MLflow sees, but for ids."""
    experiment = mlflow.get_experiment_by_name(name)
    found = []
    for run in runs(mlflow, name):
        info, data = run.info, run.data
        series = {key: history(mlflow, run, key) for key in data.metrics}
        times = info.start_time, info.end_time
        found.append((info.run_name, info.status, times, data.params, data.tags, series))
    return experiment.tags, found


def test_an_experiment_is_there_as_runs_with_everything(export, mlflow, local_service):
    source = fill(local_service, "mnist")
    arn = source.describe_experiment(ExperimentName="mnist")["ExperimentArn"]
    component = source.describe_trial_component(TrialComponentName="mnist-preprocessing")
    done = export("mnist")
    assert counts(done) == (1, 0, 0)
    assert done.notes == [
        "The trial mnist-1: its display name",
        "The trial mnist-2: its display name",
    ]
    tags, [(name, status, times, params, run_tags, series)] = facts(mlflow, "mnist")
    wanted = {"smx-lab.exported-from": arn, "mlflow.note.content": "Digits", "team": "vision"}
    assert {key: tags.get(key) for key in wanted} == wanted
    assert (name, status) == ("Preprocessing", "FINISHED")
    moments = (NOW - timedelta(minutes=5), NOW)
    assert times == tuple(round(moment.timestamp() * 1000) for moment in moments)
    assert params == {"mean": "0.1307", "optimizer": "sgd"}
    assert series == {"loss": [(step, 1 / (step + 1)) for step in range(13)]}
    wanted = {
        "mlflow.runName": "Preprocessing",
        "smx-lab.exported-from": component["TrialComponentArn"],
        "smx-lab.export": "complete",
        "smx-lab.trial-component": "mnist-preprocessing",
        "smx-lab.trials": "mnist-1, mnist-2",
        "smx-lab.type": "Undefined",
        "smx-lab.status": "Completed",
        "smx-lab.status-message": "All done",
        "smx-lab.input.images": "s3://bucket/raw",
        "smx-lab.output.tensors": "s3://bucket/out",
        "team": "vision",
    }
    assert {key: run_tags.get(key) for key in wanted} == wanted


def test_what_is_there_is_left_alone_and_what_is_new_comes(export, mlflow, local_service):
    source = fill(local_service, "twice")
    export("twice")
    run_id = runs(mlflow, "twice")[0].info.run_id
    mlflow.set_tag(run_id, "team", "changed in MLflow")
    before = facts(mlflow, "twice")
    assert counts(export("twice")) == (0, 0, 1)
    assert facts(mlflow, "twice") == before
    source.create_trial_component(TrialComponentName="twice-more")
    source.associate_trial_component(TrialComponentName="twice-more", TrialName="twice-1")
    assert counts(export("twice")) == (1, 0, 1)
    assert len(runs(mlflow, "twice")) == 2


def test_a_component_that_still_runs_is_gone_on_with(export, mlflow, local_service):
    source = fill(local_service, "live")
    metrics = client_of(local_service, "sagemaker-metrics")
    component = {"TrialComponentName": "live-preprocessing"}
    source.update_trial_component(**component, Status={"PrimaryStatus": "InProgress"})
    note = "live-preprocessing: it is still running; export again to go on"
    assert note in export("live").notes
    assert runs(mlflow, "live")[0].info.status == "RUNNING"
    point = {"MetricName": "loss", "Step": 13, "Value": 0.5, "Timestamp": NOW}
    metrics.batch_put_metrics(**component, MetricData=[point])
    source.update_trial_component(**component, Status={"PrimaryStatus": "Stopped"})
    assert counts(export("live")) == (0, 1, 0)
    [run] = runs(mlflow, "live")
    assert (run.info.status, run.data.tags["smx-lab.status"]) == ("KILLED", "Stopped")
    assert history(mlflow, run, "loss") == [
        *((step, 1 / (step + 1)) for step in range(13)),
        (13, 0.5),
    ]
    assert counts(export("live")) == (0, 0, 1)


def test_more_than_one_call_takes_is_all_there(export, mlflow, local_service):
    source = client_of(local_service)
    metrics = client_of(local_service, "sagemaker-metrics")
    source.create_experiment(ExperimentName="large")
    source.create_trial(TrialName="large-1", ExperimentName="large")
    many = {f"p{number}": {"NumberValue": number} for number in range(150)}
    source.create_trial_component(TrialComponentName="large", Parameters=many)
    source.associate_trial_component(TrialComponentName="large", TrialName="large-1")
    for first in range(0, 900, 10):
        data = [
            {"MetricName": "loss", "Step": step, "Value": step, "Timestamp": NOW}
            for step in range(first, first + 10)
        ]
        metrics.batch_put_metrics(TrialComponentName="large", MetricData=data)
    export("large")
    [run] = runs(mlflow, "large")
    assert run.data.params == {f"p{number}": str(number) for number in range(150)}
    assert history(mlflow, run, "loss") == [(step, step) for step in range(900)]


def test_an_experiment_of_somebody_else_is_not_touched(export, mlflow, services, local_service):
    fill(local_service, "taken")
    mlflow.create_experiment("taken", tags={"owner": "ada"})
    with pytest.raises(Conflict, match=r"exists at sqlite:.* already and was not exported from"):
        export("taken")
    assert (runs(mlflow, "taken"), mlflow.get_experiment_by_name("taken").tags["owner"]) == (
        [],
        "ada",
    )


def test_a_deleted_experiment_is_said_to_be_in_the_way(export, mlflow, local_service):
    fill(local_service, "gone")
    export("gone")
    mlflow.delete_experiment(mlflow.get_experiment_by_name("gone").experiment_id)
    with pytest.raises(Conflict, match="mlflow experiments restore -x"):
        export("gone")


def test_an_experiment_that_is_not_there_creates_none(export, mlflow):
    with pytest.raises(NotFound):
        export("nowhere")
    assert mlflow.get_experiment_by_name("nowhere") is None


def faulty(monkeypatch, fails_at, lost):
    """Let one call of MLflow's client fail: before it is done, or after, its answer lost."""
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    made = []

    def fault(name, real):
        def call(self, *arguments, **named):
            made.append(name)
            now = len(made) == fails_at
            if now and not lost:
                raise MlflowException("It is not reached.")
            answer = real(self, *arguments, **named)
            if now:
                raise MlflowException("Its answer was lost.")
            return answer

        return call

    for name in CALLS:
        monkeypatch.setattr(MlflowClient, name, fault(name, getattr(MlflowClient, name)))
    return made


@pytest.mark.parametrize("lost", [False, True], ids=["never sent", "answer lost"])
def test_whichever_call_fails_a_second_try_finishes_without_duplicates(
    export, mlflow, local_service, lost, monkeypatch
):
    name = "fault-lost" if lost else "fault-sent"
    source = fill(local_service, name)
    other = f"{name}-other"
    source.create_trial_component(TrialComponentName=other, Parameters={"a": {"NumberValue": 1}})
    source.associate_trial_component(TrialComponentName=other, TrialName=f"{name}-1")
    at, failed = 0, []
    export(name)
    wanted = facts(mlflow, name)
    while True:
        at += 1
        experiment_id = mlflow.get_experiment_by_name(name).experiment_id
        mlflow.rename_experiment(experiment_id, f"{name}-{at}")
        with monkeypatch.context() as patch:
            made = faulty(patch, at, lost)
            if not fails(export, name):
                break
            failed.append(made[-1])
        done = export(name)
        assert sum(counts(done)) == 2, at
        assert facts(mlflow, name) == wanted, (at, failed)
    assert set(failed) == set(CALLS) - {"get_metric_history"}
    assert len(failed) == 3 + 2 * 4


def test_whichever_read_of_sagemaker_fails_a_second_try_finishes(
    export, mlflow, local_service, services
):
    name = "source-fails"
    fill(local_service, name)
    export(name)
    wanted = facts(mlflow, name)
    gateway = services.gateway.sagemaker("local")
    real = gateway.call
    failed, at = [], 0
    while True:
        at += 1
        experiment_id = mlflow.get_experiment_by_name(name).experiment_id
        mlflow.rename_experiment(experiment_id, f"{name}-{at}")
        made = failing(gateway, at, ServiceUnavailable)
        try:
            export(name)
        except ServiceUnavailable:
            failed.append(made[-1])
        finally:
            gateway.call = real
        export(name)
        assert facts(mlflow, name) == wanted, at
        if len(made) < at:
            break
    assert {"describe_experiment", "list_trials", "search", "batch_get_metrics"} <= set(failed)


def fails(export, name):
    try:
        export(name)
    except ServiceUnavailable as error:
        return error.message.startswith("MLflow at sqlite:")
    return False


def test_points_that_are_there_are_not_logged_again(export, mlflow, local_service, monkeypatch):
    fill(local_service, "half")
    with monkeypatch.context() as patch:
        faulty(patch, 6, lost=False)  # set_terminated, once everything is logged
        assert fails(export, "half")
    [run] = runs(mlflow, "half")
    assert run.data.tags["smx-lab.export"] == "incomplete"
    with monkeypatch.context() as patch:
        made = faulty(patch, 0, lost=False)
        assert counts(export("half")) == (0, 1, 0)
    assert "get_metric_history" in made
    [run] = runs(mlflow, "half")
    assert history(mlflow, run, "loss") == [(step, 1 / (step + 1)) for step in range(13)]
