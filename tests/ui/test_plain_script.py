"""A script that knows nothing of smx-lab writes, and the open browser shows it by itself."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ui.harness import Lab, open_sidebar

BOTO3 = """
import boto3

sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName="written-by-boto3")
sm.create_trial(TrialName="only-trial", ExperimentName="written-by-boto3")
"""

EXPERIMENTS_SDK = """
from smexperiments.experiment import Experiment
from smexperiments.trial import Trial
from smexperiments.tracker import Tracker

experiment = Experiment.create(experiment_name="written-by-the-sdk")
trial = experiment.create_trial(trial_name="tracked-trial")
with Tracker.create(display_name="Tracked") as tracker:
    tracker.log_parameters({"learning_rate": 0.1, "optimizer": "sgd"})
trial.add_trial_component(tracker.trial_component)
"""


def test_what_boto3_writes_appears_without_a_reload(page: Page, lab: Lab) -> None:
    row = open_sidebar(page).get_by_role("row").filter(has_text="written-by-boto3")
    expect(row).to_have_count(0)
    lab.script(BOTO3)
    expect(row).to_be_visible()
    row.dblclick()
    expect(open_sidebar(page).get_by_role("row").filter(has_text="only-trial")).to_be_visible()


def test_what_the_experiments_sdk_writes_appears_without_a_reload(page: Page, lab: Lab) -> None:
    panel = open_sidebar(page)
    lab.script(EXPERIMENTS_SDK)
    panel.get_by_role("row").filter(has_text="written-by-the-sdk").dblclick()
    panel.get_by_role("row").filter(has_text="tracked-trial").dblclick()
    expect(panel.get_by_role("row").filter(has_text="Tracked")).to_be_visible()
