import pytest

from smx_lab.core.entities import Artifact
from smx_lab.core.table import SUMMARY, Origin, Queries, Table
from smx_lab.core.views.view import View, ViewColumn
from tests.support.table_cells import all_cells
from tests.support.table_components import accuracy, component, parents, training

MNIST = Origin(experiments=("mnist",))


def rows(table, *column_ids):
    view = View(columns=tuple(ViewColumn(column=column_id) for column_id in column_ids))
    return Queries(table).window(view, 0, 1000).rows


def cells(table, column_id):
    return [row.cells[0] for row in rows(table, column_id)]


def columns(table):
    return {column.id: column.type for column in table.columns()[len(SUMMARY) :]}


def test_a_component_shared_by_five_trials_is_in_five_rows():
    table = Table(MNIST)
    trials = [f"trial-{n}" for n in (2, 5, 10, 20, 32)]
    table.upsert([component("preprocessing", parents=parents(*trials))])
    table.upsert([component(f"training-{n}", parents=parents(f"trial-{n}")) for n in (2, 5)])
    assert len(table) == 7
    shared = [row for row in rows(table) if row.trial_component_name == "preprocessing"]
    assert [row.trial_name for row in shared] == trials
    assert {row.experiment_name for row in shared} == {"mnist"}
    assert len({row.id for row in rows(table)}) == 7


def test_an_unassigned_component_is_one_row_without_trial_and_experiment():
    table = Table(Origin(unassigned=True))
    table.upsert([component("preprocessing", parents=()), component("training")])
    (row,) = rows(table, "summary:Trial", "summary:Experiment")
    assert (row.id, row.trial_name, row.experiment_name) == ("/preprocessing", None, None)
    assert row.cells == (None, None)


def test_a_table_of_trials_holds_only_pairs_with_these_trials():
    table = Table(Origin(trials=("trial-2",)))
    table.upsert([component("preprocessing", parents=parents("trial-1", "trial-2", "trial-3"))])
    assert [row.trial_name for row in rows(table)] == ["trial-2"]


def test_a_table_of_an_experiment_leaves_out_the_trials_of_others():
    table = Table(MNIST, offload_bytes=100_000)
    elsewhere = parents("trial-9", experiment="cifar")
    table.upsert([component("preprocessing", parents=parents("trial-1") + elsewhere)])
    table.upsert([component("training", parents=elsewhere)])
    assert [row.id for row in rows(table)] == ["trial-1/preprocessing"]


def test_the_letter_case_of_an_origin_does_not_matter():
    table = Table(Origin(experiments=("MNIST",)))
    table.upsert([component("training")])
    assert len(table) == 1


def test_the_summary_columns_come_first_and_the_others_by_kind_and_name():
    table = Table(MNIST)
    table.upsert(
        [
            training(
                "cnn",
                metrics=(accuracy(0.9),),
                parameters={"epochs": 2.0, "Batch": 64.0},
                input_artifacts={"training": Artifact(value="s3://b/mnist")},
                tags={"team": "vision"},
            ),
            component("other", metrics=(), parameters={"dropout-10": 1.0, "dropout-9": 1.0}),
        ]
    )
    assert [column.label for column in table.columns()] == [
        "Status",
        "Experiment",
        "Type",
        "Trial",
        "Trial component",
        "Created on",
        "Last modified",
        "Created by",
        "Duration",
        "test:accuracy",
        "Batch",
        "dropout-9",
        "dropout-10",
        "epochs",
        "training",
        "SageMaker.ModelArtifact",
        "team",
    ]
    assert "metric:test:accuracy" in columns(table)


def test_a_row_of_a_training_job_names_the_job_and_its_model():
    table = Table(MNIST)
    table.upsert([training("CNN-7", source_arn="arn:aws:sagemaker:x:1:training-job/cnn-7")])
    (row,) = rows(table)
    assert row.training_job_name == "CNN-7"
    assert row.model_data == "s3://b/CNN-7.tar.gz"
    assert (row.type, row.status, row.display_name) == ("Training job", "Completed", "Training")


