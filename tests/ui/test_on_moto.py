"""AWS as nobody here wrote it: the screens on moto's server, over HTTP by real boto3."""

from __future__ import annotations

import secrets
import threading
from typing import Any

import boto3
import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    ENDPOINTS,
    Lab,
    close_documents,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    reload_lab,
    run_command,
)

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/execution"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3.0-cpu-py311"
RESEARCH, PRODUCT = "aws:research", "aws:product"
ACCOUNTS = {"research": "123456789012", "product": "222222222222"}
pytestmark = pytest.mark.usefixtures("accounts", "shared_page")


@pytest.fixture(scope="module")
def page_lab(make_lab: LabMaker, moto_url: str) -> Lab:
    """Return a Lab with two profiles: keys of one account, and a role in another."""
    lab = make_lab()
    place = f"region = {REGION}\nendpoint_url = {moto_url}\n"
    config = (
        f"[profile research]\n{place}aws_access_key_id = AKIDRESEARCH\n"
        "aws_secret_access_key = secret\n"
        f"[profile product]\n{place}source_profile = research\n"
        f"role_arn = arn:aws:iam::{ACCOUNTS['product']}:role/analyst\n"
    )
    lab.write_aws_file("config", config)
    return lab


@pytest.fixture(scope="module")
def accounts(moto_url: str) -> dict[str, Any]:
    """Return a SageMaker client of each account. Each account has an experiment `digits`."""
    keys = {
        "aws_access_key_id": "AKIDRESEARCH",
        "aws_secret_access_key": "secret",
        "region_name": REGION,
        "endpoint_url": moto_url,
    }
    role = boto3.client("sts", **keys).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNTS['product']}:role/analyst", RoleSessionName="test"
    )["Credentials"]
    assumed = {
        **keys,
        "aws_access_key_id": role["AccessKeyId"],
        "aws_secret_access_key": role["SecretAccessKey"],
        "aws_session_token": role["SessionToken"],
    }
    clients = {
        "research": boto3.client("sagemaker", **keys),
        "product": boto3.client("sagemaker", **assumed),
    }
    for name, client in clients.items():
        fill(client, name)
    return clients


def fill(client: Any, name: str) -> None:
    """Put an experiment with two trials into an account, and one that is named after it."""
    client.create_experiment(ExperimentName=f"of-{name}")
    client.create_experiment(ExperimentName="digits")
    for number in (1, 2):
        trial, component = f"digits-{number}", f"{name}-training-{number}"
        client.create_trial(TrialName=trial, ExperimentName="digits")
        client.create_trial_component(
            TrialComponentName=component,
            DisplayName=f"Training of {name}",
            Status={"PrimaryStatus": "Completed"},
            Parameters={"epochs": {"NumberValue": 5 * number}},
        )
        client.associate_trial_component(TrialComponentName=component, TrialName=trial)


@pytest.fixture(scope="module")
def trained(accounts: dict[str, Any]) -> str:
    """Return the trial component of a completed training job."""
    from moto.sagemaker.models import sagemaker_backends

    client, name = accounts["research"], "digits-job-aws-training-job"
    job = client.create_training_job(
        TrainingJobName="digits-job",
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://bucket/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    client.create_trial_component(
        TrialComponentName=name, DisplayName="Training", Status={"PrimaryStatus": "Completed"}
    )
    client.associate_trial_component(TrialComponentName=name, TrialName="digits-1")
    # Unlike SageMaker, moto makes no trial component of a job, and no request sets the source.
    made = sagemaker_backends[ACCOUNTS["research"]][REGION].trial_components[name]
    made.source = {"SourceArn": job["TrainingJobArn"], "SourceType": "SageMakerTrainingJob"}
    return name


def choose(page: Page, connection_id: str) -> None:
    """Have the panels look at an account."""
    run_command(page, "smx-lab:select-connection", {"connectionId": connection_id})


def test_two_tabs_look_at_two_accounts_at_once(page: Page) -> None:
    panel = open_sidebar(page)
    for name, connection_id in (("research", RESEARCH), ("product", PRODUCT)):
        choose(page, connection_id)
        chip = f"Connection: {name} · {REGION} · {ACCOUNTS[name]}"
        expect(panel.get_by_role("button", name=chip)).to_be_visible()
        expect(panel.get_by_role("gridcell", name=f"of-{name}", exact=True)).to_be_visible()
        panel.get_by_role("gridcell", name="digits", exact=True).click(button="right")
        menu_item(page, "Open in trial component list")
        grid = main_panel(page).get_by_role("grid")
        expect(grid.get_by_role("gridcell", name=f"Training of {name}")).to_have_count(2)
    tabs = main_tab(page, "Trial Component List")
    expect(tabs).to_have_count(2)
    # Each keeps its account, whatever the panel looks at.
    tabs.first.click()
    grid = main_panel(page).get_by_role("grid")
    expect(grid.get_by_role("gridcell", name="Training of research")).to_have_count(2)
    expect(grid.get_by_role("gridcell", name="Training of product")).to_have_count(0)
    close_documents(page)


