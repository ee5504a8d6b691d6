"""The routes: registered as in the contract, their authorization, and the format of errors."""

import re

import pytest
from jupyter_server.auth import Authorizer

from smx_lab.contract.routes import ROUTES
from smx_lab.handlers.base import SmxHandler
from smx_lab.handlers.routes import HANDLER_BY_PATH, UnknownHandler, handlers, pattern

EXAMPLES = {"connection_id": "local"}


def path_of(route):
    return re.sub(r"\{(\w+)\}", lambda found: EXAMPLES.get(found[1], "x"), route.path)


def body_of(route):
    return None if route.method in ("GET", "DELETE") else b"{}"


def own_verbs(handler):
    return {
        verb.upper() for verb in ("get", "post", "delete", "put", "patch") if verb in vars(handler)
    }


def test_every_route_has_a_handler_and_no_handler_has_more():
    of_contract = {}
    for route in ROUTES:
        of_contract.setdefault(route.path, set()).add(route.method)
    assert {path: own_verbs(kind) for path, kind in HANDLER_BY_PATH.items()} == of_contract


def test_a_path_is_matched_by_its_own_handler_first():
    registered = handlers()
    for route in ROUTES:
        url = "/smx-lab/api" + path_of(route)
        first = next(kind for regex, kind in registered if re.fullmatch(regex, url))
        assert first is HANDLER_BY_PATH[route.path], route.path
    assert registered[-1][1] is UnknownHandler


def test_every_handler_names_our_resource():
    kinds = [*HANDLER_BY_PATH.values(), UnknownHandler]
    assert {kind.auth_resource for kind in kinds} == {"smx-lab"}
    assert all(issubclass(kind, SmxHandler) for kind in kinds)


def test_a_name_with_a_slash_is_one_segment():
    assert re.fullmatch(
        pattern("/{connection_id}/experiments"), "/smx-lab/api/aws:a%2Fb/experiments"
    )
    assert not re.fullmatch(pattern("/{connection_id}/experiments"), "/smx-lab/api/a/b/experiments")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_without_credentials_nothing_is_answered(
    route, jp_serverapp, http_server_client, jp_base_url
):
    url = f"{jp_base_url}smx-lab/api{path_of(route)}"
    response = await http_server_client.fetch(
        url, method=route.method, body=body_of(route), raise_error=False
    )
    assert response.code == 403
    assert b'"code":"access_denied"' in response.body
    assert b"connections" not in response.body


class ReadOnly(Authorizer):
    """Allow users to read our resources only."""

    def is_authorized(self, handler, user, action, resource):
        return resource != "smx-lab" or action == "read"


class Nothing(Authorizer):
    """Deny users all access to our resources."""

    def is_authorized(self, handler, user, action, resource):
        return resource != "smx-lab"


class TestWithAnAuthorizer:
    @pytest.fixture(params=[ReadOnly, Nothing])
    def authorizer(self, request):
        return request.param

    @pytest.fixture
    def jp_server_config(self, jp_server_config, authorizer):
        jp_server_config["ServerApp"]["authorizer_class"] = authorizer
        return jp_server_config

    async def test_who_may_not_write_changes_nothing(self, ask, authorizer):
        for route in ROUTES:
            may = authorizer is ReadOnly and route.method == "GET"
            answer = await ask(route.method, path_of(route), body_of(route))
            assert (answer.status == 403) is not may, route.name
            if not may:
                assert answer.body["code"] == "access_denied"
                assert "smx-lab" in answer.body["message"]


async def test_a_browser_must_show_the_xsrf_token(
    jp_serverapp, http_server_client, jp_base_url, jp_auth_header
):
    url = f"{jp_base_url}smx-lab/api/connections/local/test"
    signed_in = await http_server_client.fetch(
        f"{jp_base_url}smx-lab/api/connections", headers=jp_auth_header
    )
    cookies = [value.split(";")[0] for value in signed_in.headers.get_list("Set-Cookie")]
    by_cookie = {"Cookie": "; ".join([*cookies, "_xsrf=two"])}
    refused = await http_server_client.fetch(
        url, method="POST", body=b"", headers=by_cookie, raise_error=False
    )
    assert (refused.code, b"_xsrf" in refused.body) == (403, True)
    assert b'"code":"access_denied"' in refused.body
    cookie = {**by_cookie, "X-XSRFToken": "two"}
    accepted = await http_server_client.fetch(
        url, method="POST", body=b"", headers=cookie, raise_error=False
    )
    assert accepted.code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/no/such/route/at/all", None, 404, "not_found"),
        ("POST", "/no/such/route/at/all", b"{}", 404, "not_found"),
        ("DELETE", "/no/such/route/at/all", None, 404, "not_found"),
        ("DELETE", "/connections", None, 405, "method_not_allowed"),
        ("POST", "/local/experiments", b"{}", 405, "method_not_allowed"),
        ("GET", "/nowhere/experiments", None, 404, "not_found"),
        ("GET", "/local/experiments/nobody", None, 404, "not_found"),
        ("POST", "/local/tables", b"{", 400, "invalid_request"),
        ("GET", "/aws:nobody/experiments", None, 401, "credentials_missing"),
        ("GET", "/aws/experiments", None, 401, "credentials_missing"),
        ("GET", "/aws@eu-west-1/experiments", None, 401, "credentials_missing"),
    ],
)
async def test_every_error_has_the_one_shape(ask, method, path, body, status, code):
    answer = await ask(method, path, body)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert set(answer.body) == {"code", "message", "details"}
    assert answer.body["message"].endswith((".", "Allowed"))
    assert all(isinstance(value, str) for value in answer.body["details"].values())
    assert answer.headers["Content-Type"].startswith("application/json")


async def test_a_body_that_is_too_large_is_refused(ask):
    answer = await ask("POST", "/local/endpoints/x/invocations", b"x" * (9 * 1024 * 1024 + 1))
    assert (answer.status, answer.body["code"]) == (413, "too_large")


async def test_a_defect_of_ours_tells_the_user_nothing_but_the_log_everything(
    ask, jp_serverapp, monkeypatch, caplog
):
    services = jp_serverapp.web_app.settings["smx_lab_services"]

    def defective():
        raise KeyError("a secret detail")

    monkeypatch.setattr(services.operations, "list_operations", defective)
    answer = await ask("GET", "/operations")
    assert answer.status == 500
    assert answer.body == {
        "code": "internal_error",
        "message": "Something went wrong in smx-lab; the server's log says what.",
        "details": {},
    }
    assert "a secret detail" in caplog.text