def test_a_component_without_a_job_has_no_model_to_deploy():
    table = Table(MNIST)
    table.upsert(
        [component("x", output_artifacts={"SageMaker.ModelArtifact": Artifact(value="y")})]
    )
    (row,) = rows(table)
    assert (row.training_job_name, row.model_data) == (None, None)


def test_times_are_epoch_milliseconds_and_durations_milliseconds():
    table = Table(MNIST)
    table.upsert([training("cnn"), component("preprocessing", minutes=-1)])
    ended, running = rows(table, "summary:Created on", "summary:Duration")
    assert ended.cells == (1715932800000, 90_000.0)
    assert running.cells == (1715932740000, None)


def test_the_same_component_again_changes_nothing():
    table = Table(MNIST, first_version=7)
    assert table.upsert([training("cnn")])
    assert table.version == 8
    assert not table.upsert([training("cnn")])
    assert table.version == 8


def test_a_changed_component_replaces_all_its_values():
    table = Table(MNIST)
    table.upsert([component("cnn", parameters={"lr": 0.1, "momentum": 0.9}, tags={"a": "b"})])
    version = table.version
    table.upsert([component("cnn", parameters={"lr": 0.2})])
    assert table.version > version
    assert cells(table, "parameter:lr") == [0.2]
    assert columns(table) == {"parameter:lr": "number"}


def test_a_removed_component_takes_its_rows_and_columns_along():
    table = Table(MNIST)
    table.upsert([component("a", parents=parents("t1", "t2"), tags={"x": "y"}), component("b")])
    version = table.version
    assert table.remove(["a", "unknown"])
    assert table.version > version
    assert [row.trial_component_name for row in rows(table)] == ["b"]
    assert columns(table) == {}
    assert not table.remove(["a"])


def test_the_place_of_a_removed_component_is_used_again_without_its_values():
    table = Table(MNIST)
    table.upsert(
        [component("a", metrics=(accuracy(0.5),)), component("b", metrics=(accuracy(0.6),))]
    )
    table.remove(["a"])
    table.upsert([component("c", minutes=1)])
    assert cells(table, "metric:test:accuracy") == [None, 0.6]


def test_a_link_that_was_made_or_cut_moves_the_rows():
    table = Table(MNIST)
    table.upsert([component("x", parents=parents("t1", "t2")), component("y")])
    table.upsert([component("x", parents=parents("t2", "t3"))])
    assert {row.id for row in rows(table)} == {"t2/x", "t3/x", "trial-1/y"}


def test_a_component_that_left_its_last_trial_leaves_the_table():
    table = Table(MNIST)
    table.upsert([component("x")])
    assert table.upsert([component("x", parents=())])
    assert (len(table), table.component_names()) == (0, set())


def test_a_parameter_is_a_number_column_while_all_its_values_are_numbers():
    table = Table(MNIST)
    table.upsert([component("a", parameters={"p": 2.0}), component("b", parameters={"p": '"3"'})])
    assert columns(table) == {"parameter:p": "number"}
    assert sorted(cells(table, "parameter:p")) == [2.0, 3.0]
    table.upsert([component("c", parameters={"p": "auto"})])
    assert columns(table) == {"parameter:p": "text"}
    assert sorted(cells(table, "parameter:p")) == ["2", "3", "auto"]
    table.upsert([component("d", parameters={"p": 0.5})])
    assert sorted(cells(table, "parameter:p")) == ["0.5", "2", "3", "auto"]
    table.remove(["c"])
    assert columns(table) == {"parameter:p": "number"}


def test_json_quotes_around_a_parameter_are_not_shown():
    table = Table(MNIST)
    table.upsert(
        [component("a", parameters={"optimizer": '"sgd"', "objective": "binary:logistic"})]
    )
    assert cells(table, "parameter:optimizer") == ["sgd"]
    assert cells(table, "parameter:objective") == ["binary:logistic"]


