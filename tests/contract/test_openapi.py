"""The OpenAPI document states each query argument with its type."""

from smx_lab.contract.openapi import REF, document


def schemas(path, method="get"):
    parameters = document()["paths"][path][method]["parameters"]
    return {p["name"]: (p["required"], p["schema"]) for p in parameters if p["in"] == "query"}


def test_numbers_choices_and_json_are_stated_as_such():
    stated = schemas("/{connection_id}/experiments")
    assert stated["max_results"] == (False, {"type": "integer", "minimum": 1, "maximum": 100})
    assert stated["sort_order"] == (False, {"enum": ["Ascending", "Descending"]})
    assert stated["next_token"] == (False, {"type": "string"})
    assert stated["filters"] == (
        False,
        {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"type": "array", "items": {"$ref": REF.format(name="ListFilter")}},
        },
    )


def test_what_a_route_cannot_do_without_is_required():
    assert schemas("/{connection_id}/tags") == {
        "resource_arn": (
            True,
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50},
        )
    }
    assert schemas("/{connection_id}/endpoints/{endpoint_name}", "delete") == {
        "endpoint_config": (False, {"type": "boolean"}),
        "models": (False, {"type": "boolean"}),
    }
