"""The public sagemaker-experiments SDK, used as the seed tutorial uses it, on the local service."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the SDK is old; what it warns of is not ours
    from smexperiments.experiment import Experiment
    from smexperiments.search_expression import Filter, Operator, SearchExpression
    from smexperiments.tracker import Tracker
    from smexperiments.trial import Trial
    from smexperiments.trial_component import TrialComponent

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_the_tutorials_tracking_works_as_written(sagemaker):
    with Tracker.create(display_name="Preprocessing", sagemaker_boto_client=sagemaker) as tracker:
        tracker.log_parameters({"normalization_mean": 0.1307, "normalization_std": 0.3081})
        tracker.log_parameter("normalizer", "standard")
        tracker.log_input(name="mnist-dataset", media_type="s3/uri", value="file:///data/digits")
    experiment = Experiment.create(
        experiment_name="mnist-hand-written-digits-classification",
        description="Classification of mnist hand-written digits",
        sagemaker_boto_client=sagemaker,
    )
    for channels in (2, 5, 10):
        trial = Trial.create(
            trial_name=f"cnn-training-job-{channels}-hidden-channels",
            experiment_name=experiment.experiment_name,
            sagemaker_boto_client=sagemaker,
        )
        trial.add_trial_component(tracker.trial_component)
    trials = [summary.trial_name for summary in experiment.list_trials()]
    assert sorted(trials) == sorted(f"cnn-training-job-{c}-hidden-channels" for c in (2, 5, 10))
    shared = tracker.trial_component.trial_component_name
    loaded = TrialComponent.load(shared, sagemaker_boto_client=sagemaker)
    assert loaded.display_name == "Preprocessing"
    assert loaded.parameters == {
        "normalization_mean": 0.1307,
        "normalization_std": 0.3081,
        "normalizer": "standard",
    }
    assert loaded.input_artifacts["mnist-dataset"].value == "file:///data/digits"
    assert loaded.status.primary_status == "Completed"
    assert loaded.start_time <= loaded.end_time
    for name in trials:
        trial = Trial.load(trial_name=name, sagemaker_boto_client=sagemaker)
        assert [c.trial_component_name for c in trial.list_trial_components()] == [shared]


def test_the_tutorials_cleanup_works_as_written(sagemaker):
    experiment = Experiment.create(
        experiment_name="to-be-cleaned-up", sagemaker_boto_client=sagemaker
    )
    for number in range(2):
        trial = Trial.create(
            trial_name=f"cleaned-{number}",
            experiment_name=experiment.experiment_name,
            sagemaker_boto_client=sagemaker,
        )
        component = TrialComponent.create(
            trial_component_name=f"cleaned-{number}", sagemaker_boto_client=sagemaker
        )
        trial.add_trial_component(component)
    for trial_summary in experiment.list_trials():
        trial = Trial.load(sagemaker_boto_client=sagemaker, trial_name=trial_summary.trial_name)
        for summary in trial.list_trial_components():
            component = TrialComponent.load(
                sagemaker_boto_client=sagemaker,
                trial_component_name=summary.trial_component_name,
            )
            trial.remove_trial_component(component)
            component.delete()
        trial.delete()
    experiment.delete()
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        Experiment.load(experiment_name="to-be-cleaned-up", sagemaker_boto_client=sagemaker)


def test_delete_all_takes_an_experiment_with_everything_in_it(sagemaker):
    experiment = Experiment.create(experiment_name="doomed", sagemaker_boto_client=sagemaker)
    trial = experiment.create_trial(trial_name="doomed")
    component = TrialComponent.create(
        trial_component_name="doomed", sagemaker_boto_client=sagemaker
    )
    trial.add_trial_component(component)
    experiment.delete_all(action="--force")
    names = [e.experiment_name for e in Experiment.list(sagemaker_boto_client=sagemaker)]
    assert "doomed" not in names


def test_the_sdks_lists_follow_all_pages(sagemaker):
    experiment = Experiment.create(experiment_name="many-trials", sagemaker_boto_client=sagemaker)
    for number in range(25):
        experiment.create_trial(trial_name=f"many-{number:02}")
    found = [summary.trial_name for summary in experiment.list_trials()]
    assert found == [f"many-{number:02}" for number in range(24, -1, -1)]


def test_the_sdks_search_finds_components_by_parameter(sagemaker):
    for rate in (0.1, 0.5):
        component = TrialComponent.create(
            trial_component_name=f"searched-{str(rate).replace('.', '-')}",
            sagemaker_boto_client=sagemaker,
        )
        component.parameters = {"searched_rate": rate}
        component.save()
    expression = SearchExpression(
        filters=[
            Filter(name="Parameters.searched_rate", operator=Operator.GREATER_THAN, value="0.2")
        ]
    )
    found = TrialComponent.search(
        search_expression=expression, sort_by="CreationTime", sagemaker_boto_client=sagemaker
    )
    assert [component.trial_component_name for component in found] == ["searched-0-5"]


def test_a_tracker_can_be_loaded_and_added_to(sagemaker):
    tracker = Tracker.create(display_name="resumed", sagemaker_boto_client=sagemaker)
    tracker.log_parameter("first", 1)
    tracker.close()
    name = tracker.trial_component.trial_component_name
    with Tracker.load(trial_component_name=name, sagemaker_boto_client=sagemaker) as again:
        again.log_parameter("second", 2)
    found = sagemaker.describe_trial_component(TrialComponentName=name)["Parameters"]
    assert found == {"first": {"NumberValue": 1.0}, "second": {"NumberValue": 2.0}}
