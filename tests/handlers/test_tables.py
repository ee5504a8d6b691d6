"""The routes of tables, over HTTP, on a real local service."""

import asyncio
import json
import threading
import time

import boto3
import pytest
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import HTTPTimeoutError

from smx_lab.handlers.base import SERVICES
from smx_lab.handlers.tables import RowsHandler
from smx_lab.services.container import THREADS_PER_CONNECTION
from smx_lab.services.tables import tables as tables_module

pytest_plugins = ["pytest_jupyter.jupyter_server"]

API = ("smx-lab", "api")
PATIENCE_S = 30.0

VIEW = {
    "columns": [{"column": "summary:Trial"}, {"column": "parameter:optimizer"}],
    "sort": [{"column": "parameter:optimizer"}],
}


@pytest.fixture
def service(start_service):
    service = start_service()
    sagemaker = boto3.client(
        "sagemaker",
        endpoint_url=service.sagemaker_url,
        region_name=service.region,
        aws_access_key_id=service.access_key_id,
        aws_secret_access_key=service.secret_access_key,
    )
    sagemaker.create_experiment(ExperimentName="mnist")
    for number, optimizer in enumerate(['"sgd"', '"adam"'], 1):
        sagemaker.create_trial(TrialName=f"t{number}", ExperimentName="mnist")
        sagemaker.create_trial_component(
            TrialComponentName=f"training-{number}",
            Parameters={"optimizer": {"StringValue": optimizer}},
        )
        sagemaker.associate_trial_component(
            TrialName=f"t{number}", TrialComponentName=f"training-{number}"
        )
    return service


@pytest.fixture
def jp_server_config(service):
    return {
        "ServerApp": {"jpserver_extensions": {"smx_lab": True}},
        "SmxLabApp": {"data_dir": service.data_dir},
    }


async def post(jp_fetch, *path, **body):
    reply = await jp_fetch(*API, *path, method="POST", body=json.dumps(body))
    return json.loads(reply.body)


async def opened(jp_fetch):
    """Return the table of the experiment once it is complete."""
    deadline = time.monotonic() + PATIENCE_S
    state = await post(jp_fetch, "local", "tables", experiments=["mnist"])
    while not state["complete"] and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
        reply = await jp_fetch(*API, "local", "tables", state["table_id"])
        state = json.loads(reply.body)
    assert state["complete"]
    return state


async def refusal(call):
    """Return the status and the body of an error response."""
    with pytest.raises(HTTPClientError) as refused:
        await call
    body = refused.value.response.body
    return refused.value.code, json.loads(body) if body else None


async def test_a_table_is_opened_and_its_rows_are_listed(jp_fetch):
    state = await opened(jp_fetch)
    assert (state["total"], state["error"]) == (2, None)
    assert state["origin"] == {"experiments": ["mnist"], "trials": [], "unassigned": False}
    rows = await post(jp_fetch, "local", "tables", state["table_id"], "rows", view=VIEW)
    assert [row["cells"] for row in rows["rows"]] == [["t2", "adam"], ["t1", "sgd"]]
    assert (rows["total"], rows["offset"], rows["complete"]) == (2, 0, True)
    assert rows["decimals"] == [None, None]


async def test_the_answer_to_the_version_at_hand_is_304_and_says_when_it_was_looked(jp_fetch):
    state = await opened(jp_fetch)
    with pytest.raises(HTTPClientError) as unchanged:
        await jp_fetch(
            *API,
            "local",
            "tables",
            state["table_id"],
            params={"version": str(state["version"])},
        )
    assert unchanged.value.code == 304
    assert unchanged.value.response.headers["Smx-Updated-Time"] >= state["updated_time"][:19]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid_request", "experiments"),
        ({"experiments": "mnist"}, "invalid_request", "experiments"),
        ({"experiment": ["mnist"]}, "invalid_request", "experiment"),
    ],
)
async def test_an_origin_that_breaks_a_rule_is_refused(jp_fetch, body, code, field):
    status, error = await refusal(post(jp_fetch, "local", "tables", **body))
    assert (status, error["code"], error["details"]["field"]) == (400, code, field)


@pytest.mark.parametrize(
    "body",
    [
        {"view": {"columns": [{"column": "accuracy"}]}},
        {"view": {"filters": [{"column": "tag:a", "operator": "like"}]}},
        {"view": {}, "limit": 5000},
        {},
    ],
)
async def test_a_window_that_breaks_a_rule_is_refused(jp_fetch, body):
    state = await opened(jp_fetch)
    path = ("local", "tables", state["table_id"], "rows")
    status, error = await refusal(post(jp_fetch, *path, **body))
    assert (status, error["code"]) == (400, "invalid_request")


async def test_the_values_of_a_column_come_with_the_number_of_their_rows(jp_fetch):
    state = await opened(jp_fetch)
    path = ("local", "tables", state["table_id"], "values")
    assert await post(jp_fetch, *path, column="parameter:optimizer", view=VIEW) == {
        "values": [{"value": "adam", "count": 1}, {"value": "sgd", "count": 1}],
        "distinct": 2,
        "empty": 0,
    }
    status, error = await refusal(post(jp_fetch, *path, column="optimizer"))
    assert (status, error["details"]["field"]) == (400, "column")


async def test_a_version_that_is_no_number_is_refused(jp_fetch):
    state = await opened(jp_fetch)
    asked = jp_fetch(*API, "local", "tables", state["table_id"], params={"version": "new"})
    status, error = await refusal(asked)
    assert (status, error["details"]["field"]) == (400, "version")


