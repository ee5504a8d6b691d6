"""Calls side by side: who waits for them always comes to an end."""

import threading

import pytest

from smx_lab.services.side_by_side import SideBySide, Stopped
from smx_lab.services.workers import Workers
from tests.multiply import eventually


@pytest.fixture
def stopped():
    return threading.Event()


@pytest.fixture
def calls(stopped):
    return SideBySide(Workers(2, "test"), stopped)


def test_each_call_s_answer_is_taken_once(calls):
    for number in range(5):
        calls.begin(lambda number=number: number)
    assert sorted(calls.take() for _ in range(5)) == [0, 1, 2, 3, 4]
    assert not calls.is_any


def test_what_is_forgotten_is_not_heard_of(calls):
    may_end = threading.Event()
    calls.begin(lambda: may_end.wait(60))
    calls.forget()
    calls.begin(lambda: "wanted")
    may_end.set()
    assert calls.take() == "wanted"
    assert not calls.is_any


@pytest.mark.parametrize("when", ["before the call", "before the wait", "in the wait"])
def test_who_waits_is_told_of_the_end(calls, stopped, when):
    ended = []
    may_end = threading.Event()

    def end():
        stopped.set()
        calls.wake()

    def wait():
        try:
            calls.take()
        except Stopped:
            ended.append(True)

    if when == "before the call":
        end()
        calls.forget()  # a round that begins as the user says stop
    calls.begin(may_end.wait)
    if when == "before the wait":
        end()
    threading.Thread(target=wait, daemon=True).start()
    if when == "in the wait":
        end()
    eventually(lambda: ended, "the end is told")
    may_end.set()
