"""AWS in the panels: what is wrong is said with its remedy, and the local service works on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from smx_lab.core.connection import LocalService
from tests.support.judging_aws import Upstream, credentials_file
from tests.ui.axe import check_in_both_themes
from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    ENDPOINTS,
    Lab,
    close_documents,
    finish_command,
    main_panel,
    menu_item,
    open_sidebar,
    run_command,
    sidebar_panel,
)

KEYS = {
    "good": "AKIDGOOD",
    "expired": "AKIDEXPIRED",
    "denied": "AKIDDENIED",
    "unknown": "AKIDUNKNOWN",
    "unreachable": "AKIDGOOD",
    "partly": "AKIDNO-ListModels-SimulatePrincipalPolicy",
}
pytestmark = pytest.mark.usefixtures("shared_page")


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """Run an AWS that judges its callers by their access key."""
    made = Upstream()
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_lab(make_lab: LabMaker, upstream: Upstream, local_service: LocalService) -> Lab:
    """Return a Lab with a profile for each kind of trouble; `missing` has no credentials.

    `other` is another local service, which stands for an account that works.
    """
    lab = make_lab(
        "--SmxLabApp.tints=aws:partly=red",
        "--SmxLabApp.regions=eu-west-1",
        "--SmxLabApp.regions=eu-north-1",
        "--SmxLabApp.regions=us-east-1",
    )
    urls = dict.fromkeys((*KEYS, "missing"), upstream.url)
    urls["unreachable"] = "http://127.0.0.1:1"
    config = [
        f"[profile {name}]\nregion = eu-west-1\nendpoint_url = {url}\n"
        for name, url in urls.items()
    ]
    config.append(
        f"[profile other]\nregion = {local_service.region}\n"
        f"endpoint_url = {local_service.sagemaker_url}\n"
        f"aws_access_key_id = {local_service.access_key_id}\n"
        f"aws_secret_access_key = {local_service.secret_access_key}\n"
    )
    lab.write_aws_file("config", "\n".join(config))
    lab.write_aws_file("credentials", credentials_file(**KEYS))
    return lab


def choose(page: Page, profile: str) -> None:
    """Have the panels look at a profile's account."""
    run_command(page, "smx-lab:select-connection", {"connectionId": f"aws:{profile}"})


TROUBLES = {
    "missing": "No AWS credentials were found.",
    "expired": "Your AWS credentials have expired.",
    "denied": "You may not do this: sagemaker:",
    "unknown": "AWS refuses these credentials.",
    "unreachable": "SageMaker in eu-west-1 cannot be reached.",
}


@pytest.mark.parametrize("profile", TROUBLES)
def test_what_is_wrong_is_said_everywhere_and_the_local_service_is_one_click_away(
    page: Page, profile: str
) -> None:
    sentence = re.compile(re.escape(TROUBLES[profile]))
    experiments = open_sidebar(page)
    choose(page, profile)
    expect(experiments.get_by_role("alert")).to_contain_text(sentence)
    finish_command(page, "smx-lab:open-table", {"connectionId": f"aws:{profile}", "trials": ["t"]})
    expect(main_panel(page).get_by_role("alert")).to_contain_text(sentence)
    described = {"connectionId": f"aws:{profile}", "trialComponentName": "c"}
    finish_command(page, "smx-lab:open-trial-component", described)
    expect(main_panel(page).get_by_role("alert")).to_contain_text(sentence)
    endpoints = open_sidebar(page, ENDPOINTS)
    expect(endpoints.get_by_role("alert")).to_contain_text(sentence)
    main_panel(page).get_by_role("button", name="Use the local service").click()
    expect(sidebar_panel(page).get_by_text("There are no experiments.")).to_be_visible()
    expect(sidebar_panel(page).get_by_role("button", name="Connection: Local")).to_be_visible()
    close_documents(page)


def test_without_credentials_it_says_what_was_looked_for_and_offers_the_profiles(
    page: Page,
) -> None:
    panel = open_sidebar(page)
    choose(page, "missing")
    alert = panel.get_by_role("alert")
    alert.get_by_text("What was looked for").click()
    expect(alert.get_by_text(re.compile(r"^Profile missing in .*config: "))).to_be_visible()
    alert.get_by_role("button", name="Choose a profile").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("^good")).check()
    dialog.get_by_role("combobox", name="Region").select_option("eu-north-1")
    dialog.get_by_role("button", name="Connect", exact=True).click()
    chip = panel.get_by_role("button", name="Connection: good · eu-north-1 · 111122223333")
    expect(chip).to_be_visible()
    expect(panel.get_by_text("There are no experiments.")).to_be_visible()


