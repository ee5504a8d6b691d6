"""Calls side by side: each is answered once, and who takes the answers always comes to an end."""

import threading

import pytest

from smx_lab.core.connection import Connection
from smx_lab.gateway.reading.concurrent import LOCAL_AT_ONCE, ConcurrentCalls, Stopped
from smx_lab.gateway.reading.workers import Workers
from smx_lab.gateway.sagemaker import SageMaker
from tests.support.waiting import eventually

LOCAL = Connection(id="local", kind="local", label="Local")


@pytest.fixture
def stopped():
    return threading.Event()


@pytest.fixture
def calls(stopped):
    return ConcurrentCalls(Workers(8, "test"), stopped)


@pytest.fixture
def sagemaker():
    """One that has no pace, as the local service: so many calls at once."""
    return SageMaker(LOCAL, lambda: pytest.fail("nothing is asked of it"))


def one_by_one(*made):
    """Choose these calls, in their order."""
    left = iter(made)
    return lambda: next(left, None)


def test_each_call_s_answer_is_taken_once(calls, sagemaker):
    numbers = [lambda number=number: number for number in range(50)]
    assert sorted(calls.results(sagemaker, one_by_one(*numbers))) == list(range(50))


def test_no_more_are_under_way_than_may_be(calls, sagemaker):
    lock, under_way, most = threading.Lock(), [0], [0]

    def call():
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        with lock:
            under_way[0] -= 1
        return True

    assert list(calls.results(sagemaker, one_by_one(*[call] * 200))) == [True] * 200
    assert most[0] <= LOCAL_AT_ONCE


def test_the_next_call_is_made_while_an_answer_is_looked_at(calls, sagemaker):
    """Nothing is taken meanwhile: the workers go on by themselves, but not without end."""
    made = []
    numbers = [lambda number=number: made.append(number) or number for number in range(50)]
    answers = calls.results(sagemaker, one_by_one(*numbers))
    next(answers)
    eventually(lambda: len(made) >= 1 + LOCAL_AT_ONCE, "the calls after it")
    assert len(made) <= 2 + 2 * LOCAL_AT_ONCE
    assert len(list(answers)) == 49


def test_what_is_noted_is_taken_before_an_error(calls, sagemaker):
    noted, taken = [], []

    def note(number):
        if number == 7:
            raise ValueError("seven")
        noted.append(number)

    numbers = [lambda number=number: number for number in range(50)]
    with pytest.raises(ValueError, match="seven"):
        taken.extend(calls.results(sagemaker, one_by_one(*numbers), note))
    assert sorted(taken) == sorted(noted)


def test_what_is_in_vain_is_not_waited_for(calls, sagemaker):
    may_end = threading.Event()
    made = one_by_one(lambda: "wanted", lambda: may_end.wait(60) and "in vain")
    is_over = []
    found = calls.results(sagemaker, made, is_over.append, lambda: bool(is_over))
    assert list(found) == ["wanted"]
    may_end.set()


@pytest.mark.parametrize("when", ["before", "between", "in the wait"])
def test_who_waits_is_told_of_the_end(calls, stopped, sagemaker, when):
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
                assert list(calls.results(sagemaker, one_by_one(lambda: 1))) == [1]
                end()
            list(calls.results(sagemaker, one_by_one(ask)))
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
