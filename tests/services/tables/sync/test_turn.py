import threading

from smx_lab.services.tables.sync.turn import ReadingTurn


def test_a_turn_is_taken_from_its_beginning_to_its_end():
    turn = ReadingTurn(1.0)
    assert (turn.is_taken, turn.began) == (False, 1.0)
    turn.begin(5.0)
    assert (turn.is_taken, turn.began) == (True, 5.0)
    turn.end()
    assert not turn.is_taken


def test_a_turn_that_was_stopped_can_be_taken_again_unless_it_is_closed():
    turn = ReadingTurn(0.0)
    turn.begin(1.0)
    turn.stop()
    assert (turn.stopped.is_set(), turn.is_taken, turn.is_closed) == (True, True, False)
    turn.end()
    turn.begin(2.0)
    assert not turn.stopped.is_set()
    turn.close()
    assert (turn.stopped.is_set(), turn.is_closed) == (True, True)


def test_waiting_ends_with_the_turn():
    turn = ReadingTurn(0.0)
    turn.wait()  # it is free
    turn.begin(1.0)
    turn.wait(0.01)
    assert turn.is_taken
    threading.Timer(0.05, turn.end).start()
    turn.wait(30)
    assert not turn.is_taken
