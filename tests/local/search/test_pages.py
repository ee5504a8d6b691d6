"""Pages of a search, by whatever plan, are those of a plain list, filtered and sorted."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smx_lab.local.context import Context, from_ms
from smx_lab.local.operations.metrics import batch_put_metrics
from smx_lab.local.operations.search import search
from smx_lab.local.operations.trial_components import (
    create_trial_component,
    delete_trial_component,
    update_trial_component,
)
from smx_lab.local.records.metric_search import before_search
from smx_lab.local.search import pages
from smx_lab.local.search.limits import LIMITS, SearchLimits
from smx_lab.local.search.refresh import refresh
from smx_lab.local.search.results import Hit, Known, Results, results
from smx_lab.local.store.changes import Changes
from smx_lab.local.store.store import Store

COMPONENTS = 120
Component = dict[str, Any]
Key = Callable[[Component], Any]

SORTS: dict[str, Key] = {
    "Metrics.loss.Max": lambda c: c["loss"],
    "Parameters.rate": lambda c: c["rate"],
    "Parameters.kind": lambda c: c["kind"],
    "Parameters.mixed": lambda c: c["mixed"],
    "Metrics.no-such.Last": lambda _: None,
}
EVERYTHING: tuple[list[dict[str, str]], Key] = ([], lambda _: True)
BROAD: tuple[list[dict[str, str]], Key] = (
    [{"Name": "Parameters.rate", "Operator": "GreaterThan", "Value": "2"}],
    lambda c: c["rate"] is not None and c["rate"] > 2,
)
NARROW: tuple[list[dict[str, str]], Key] = (
    [{"Name": "Parameters.kind", "Operator": "Equals", "Value": "a"}],
    lambda c: c["kind"] == "a",
)
NAMED: tuple[list[dict[str, str]], Key] = (
    [{"Name": "TrialComponentName", "Operator": "Contains", "Value": "1"}],
    lambda c: "1" in str(c["id"]),
)
BOTH = (BROAD[0] + NARROW[0], lambda c: BROAD[1](c) and NARROW[1](c))
NOTHING: tuple[list[dict[str, str]], Key] = (
    [{"Name": "TrialComponentName", "Operator": "Equals", "Value": "nobody"}],
    lambda _: False,
)


class World:
    """A store, and the same components as plain dicts, which are the truth."""

    def __init__(self, folder: Path, seed: int, limits: SearchLimits = LIMITS) -> None:
        self.limits = limits
        self.store = Store(folder / "store.db")
        self.context = Context(self.store, "us-east-1", "000000000000", folder)
        self.components: dict[str, Component] = {}
        self.created = 0
        self.random = random.Random(seed)
        for _ in range(COMPONENTS):
            self.create()

    def create(self) -> None:
        self.created += 1
        pick, name = self.random, f"c-{self.created}"
        component: Component = {
            "id": self.created,
            "loss": pick.choice([None, *range(6)]),
            "rate": pick.choice([None, *range(5)]),
            "kind": pick.choice([None, *"abcdefgh"]),
            "mixed": pick.choice([None, 1.0, 2.5, "low", "high"]),
        }
        parameters = {key: _parameter(component[key]) for key in ("rate", "kind", "mixed")}
        self.components[name] = component
        request = {
            "TrialComponentName": name,
            "Parameters": {key: value for key, value in parameters.items() if value},
        }
        self.write(create_trial_component, request)
        if component["loss"] is not None:
            point = {"MetricName": "loss", "Timestamp": from_ms(1), "Value": component["loss"]}
            self.write(batch_put_metrics, {"TrialComponentName": name, "MetricData": [point]})

    def change(self) -> None:
        """Write something: about a component that is there, a new one, or one less."""
        pick, name = self.random, self.random.choice(list(self.components))
        point = {"MetricName": "loss", "Timestamp": from_ms(1), "Value": pick.randrange(6)}
        value = pick.choice([1.0, 2.5, "low", 3.0])
        change = pick.randrange(5)
        if change == 0:
            self.write(batch_put_metrics, {"TrialComponentName": name, "MetricData": [point]})
        elif change == 1:
            key = pick.choice(["rate", "kind", "mixed"])
            request = {"TrialComponentName": name, "Parameters": {key: _parameter(value)}}
            self.write(update_trial_component, request)
        elif change == 2:
            request = {"TrialComponentName": name, "ParametersToRemove": ["rate", "kind"]}
            self.write(update_trial_component, request)
        elif change == 3:
            self.create()
        else:
            # A new component may get the id of the newest one that is gone.
            self.write(delete_trial_component, {"TrialComponentName": name})
            del self.components[name]

    def write(self, function: Callable[..., Any], request: Any) -> None:
        self.store.write(lambda cx: function(cx, self.context, request)).result()

    def search(self, request: dict[str, Any], found: Results = results) -> dict[str, Any]:
        before_search(self.context, request)
        answer = self.store.read(lambda cx: search(cx, self.context, request, self.limits, found))
        assert answer is not None
        return answer

    def pages(self, request: dict[str, Any]) -> Iterator[list[str]]:
        while True:
            answer = self.search(request)
            yield [item["TrialComponent"]["TrialComponentName"] for item in answer["Results"]]
            if answer["NextToken"] is None:
                return
            request = {**request, "NextToken": answer["NextToken"]}

    def expected(self, matches: Key, key: Key, *, descending: bool) -> list[str]:
        """SQLite's order: numbers before text, then by id; what has no value last, newest first."""
        found = [(name, c) for name, c in self.components.items() if matches(c)]
        valued = [(name, c) for name, c in found if key(c) is not None]
        valued.sort(
            key=lambda item: (isinstance(key(item[1]), str), key(item[1]), item[1]["id"]),
            reverse=descending,
        )
        others = [(name, c) for name, c in found if key(c) is None]
        others.sort(key=lambda item: item[1]["id"], reverse=True)
        return [name for name, _ in valued + others]


