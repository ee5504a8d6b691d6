"""Searches side by side, on plain lists: everything is found, whatever the order of answers."""

import random
from datetime import datetime, timedelta, timezone

import pytest

from smx_lab.core.errors import InvalidRequest
from smx_lab.gateway.reading.windows import Windows

MORNING = datetime(2024, 5, 17, 8, tzinfo=timezone.utc)
EXPRESSION = {"Filters": [{"Name": "Parents.TrialName", "Operator": "Equals", "Value": "t"}]}


def at(seconds):
    return MORNING + timedelta(seconds=seconds)


SHAPES = {
    "evenly": lambda number: [at(60 * n + 0.5) for n in range(1500)],
    "in bursts": lambda number: [
        at(86_400 * day + number.random() * 300) for day in range(6) for _ in range(250)
    ],
    "mostly at the end": lambda number: [at(1e6 * number.random() ** 0.05) for _ in range(1500)],
    "many at each instant": lambda number: [at(10 * (n // 130)) for n in range(1500)],
    "all at one instant": lambda number: [at(0)] * 450,
    "within a second": lambda number: [at(number.random()) for _ in range(450)],
    "one page": lambda number: [at(n) for n in range(100)],
    "none": lambda number: [],
}


class Service:
    """Search on creation times: pages of 100, and no more than a window of records a query."""

    def __init__(self, times, window):
        self.times, self.window, self.calls = times, window, 0

    def answer(self, step):
        self.calls += 1
        found = list(range(len(self.times)))
        for filter in step.expression["Filters"][1:]:
            bound = datetime.fromisoformat(filter["Value"]).replace(tzinfo=timezone.utc)
            if filter["Operator"] == "GreaterThanOrEqualTo":
                found = [n for n in found if self.times[n] >= bound]
            else:
                found = [n for n in found if self.times[n] <= bound]
        found.sort(key=lambda n: (self.times[n], n), reverse=step.order == "Descending")
        first = int(step.token or 0)
        shown = found[first : first + 100]
        end = first + len(shown)
        return shown, str(end) if end < min(len(found), self.window) else None


def read(service, number, at_once, windows=None):
    """Read everything with so many calls under way, which end in any order."""
    windows = windows or Windows(EXPRESSION)
    met, under_way = set(), []
    while not windows.is_read:
        while len(under_way) < at_once:
            step = windows.next_step(False) or windows.next_step(True)
            if step is None:
                break
            under_way.append(step)
        step = under_way.pop(number.randrange(len(under_way)))
        shown, token = service.answer(step)
        met.update(shown)
        windows.take(step, [service.times[n] for n in shown], token)
    return met


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("at_once", [1, 2, 5, 12])
def test_everything_is_found(shape, at_once):
    for seed in range(5):
        number = random.Random(seed)
        service = Service(shape(number), window=10_000)
        assert read(service, number, at_once) == set(range(len(service.times)))


@pytest.mark.parametrize("at_once", [1, 2, 12])
def test_more_than_a_search_gives_out_is_found_too(at_once):
    for name in ("evenly", "in bursts", "mostly at the end", "many at each instant"):
        number = random.Random(3)
        service = Service(SHAPES[name](number), window=300)
        windows = Windows(EXPRESSION, result_window=300)
        assert read(service, number, at_once, windows) == set(range(len(service.times))), name


def test_more_of_one_second_than_a_search_gives_out_is_said():
    service = Service([at(0)] * 450, window=300)
    with pytest.raises(InvalidRequest, match="in one second"):
        read(service, random.Random(1), 1, Windows(EXPRESSION, result_window=300))


def test_one_at_a_time_costs_no_call_more_than_the_pages():
    service = Service(SHAPES["evenly"](None), window=10_000)
    read(service, random.Random(1), 1)
    assert service.calls == 15


def test_side_by_side_costs_few_calls_more():
    service = Service([at(60 * n) for n in range(10_000)], window=10_000)
    read(service, random.Random(1), 12)
    assert service.calls <= 120


def test_what_was_read_before_a_failure_is_not_read_again():
    number = random.Random(1)
    service = Service([at(60 * n) for n in range(5000)], window=10_000)
    windows, met = Windows(EXPRESSION), set()
    for _ in range(30):
        step = windows.next_step(False) or windows.next_step(True)
        shown, token = service.answer(step)
        met.update(shown)
        windows.take(step, [service.times[n] for n in shown], token)
    windows.next_step(False)  # is never answered
    windows.resume()
    met |= read(service, number, 4, windows)
    assert met == set(range(5000))
    assert service.calls < 75


def test_a_call_that_is_refused_with_a_token_is_made_without():
    service = Service([at(60 * n) for n in range(250)], window=10_000)
    windows = Windows(EXPRESSION)
    step = windows.next_step(False)
    shown, token = service.answer(step)
    windows.take(step, [service.times[n] for n in shown], token)
    assert windows.refused(windows.next_step(False))
    again = windows.next_step(False)
    assert again.token is None
    assert not windows.refused(again)