async def test_an_unknown_table_and_an_unknown_connection_are_not_found(jp_fetch):
    for asked in (
        jp_fetch(*API, "local", "tables", "unknown"),
        post(jp_fetch, "local", "tables", "unknown", "rows", view={}),
        post(jp_fetch, "local", "tables", "unknown", "values", column="summary:Type"),
        post(jp_fetch, "nowhere", "tables", experiments=["mnist"]),
    ):
        status, error = await refusal(asked)
        assert (status, error["code"]) == (404, "not_found")


async def test_without_credentials_nothing_is_told(jp_fetch, service):
    for path, options in (
        (("tables",), {"method": "POST", "body": "{}"}),
        (("tables", "x"), {}),
        (("tables", "x", "rows"), {"method": "POST", "body": "{}"}),
        (("tables", "x", "values"), {"method": "POST", "body": "{}"}),
    ):
        asked = jp_fetch(*API, "local", *path, headers={"Authorization": ""}, **options)
        status, _ = await refusal(asked)
        assert status == 403


async def test_groups_differences_and_single_rows_are_answered(jp_fetch):
    table = await opened(jp_fetch)
    path = ("local", "tables", table["table_id"])
    grouped = {**VIEW, "group_by": ["parameter:optimizer"], "expanded": ['group:["sgd"]']}
    window = await post(jp_fetch, *path, "rows", view=grouped)
    assert [(row["level"], row["cells"][1]) for row in window["rows"]] == [
        (1, "adam"),
        (1, "sgd"),
        (2, "sgd"),
    ]
    assert window["rows"][1]["group"]["row_count"] == 1
    assert (window["total"], window["passed"], window["groups"]) == (3, 2, 2)
    answer = await post(jp_fetch, *path, "differences", view={})
    assert "parameter:optimizer" in answer["columns"]
    assert "summary:Experiment" not in answer["columns"]
    rows = (await post(jp_fetch, *path, "rows", view=VIEW, ids=["t2/training-2"]))["rows"]
    assert [row["cells"] for row in rows] == [["t2", "adam"]]


async def test_a_table_is_sent_as_a_file(jp_fetch):
    state = await opened(jp_fetch)
    path = (*API, "local", "tables", state["table_id"], "export")
    body = json.dumps({"view": VIEW, "format": "csv"})
    reply = await jp_fetch(*path, method="POST", body=body)
    assert reply.body == b"Trial,optimizer\nt2,adam\nt1,sgd\n"
    assert reply.headers["Content-Type"] == "text/csv; charset=UTF-8"
    assert reply.headers["Content-Disposition"] == "attachment"
    assert reply.headers["Smx-Row-Count"] == "2"
    body = json.dumps({"view": VIEW, "format": "json", "rows": ["t1/training-1"]})
    reply = await jp_fetch(*path, method="POST", body=body)
    assert json.loads(reply.body) == [{"Trial": "t1", "optimizer": "sgd"}]


async def test_an_export_that_breaks_a_rule_is_refused(jp_fetch):
    state = await opened(jp_fetch)
    path = ("local", "tables", state["table_id"], "export")
    for body in ({"view": VIEW, "format": "xlsx"}, {"view": {"columns": [{"column": "x"}]},
                                                    "format": "csv"}):  # fmt: skip
        status, error = await refusal(post(jp_fetch, *path, **body))
        assert (status, error["code"]) == (400, "invalid_request")
    status, error = await refusal(
        post(jp_fetch, "local", "tables", "unknown", "export", view=VIEW, format="csv")
    )
    assert (status, error["code"]) == (404, "not_found")


async def test_a_file_that_fails_on_its_way_does_not_look_whole(
    jp_fetch, jp_serverapp, monkeypatch
):
    state = await opened(jp_fetch)
    tables = jp_serverapp.web_app.settings["smx_lab_services"].tables

    def pieces():
        yield b"Trial\n"
        raise KeyError("a defect")

    export = tables_module.Export(2, "text/csv", pieces())
    monkeypatch.setattr(tables, "export", lambda *_: export)
    body = json.dumps({"view": VIEW, "format": "csv"})
    with pytest.raises(HTTPClientError) as cut:
        await jp_fetch(
            *API, "local", "tables", state["table_id"], "export", method="POST", body=body
        )
    assert cut.value.code == 599


async def test_whether_a_metric_has_steps_is_told(jp_fetch):
    table_id = (await opened(jp_fetch))["table_id"]
    answer = await jp_fetch(
        *API, "local", "tables", table_id, "series", params={"metric": "metric:loss"}
    )
    assert json.loads(answer.body) == {"metric": "metric:loss", "logged": False}


async def test_rows_that_nobody_waits_for_any_more_are_not_worked_out(
    jp_fetch, jp_serverapp, monkeypatch
):
    state = await opened(jp_fetch)
    services = jp_serverapp.web_app.settings[SERVICES]
    executor, tables = services.executor("local"), services.tables
    asked = []
    list_rows = tables.list_rows
    monkeypatch.setattr(tables, "list_rows", lambda *args: asked.append(1) or list_rows(*args))
    hung_up = asyncio.Event()
    close = RowsHandler.on_connection_close
    monkeypatch.setattr(
        RowsHandler, "on_connection_close", lambda handler: close(handler) or hung_up.set()
    )
    busy = threading.Event()
    for _ in range(THREADS_PER_CONNECTION):
        executor.submit(busy.wait, PATIENCE_S)
    rows = ("local", "tables", state["table_id"], "rows")
    body = json.dumps({"view": VIEW})
    with pytest.raises(HTTPTimeoutError):
        await jp_fetch(*API, *rows, method="POST", body=body, request_timeout=0.3)
    # What was queued in front of this was given up, or has been worked out.
    behind = asyncio.wrap_future(executor.submit(list, asked))
    await hung_up.wait()
    busy.set()
    assert await behind == []
    window = await post(jp_fetch, *rows, view=VIEW)
    assert len(window["rows"]) == 2
    assert asked == [1]