def _parameter(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return {"StringValue": value}
    return {"NumberValue": float(value)}


@pytest.fixture(params=[False, True], ids=["as-they-are", "of-one-row"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """With tiny limits, every way of finding a page is taken."""
    tiny = SearchLimits(3, 3, 3, first_block=1, block_growth=2, first_look=1)
    world = World(tmp_path, 7, tiny if request.param else LIMITS)
    yield world
    world.store.close()


def asked(filters: list[dict[str, str]], sort_by: str, *, descending: bool) -> dict[str, Any]:
    return {
        "Resource": "ExperimentTrialComponent",
        "SearchExpression": {"Filters": filters} if filters else {},
        "SortBy": sort_by,
        "SortOrder": "Descending" if descending else "Ascending",
        "MaxResults": 7,
    }


def test_every_order_of_every_selection_is_whole(world: World):
    selections = (EVERYTHING, BROAD, NARROW, NAMED, BOTH, NOTHING)
    for (filters, matches), (sort_by, key) in itertools.product(selections, SORTS.items()):
        for descending in (True, False):
            found = list(world.pages(asked(filters, sort_by, descending=descending)))
            expected = world.expected(matches, key, descending=descending)
            assert list(itertools.chain(*found)) == expected, (filters, sort_by, descending)
            assert all(len(page) == 7 for page in found[:-1])


def test_a_page_is_of_what_is_there_when_it_is_asked_for(world: World):
    """The second page is not served from what the first one left, once something was written."""
    request = asked([], "Parameters.rate", descending=False)
    first = world.search(request)
    last = world.components[first["Results"][-1]["TrialComponent"]["TrialComponentName"]]
    second = world.search({**request, "NextToken": first["NextToken"]})
    gone = second["Results"][0]["TrialComponent"]["TrialComponentName"]
    comes = next(
        name for name, c in world.components.items() if c["rate"] == 4 and c["id"] > last["id"]
    )
    world.write(delete_trial_component, {"TrialComponentName": gone})
    parameters = {"rate": {"NumberValue": last["rate"]}}
    world.write(update_trial_component, {"TrialComponentName": comes, "Parameters": parameters})
    del world.components[gone]
    world.components[comes]["rate"] = last["rate"]
    rest = list(itertools.chain(*world.pages({**request, "NextToken": first["NextToken"]})))
    expected = world.expected(EVERYTHING[1], SORTS["Parameters.rate"], descending=False)
    place = [world.components[name]["id"] for name in expected].index(last["id"])
    assert rest == expected[place + 1 :]


def test_what_was_found_before_a_write_is_brought_up_to_date(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Each page is the one that is found without what the pages before it left."""
    refreshes = []

    def noted(*arguments: Any, **named: Any) -> Any:
        refreshes.append(arguments)
        return refresh(*arguments, **named)

    monkeypatch.setattr(pages, "refresh", noted)
    sorts = [*SORTS, "LastModifiedTime", "DisplayName", "TrialComponentName"]
    for turn in range(40):
        filters, _ = world.random.choice((EVERYTHING, BROAD, NARROW, BOTH))
        request = asked(filters, world.random.choice(sorts), descending=turn % 2 == 0)
        answer = world.search(request)
        while answer["NextToken"]:
            for _ in range(world.random.randrange(4)):
                world.change()
            request["NextToken"] = answer["NextToken"]
            answer = world.search(request)
            anew = world.search(request, Results())
            assert answer == anew, request
    assert len(refreshes) > 100


def test_after_too_many_writes_a_page_is_found_anew(world: World):
    world.context.component_changes = Changes(max_changes=3)
    request = asked([], "Parameters.rate", descending=False)
    request["NextToken"] = world.search(request)["NextToken"]
    for _ in range(5):
        world.change()
    answer = world.search(request)
    assert answer == world.search(request, Results())


def test_hits_are_counted_up_to_a_bound(world: World):
    total = len(world.expected(BROAD[1], SORTS["Parameters.rate"], descending=True))
    hits = world.search(asked(BROAD[0], "Parameters.rate", descending=True))["TotalHits"]
    if total > world.limits.max_counted:
        assert hits == {"Value": world.limits.max_counted, "Relation": "GreaterThanOrEqualTo"}
    else:
        assert hits == {"Value": total, "Relation": "EqualTo"}
    everything = world.search(asked([], "Parameters.rate", descending=True))["TotalHits"]
    assert everything == {"Value": COMPONENTS, "Relation": "EqualTo"}


@pytest.mark.parametrize(
    ("filters", "bound", "hits"),
    [
        (NAMED[0], 1000, {"Value": 40, "Relation": "EqualTo"}),
        (NAMED[0], 20, {"Value": 20, "Relation": "GreaterThanOrEqualTo"}),
        (NAMED[0] + BROAD[0], 1000, {"Value": 3, "Relation": "GreaterThanOrEqualTo"}),
    ],
    ids=["names", "more-names", "names-and-more"],
)
def test_names_alone_are_counted_further(
    tmp_path: Path, filters: list[dict[str, str]], bound: int, hits: dict[str, Any]
):
    world = World(tmp_path, 7, SearchLimits(max_counted=3, max_counted_names=bound))
    assert world.search(asked(filters, "Parameters.rate", descending=True))["TotalHits"] == hits
    world.store.close()


def test_the_next_pages_are_not_searched_for_anew_until_something_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world = World(tmp_path, seed=7)
    filters = [{"Name": "Metrics.loss.Last", "Operator": "GreaterThan", "Value": "-1"}]
    for sort_by in ("Metrics.loss.Last", "DisplayName"):
        request = {**asked(filters, sort_by, descending=True), "MaxResults": 5}
        first = world.search(request)
        with monkeypatch.context() as patched:
            patched.setattr(pages, "_Search", None)
            second = world.search({**request, "NextToken": first["NextToken"]})
        world.store.write(lambda cx: cx.execute("SELECT 1")).result()
        anew = world.search({**request, "NextToken": first["NextToken"]})
        assert second["Results"] == anew["Results"]
        assert len(second["Results"]) == 5
    world.store.close()


def test_every_page_says_alike_how_many_there_are(world: World):
    filters = [{"Name": "Parameters.rate", "Operator": "Exists"}]
    answers, request = [], asked(filters, "Metrics.loss.Last", descending=False)
    answers.append(world.search(request))
    answers.append(world.search({**request, "NextToken": answers[0]["NextToken"]}))
    assert answers[0]["TotalHits"] == answers[1]["TotalHits"]


def test_what_has_no_value_stays_behind_what_has_one_newest_first():
    there = [Hit(True, 1, 5), Hit(False, None, 9), Hit(False, None, 4)]
    known = Known(version=1, spelling=None, hits=there, is_last=True)
    again = [Hit(True, 3, 8), Hit(True, 0, 2), Hit(False, None, 7)]
    now = refresh(known, Hit(True, 2, 1), {2, 4, 7, 8}, again, 2, descending=True)
    assert now.hits == [Hit(True, 1, 5), Hit(True, 0, 2), Hit(False, None, 9), Hit(False, None, 7)]
    later = refresh(known, Hit(False, None, 8), {2, 4, 7, 8}, again, 2, descending=True)
    assert later.hits[-1] == Hit(False, None, 7)
