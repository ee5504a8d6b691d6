"""Tags, names and trials changed on a real local service, and seen in open tables at once."""

import itertools

import pytest

from smx_lab.contract.bodies import (
    AssociateRequest,
    EditExperimentRequest,
    EditTagsRequest,
    EditTrialRequest,
    OpenTableRequest,
    RowsRequest,
)
from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound
from smx_lab.core.views.view import View, ViewColumn
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.container import build_services
from smx_lab.services.switches import Switches

numbers = itertools.count(1)


@pytest.fixture
def experiment(sagemaker):
    """An experiment with two trials; a component, named after it, is in the first."""
    name = f"edit-{next(numbers)}"
    sagemaker.call("create_experiment", ExperimentName=name)
    for trial in (f"{name}-t1", f"{name}-t2"):
        sagemaker.call("create_trial", TrialName=trial, ExperimentName=name)
    sagemaker.call("create_trial_component", TrialComponentName=f"{name}-c")
    sagemaker.call(
        "associate_trial_component", TrialComponentName=f"{name}-c", TrialName=f"{name}-t1"
    )
    return name


@pytest.fixture
def arn(services, experiment):
    component = services.experiments.describe_trial_component("local", f"{experiment}-c")
    return component.trial_component_arn


def edit(services, *arns, **changes):
    request = EditTagsRequest(resource_arns=list(arns), **changes)
    return [found.tags for found in services.editing.edit_tags("local", request).resources]


def test_tags_are_set_replaced_and_taken_away(services, arn):
    assert edit(services, arn, put={"owner": "ada", "paper": "1"}) == [
        {"owner": "ada", "paper": "1"}
    ]
    assert edit(services, arn, put={"owner": "grace"}, remove=["paper", "unknown"]) == [
        {"owner": "grace"}
    ]
    (found,) = services.editing.list_tags("local", [arn]).resources
    assert (found.resource_arn, found.tags) == (arn, {"owner": "grace"})


def test_several_resources_are_tagged_together(services, arn, experiment):
    other = services.experiments.describe_trial("local", f"{experiment}-t2").trial_arn
    assert edit(services, arn, other, put={"owner": "ada"}) == [{"owner": "ada"}] * 2


def test_an_open_table_shows_new_tags_at_once(services, arn, experiment):
    state = services.tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    edit(services, arn, put={"owner": "ada"})
    request = RowsRequest(view=View(columns=(ViewColumn(column="tag:owner"),)))
    window = services.tables.list_rows("local", state.table_id, request)
    assert [row.cells for row in window.rows] == [("ada",)]


def test_a_tag_that_breaks_a_rule_changes_nothing(services, arn):
    with pytest.raises(InvalidRequest, match="may not contain"):
        edit(services, arn, put={"good": "1", "b#d": "2"})
    assert services.editing.list_tags("local", [arn]).resources[0].tags == {}
    with pytest.raises(InvalidRequest, match="From 1 to 50"):
        edit(services, put={"owner": "ada"})


def test_an_experiment_gets_another_name_and_description(services, experiment):
    def change(**members):
        request = EditExperimentRequest(**members)
        found = services.editing.edit_experiment("local", experiment, request)
        return found.display_name, found.description

    assert change(display_name="Digits", description="Ten of them") == ("Digits", "Ten of them")
    assert change(description="") == ("Digits", "")
    with pytest.raises(NotFound):
        services.editing.edit_experiment("local", "nowhere", EditExperimentRequest())


def test_a_trial_gets_another_name(services, experiment):
    request = EditTrialRequest(display_name="Wide")
    found = services.editing.edit_trial("local", f"{experiment}-t1", request)
    assert found.display_name == "Wide"


def test_a_component_is_put_into_another_trial(services, experiment):
    state = services.tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    request = AssociateRequest(trial_component_names=[f"{experiment}-c"])
    added = [
        services.editing.associate("local", f"{experiment}-t2", request).added
        for _ in range(2)  # twice does no harm
    ]
    assert added == [[f"{experiment}-c"], []]
    component = services.experiments.describe_trial_component("local", f"{experiment}-c")
    assert {parent.trial_name for parent in component.parents} == {
        f"{experiment}-t1",
        f"{experiment}-t2",
    }
    services.tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert services.tables.describe_table("local", state.table_id).total == 2
    with pytest.raises(NotFound):
        services.editing.associate("local", "nowhere", request)


def test_a_component_is_taken_out_of_one_trial_and_stays_in_the_other(services, experiment):
    name, trial = f"{experiment}-c", f"{experiment}-t2"
    request = AssociateRequest(trial_component_names=[name])
    services.editing.associate("local", trial, request)
    for _ in range(2):  # twice does no harm
        answer = services.editing.disassociate("local", trial, [name])
        assert answer.trial_component_names == [name]
    component = services.experiments.describe_trial_component("local", name)
    assert [parent.trial_name for parent in component.parents] == [f"{experiment}-t1"]
    for names in ([], [name] * 51):
        with pytest.raises(InvalidRequest, match="From 1 to 50"):
            services.editing.disassociate("local", trial, names)


def test_trials_of_all_experiments_are_found_by_name(services, experiment):
    page = services.experiments.list_all_trials("local", PageRequest(name_contains=experiment))
    assert {(trial.trial_name, trial.experiment_name) for trial in page.trials} == {
        (f"{experiment}-t1", experiment),
        (f"{experiment}-t2", experiment),
    }


def test_a_read_only_server_changes_nothing(tmp_path, local_service, arn, experiment):
    services = build_services(
        tmp_path / "read-only", lambda: local_service, switches=Switches(read_only=True)
    )
    with pytest.raises(AccessDenied, match="Disabled by your administrator"):
        edit(services, arn, put={"owner": "ada"})
    for change in (
        lambda: services.editing.edit_experiment("local", experiment, EditExperimentRequest()),
        lambda: services.editing.edit_trial("local", "t", EditTrialRequest(display_name="x")),
        lambda: services.editing.associate(
            "local", "t", AssociateRequest(trial_component_names=[])
        ),
        lambda: services.editing.disassociate("local", "t", ["c"]),
    ):
        with pytest.raises(AccessDenied):
            change()
    services.close()