def test_long_identifiers_and_leading_zeros_stay_text():
    table = Table(MNIST)
    exact = ["12345678901234567890", "12345678901234567891", "007"]
    for at, text in enumerate(exact):
        table.upsert([component(f"c{at}", minutes=-at, parameters={"id": text})])
    assert cells(table, "parameter:id") == exact


def test_a_metric_that_became_nan_or_infinite_says_so():
    table = Table(MNIST)
    for at, value in enumerate([float("nan"), float("inf"), float("-inf"), None, 0.5]):
        table.upsert([component(f"c{at}", minutes=-at, metrics=(accuracy(value),))])
    assert cells(table, "metric:test:accuracy") == ["NaN", "Infinity", "-Infinity", None, 0.5]


def test_text_that_no_utf8_can_hold_does_not_break_the_table():
    table = Table(MNIST)
    broken = "caf\ud800"
    assert table.upsert([component("a", display_name=broken, parameters={"p": '"\\ud800"'})])
    (row,) = rows(table, "parameter:p")
    assert row.display_name == "caf?"
    assert row.cells == ("?",)


def test_a_metric_named_twice_by_two_jobs_is_one_column():
    table = Table(MNIST)
    table.upsert([component("a", metrics=(accuracy(0.1), accuracy(0.2)))])
    assert cells(table, "metric:test:accuracy") == [0.2]
    table.remove(["a"])
    assert columns(table) == {}


def test_the_table_knows_whether_anything_is_in_progress():
    table = Table(MNIST)
    assert not table.has_status("InProgress")
    table.upsert([component("a", status="InProgress"), component("b", status="Completed")])
    assert table.has_status("InProgress", "Stopping")
    table.upsert([component("a", status="Stopped")])
    assert not table.has_status("InProgress", "Stopping")


class Elsewhere:
    """Moves arrays to a list; not if it is full."""

    def __init__(self, is_full=False):
        self.is_full = is_full
        self.arrays = []

    def __call__(self, arrays):
        self.arrays = [array.copy() for array in arrays]
        return None if self.is_full else self.arrays


def losses(first, last):
    return [
        component(f"c{n}", metrics=(accuracy(n / 7, max=n / 7),), parameters={"n": n % 50})
        for n in range(first, last)
    ]


def last_of(table, name):
    view = View(columns=(ViewColumn(column="metric:test:accuracy"),))
    table_cells = all_cells(Queries(table), view)
    return table_cells.columns[0][table_cells.names.index(name)]


@pytest.mark.parametrize("is_full", [False, True])
def test_a_large_table_grows_and_settles_elsewhere_and_holds_the_same(is_full):
    plain, table = (Table(MNIST, offload_bytes=100_000) for _ in range(2))
    elsewhere = table.mover = Elsewhere(is_full)
    for first, last in ((0, 3000), (3000, 9000), (9000, 9001)):
        for each in (plain, table):
            each.upsert(losses(first, last))
            each.upsert([component("c5", metrics=(accuracy(0.5),))])
    assert (len(elsewhere.arrays) > 0, last_of(table, "c5")) == (True, 0.5)
    table.settle()
    held = [array for array in elsewhere.arrays if len(array) == 9001]
    assert any(array[:4].tolist() == [0, 1 / 7, 2 / 7, 3 / 7] for array in held)
    for each in (plain, table):
        each.upsert([component("c3", metrics=(accuracy(0.3),)), *losses(9001, 9003)])
        each.remove(["c4", "c9002"])
    view = View(
        columns=tuple(
            ViewColumn(column=column.id, statistic=statistic)
            for column in table.columns()
            for statistic in ("Last", "Max")
        )
    )
    assert all_cells(Queries(table), view) == all_cells(Queries(plain), view)


def test_what_has_settled_elsewhere_is_not_moved_again_for_a_few_changes():
    table = Table(MNIST, offload_bytes=100_000)
    elsewhere = table.mover = Elsewhere()
    table.upsert(losses(0, 9000))
    table.settle()
    first = elsewhere.arrays
    table.upsert([component("c3", metrics=(accuracy(0.3),))])
    table.settle()
    assert elsewhere.arrays is first
    assert any(array[3] == 0.3 for array in first)
