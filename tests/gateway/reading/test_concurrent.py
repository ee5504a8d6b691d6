"""Calls side by side: each result is taken once, and taking the results always comes to an end."""

import threading
import time

import pytest

from smx_lab.gateway.reading.concurrent import ConcurrentCalls, Stopped, Workers, call_each
from tests.support.waiting import eventually

AT_ONCE = 2


@pytest.fixture
def stopped():
    return threading.Event()


@pytest.fixture
def calls(stopped):
    return ConcurrentCalls(Workers(8, "test"), stopped)


def two():
    return AT_ONCE


def one_by_one(*made):
    """Choose these calls, in their order."""
    left = iter(made)
    return lambda: next(left, None)


def test_each_call_s_answer_is_taken_once(calls):
    numbers = [lambda number=number: number for number in range(50)]
    assert sorted(calls.results(one_by_one(*numbers), two)) == list(range(50))


def test_no_more_are_under_way_than_may_be(calls):
    lock, under_way, most = threading.Lock(), [0], [0]

    def call():
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        with lock:
            under_way[0] -= 1
        return True

    assert list(calls.results(one_by_one(*[call] * 200), two)) == [True] * 200
    assert most[0] <= AT_ONCE


def test_the_next_call_is_made_while_an_answer_is_looked_at(calls):
    """Nothing is taken meanwhile: the workers go on by themselves, but not without end."""
    made = []
    numbers = [lambda number=number: made.append(number) or number for number in range(50)]
    answers = calls.results(one_by_one(*numbers), two)
    next(answers)
    eventually(lambda: len(made) >= 1 + AT_ONCE, "the calls after it")
    assert len(made) <= 2 + 2 * AT_ONCE
    assert len(list(answers)) == 49


def test_what_is_noted_is_taken_before_an_error(calls):
    noted, taken = [], []

    def note(number):
        if number == 7:
            raise ValueError("seven")
        noted.append(number)

    numbers = [lambda number=number: number for number in range(50)]
    with pytest.raises(ValueError, match="seven"):
        taken.extend(calls.results(one_by_one(*numbers), two, note))
    assert sorted(taken) == sorted(noted)


def test_what_is_in_vain_is_not_waited_for(calls):
    may_end = threading.Event()
    made = one_by_one(lambda: "wanted", lambda: may_end.wait(60) and "in vain")
    is_over = []
    found = calls.results(made, two, is_over.append, lambda: bool(is_over))
    assert list(found) == ["wanted"]
    may_end.set()


@pytest.mark.parametrize("when", ["before", "between", "in the wait"])
def test_who_waits_is_told_of_the_end(calls, stopped, when):
    may_end, is_asked = threading.Event(), threading.Event()
    ended = []

    def end():
        stopped.set()
        calls.wake()

    def ask():
        is_asked.set()
        return may_end.wait(60)

    def wait():
        try:
            if when == "between":
                assert list(calls.results(one_by_one(lambda: 1), two)) == [1]
                end()
            list(calls.results(one_by_one(ask), two))
        except Stopped:
            ended.append(True)

    if when == "before":
        end()
    threading.Thread(target=wait, daemon=True).start()
    if when == "in the wait":
        eventually(is_asked.is_set, "the call")
        end()
    eventually(lambda: ended, "the end is told")
    may_end.set()


def test_each_item_is_called_for_and_the_results_keep_the_order():
    lock, under_way, most = threading.Lock(), set(), [0]

    def call(item):
        with lock:
            under_way.add(item)
            most[0] = max(most[0], len(under_way))
        time.sleep(0.001 * (item % 3))
        with lock:
            under_way.remove(item)
        return item * 2

    assert call_each(range(50), call, 4, "test") == [item * 2 for item in range(50)]
    assert 1 < most[0] <= 4


def test_one_item_needs_no_thread():
    assert call_each(["one"], lambda _: threading.current_thread(), 4, "test") == [
        threading.current_thread()
    ]
    assert call_each([], lambda _: pytest.fail("there is nothing to call for"), 4, "test") == []


def test_the_first_item_s_error_is_raised_and_no_more_calls_begin():
    called, second_failed = [], threading.Event()

    def call(item):
        called.append(item)
        if item == 0:
            second_failed.wait(60)
            raise ValueError("zero")
        second_failed.set()
        raise ValueError("one")

    with pytest.raises(ValueError, match="zero"):
        call_each(range(50), call, 2, "test")
    assert sorted(called) == [0, 1]


def test_the_threads_of_a_short_work_end_with_it():
    call_each(range(20), lambda _: time.sleep(0.001), 4, "a short work")
    eventually(
        lambda: "a short work" not in [thread.name for thread in threading.enumerate()], "the end"
    )