def test_a_region_is_chosen_in_the_menu_of_the_chip(page: Page) -> None:
    panel = open_sidebar(page)
    choose(page, "good")
    chip = panel.get_by_role("button", name="Connection: good · eu-west-1 · 111122223333")
    chip.click()
    menu_item(page, "Region", "eu-north-1")
    expect(panel.get_by_role("button", name="Connection: good · eu-north-1")).to_be_visible()


def test_expired_credentials_say_how_to_renew_them_and_are_tried_again_once_they_are(
    page: Page, page_lab: Lab
) -> None:
    panel = open_sidebar(page)
    choose(page, "expired")
    alert = panel.get_by_role("alert")
    expect(alert.get_by_text("Write new ones into the profile expired.")).to_be_visible()
    page_lab.write_aws_file("credentials", credentials_file(**{**KEYS, "expired": "AKIDGOOD"}))
    expect(panel.get_by_text("There are no experiments.")).to_be_visible()


def test_a_denied_action_has_a_policy_to_copy_and_the_rest_goes_on(page: Page) -> None:
    panel = open_sidebar(page, ENDPOINTS)
    choose(page, "denied")
    alert = panel.get_by_role("alert")
    expect(alert.get_by_text("The missing action is sagemaker:ListEndpoints.")).to_be_visible()
    alert.get_by_text("Policy", exact=True).click()
    expect(alert.get_by_label("Code")).to_contain_text('"sagemaker:ListEndpoints"')
    choose(page, "partly")
    expect(panel.get_by_text("There are no endpoints.")).to_be_visible()


def test_test_connection_says_who_one_is_and_what_is_missing(page: Page) -> None:
    panel = open_sidebar(page)
    choose(page, "partly")
    chip = panel.get_by_role("button", name="Connection: partly")
    expect(chip).to_have_attribute("data-tint", "red")
    chip.click()
    menu_item(page, "Test connection")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status").first).to_have_text(
        "The connection works, with missing permissions."
    )
    expect(dialog.get_by_text("arn:aws:sts::111122223333:assumed-role/analyst/ada")).to_be_visible()
    browse = dialog.get_by_role("row", name="Browse lists and tables")
    expect(browse).to_contain_text("Deniedsagemaker:ListModels")
    expect(dialog.get_by_role("row", name="Deploy models")).to_contain_text(
        "This shows only when it is tried."
    )
    dialog.get_by_text("Policy: Deploy models and test inference").click()
    expect(
        dialog.get_by_text('"Resource": "arn:aws:iam::111122223333:role/analyst"')
    ).to_be_visible()
    check_in_both_themes(dialog)
    dialog.get_by_role("button", name="Close").click()


def test_an_experiment_is_copied_to_another_connection_and_nothing_is_overwritten(
    page: Page, page_lab: Lab
) -> None:
    page_lab.script(COPIED)
    panel = open_sidebar(page)
    run_command(page, "smx-lab:use-local-service")
    panel.get_by_role("gridcell", name="mnist", exact=True).click(button="right")
    menu_item(page, "Copy to another connection…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Copy to").select_option(label="other · us-east-1")
    expect(dialog.get_by_role("status").first).to_have_text(
        "Trials: 1 · trial components: 1 · metrics: 0"
    )
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.get_by_role("status").first).to_have_text("Completed")
    expect(dialog.get_by_text("Trial components: 1 of 1")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    choose(page, "other")
    panel.get_by_role("gridcell", name="mnist", exact=True).dblclick()
    expect(panel.get_by_role("gridcell", name="mnist-1", exact=True)).to_be_visible()
    described = {"connectionId": "aws:other", "trialComponentName": "mnist-step"}
    run_command(page, "smx-lab:open-trial-component", described)
    expect(main_panel(page).get_by_role("heading", name="mnist-step")).to_be_visible()
    close_documents(page)
    # Back the other way the name is taken, by what is no copy.
    described = {"connectionId": "aws:other", "experimentName": "mnist"}
    run_command(page, "smx-lab:copy-experiment", described)
    dialog.get_by_role("combobox", name="Copy to").select_option(label="Local")
    expect(dialog.get_by_role("alert")).to_contain_text("The experiment mnist")
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()


COPIED = """
import boto3
sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName="mnist")
sm.create_trial(TrialName="mnist-1", ExperimentName="mnist")
sm.create_trial_component(TrialComponentName="mnist-step")
sm.associate_trial_component(TrialComponentName="mnist-step", TrialName="mnist-1")
"""