def test_the_browser_goes_from_an_experiment_to_a_trial_component(page: Page) -> None:
    panel = open_sidebar(page)
    choose(page, PRODUCT)
    panel.get_by_role("gridcell", name="digits", exact=True).dblclick()
    expect(panel.get_by_role("heading", name="TRIALS")).to_be_visible()
    panel.get_by_role("gridcell", name="digits-2", exact=True).dblclick()
    expect(panel.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    panel.get_by_role("gridcell", name="Training of product").dblclick()
    described = main_panel(page)
    expect(described.get_by_role("heading", name="Training of product")).to_be_visible()
    described.get_by_role("tab", name="Parameters").click()
    expect(described.get_by_role("tabpanel")).to_contain_text("epochs")
    expect(described.get_by_role("tabpanel")).to_contain_text("10")
    close_documents(page)


def test_a_model_is_deployed_and_its_endpoint_deleted(
    page: Page, accounts: dict[str, Any], trained: str
) -> None:
    sagemaker = accounts["research"]
    arguments: dict[str, object] = {"connectionId": RESEARCH, "trialComponentName": trained}
    run_command(page, "smx-lab:deploy-model", arguments)
    form = main_panel(page).get_by_role("form", name="Deploy model")
    form.get_by_role("textbox", name="Endpoint name").fill("digits-by-moto")
    expect(form).to_contain_text("the endpoint digits-by-moto")
    form.get_by_role("button", name="Deploy model").click()
    expect(main_panel(page)).to_contain_text("The endpoint is InService.", timeout=60_000)
    made = sagemaker.describe_endpoint_config(EndpointConfigName="digits-by-moto")
    (variant,) = made["ProductionVariants"]
    container = sagemaker.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"]
    assert container["ModelDataUrl"] == "s3://bucket/output/digits-job/output/model.tar.gz"
    close_documents(page)
    choose(page, RESEARCH)
    panel = open_sidebar(page, ENDPOINTS)
    cell = page.get_by_role("gridcell", name="digits-by-moto", exact=True)
    row = panel.get_by_role("row").filter(has=cell)
    expect(row).to_contain_text("InService")
    row.click(button="right")
    menu_item(page, "Delete…")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(panel.get_by_text("There are no endpoints.")).to_be_visible(timeout=60_000)
    assert sagemaker.list_endpoints()["Endpoints"] == []


DENIED = (
    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: "
    "sagemaker:DeleteTrial on resource: "
    "arn:aws:sagemaker:us-east-1:123456789012:experiment-trial/{name}"
)


class Gate:
    """Holds back what moto would delete, or refuses it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from moto.core.exceptions import JsonRESTError
        from moto.sagemaker.models import SageMakerModelBackend

        self.open = threading.Event()
        self.refused = ""
        really = SageMakerModelBackend.delete_trial

        def delete_trial(backend: Any, trial_name: str) -> None:
            if not self.open.wait(120):
                raise RuntimeError("the test forgot to open the gate")
            if trial_name == self.refused:
                raise JsonRESTError("AccessDeniedException", DENIED.format(name=trial_name))
            really(backend, trial_name)

        monkeypatch.setattr(SageMakerModelBackend, "delete_trial", delete_trial)


def test_a_clean_up_is_typed_stopped_gone_on_with_and_its_failure_retried(
    page: Page, accounts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sagemaker, gate = accounts["research"], Gate(monkeypatch)
    name = f"clean-{secrets.token_hex(3)}"
    sagemaker.create_experiment(ExperimentName=name)
    for number in (1, 2):
        sagemaker.create_trial(TrialName=f"{name}-{number}", ExperimentName=name)
    choose(page, RESEARCH)
    panel = open_sidebar(page)
    panel.get_by_role("button", name="Home").click()
    experiment = panel.get_by_role("gridcell", name=name, exact=True)
    dialog = page.get_by_role("dialog", name=f"Clean up {name}")
    running = dialog.get_by_text("In progress: Delete trials")

    experiment.click(button="right")
    menu_item(page, "Clean up…")
    begin = dialog.get_by_role("button", name="Clean up", exact=True)
    expect(begin).to_be_disabled()
    dialog.get_by_role("textbox", name=f"To confirm, type the name {name}").fill(name)
    expect(begin).to_be_enabled()
    begin.click()
    expect(running).to_be_visible()

    # Whoever closes the dialog, or the page, finds it still at work.
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    reload_lab(page)
    open_sidebar(page)
    experiment.click(button="right")
    menu_item(page, "Clean up…")
    expect(running).to_be_visible()
    dialog.get_by_role("button", name="Stop").click()
    gate.open.set()
    go_on = dialog.get_by_role("button", name="Go on")
    expect(go_on).to_be_visible(timeout=60_000)
    expect(dialog.get_by_role("listitem").first).to_contain_text("Stopped")
    expect(dialog.get_by_role("region", name="Report")).to_contain_text("1 trial")

    (left,) = sagemaker.list_trials(ExperimentName=name)["TrialSummaries"]
    gate.refused = left["TrialName"]
    go_on.click()
    retry = dialog.get_by_role("button", name="Retry failed")
    expect(retry).to_be_visible(timeout=60_000)
    expect(dialog.get_by_role("list", name="Failed: 1")).to_contain_text("sagemaker:DeleteTrial")

    gate.refused = ""
    gate.open.clear()
    retry.click()
    expect(running).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    gate.open.set()
    toast = page.locator(".Toastify__toast").filter(has_text=f"Clean up {name}: completed")
    expect(toast).to_be_visible(timeout=60_000)
    toast.get_by_role("button", name="Show").click()
    expect(dialog.get_by_role("region", name="Report")).to_contain_text("1 experiment, 2 trials")
    dialog.get_by_role("button", name="Close").click()
    expect(experiment).to_have_count(0)
