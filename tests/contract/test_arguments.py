"""Query arguments are decoded by their types, and refused by name."""

import pytest

from smx_lab.contract.arguments import arguments, decode
from smx_lab.contract.queries import (
    DeleteEndpointQuery,
    DisassociateQuery,
    EndpointsQuery,
    ListQuery,
    SeriesCheckQuery,
    TableQuery,
    TagKeysQuery,
    TagsQuery,
)
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.list_filter import ListFilter


def decoded(kind, **texts):
    """Decode a query in which an argument has one text, or a list of them."""
    as_lists = {name: [text] if isinstance(text, str) else text for name, text in texts.items()}
    return decode(kind, lambda name: as_lists.get(name, []))


def refusal(kind, **texts):
    with pytest.raises(InvalidRequest) as refused:
        decoded(kind, **texts)
    return refused.value.message, refused.value.details


def test_without_arguments_each_has_its_default():
    assert decoded(ListQuery) == ListQuery(
        next_token=None,
        max_results=100,
        sort_by="LastModifiedTime",
        sort_order="Descending",
        name_contains="",
        filters=(),
    )
    assert decoded(TableQuery) == TableQuery(version=None)
    assert decoded(TagsQuery) == TagsQuery(resource_arn=[])


def test_an_empty_argument_takes_its_default():
    names = [argument.name for argument in arguments(EndpointsQuery)]
    assert decoded(EndpointsQuery, **dict.fromkeys(names, "")) == EndpointsQuery()
    assert decoded(TableQuery, version="") == TableQuery()


def test_texts_become_what_their_types_say():
    filters = '[{"column": "Name", "operator": "contains", "values": ["mnist"]}]'
    asked = {"next_token": "x", "max_results": "007", "sort_by": "Name", "filters": filters}
    assert decoded(ListQuery, **asked) == ListQuery(
        next_token="x",
        max_results=7,
        sort_by="Name",
        filters=(ListFilter(column="Name", operator="contains", values=("mnist",)),),
    )
    assert decoded(DeleteEndpointQuery, models="true", endpoint_config="false") == (
        DeleteEndpointQuery(models=True)
    )
    assert decoded(DisassociateQuery, trial_component_name=["a", "b"]) == (
        DisassociateQuery(trial_component_name=["a", "b"])
    )


def test_of_an_argument_given_twice_the_last_counts():
    assert decoded(TableQuery, version=["1", "2"]) == TableQuery(version=2)


def test_what_a_query_does_not_name_is_ignored():
    assert decoded(TableQuery, version="1", t="1700000000000") == TableQuery(version=1)


def test_a_very_long_number_is_a_number():
    assert decoded(TableQuery, version="9" * 10_000) == TableQuery(version=10**18 - 1)


@pytest.mark.parametrize("text", ["0", "101", "-1", "+5", "1e1", "5.0", "many", "٣", "²"])
def test_a_number_out_of_its_range_is_refused_with_the_range(text):
    assert refusal(ListQuery, max_results=text) == (
        "max_results must be from 1 to 100.",
        {"field": "max_results"},
    )


@pytest.mark.parametrize("text", ["new", "-1", "1.0"])
def test_a_number_without_an_upper_limit_is_refused_as_one(text):
    assert refusal(TableQuery, version=text) == (
        "version must be a number.",
        {"field": "version"},
    )


@pytest.mark.parametrize("text", ["1", "True", "yes"])
def test_a_flag_is_true_or_false(text):
    assert refusal(DeleteEndpointQuery, models=text) == (
        "models must be true or false.",
        {"field": "models"},
    )


def test_a_choice_is_refused_with_all_choices():
    assert refusal(ListQuery, sort_by="Size") == (
        "sort_by must be one of LastModifiedTime, CreationTime, Name.",
        {"field": "sort_by"},
    )
    assert refusal(ListQuery, sort_order="Up") == (
        "sort_order must be one of Descending, Ascending.",
        {"field": "sort_order"},
    )
    missing = ("level must be one of experiments, trials, trial-components.", {"field": "level"})
    assert refusal(TagKeysQuery) == missing
    assert refusal(TagKeysQuery, level="") == missing
    assert refusal(TagKeysQuery, level="jobs") == missing


def test_a_missing_text_is_refused_and_an_empty_one_taken():
    assert refusal(SeriesCheckQuery) == ("The query argument metric is missing.", {})
    assert decoded(SeriesCheckQuery, metric="") == SeriesCheckQuery(metric="")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "filters is not JSON."),
        ("{}", "Expected `array`, got `object` in filters."),
        (
            '[{"column": "Name"}]',
            "Object missing required field `operator` - at `$[0]` in filters.",
        ),
    ],
)
def test_json_is_refused_with_the_place_of_the_fault(text, sentence):
    assert refusal(ListQuery, filters=text) == (sentence, {"field": "filters"})
