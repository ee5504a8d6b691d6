"""The queue of calls: urgent ones first, and one for each account and address."""

import base64
import threading

from smx_lab.gateway.adaptive_rate import FIRST_AT_ONCE, MAX_AT_ONCE, MORE_FOR_URGENT
from smx_lab.gateway.credentials.accounts import account_of_key
from smx_lab.gateway.throttle import BULK, URGENT, AccountThrottle, AccountThrottles


def test_what_somebody_waits_for_goes_first():
    throttle = AccountThrottle()
    sent = [throttle.enter() for _ in range(MAX_AT_ONCE + MORE_FOR_URGENT)]
    order = []
    threads = []

    def call(name, level):
        entered = throttle.enter(level)
        order.append((entered, name))
        throttle.leave(entered, refused=False)

    for count, (name, level) in enumerate(
        [("first bulk", BULK), ("second bulk", BULK), ("urgent", URGENT)], 1
    ):
        thread = threading.Thread(target=call, args=(name, level))
        thread.start()
        threads.append(thread)
        while len(throttle._waiting) < count:
            pass
    # One place after the other is free.
    for entered in sent:
        throttle.leave(entered, refused=False)
    for thread in threads:
        thread.join()
    assert [name for _, name in sorted(order)] == ["urgent", "first bulk", "second bulk"]


def test_calls_that_hang_hold_up_nobody_who_waits():
    throttle = AccountThrottle()
    hanging = [throttle.enter(BULK) for _ in range(FIRST_AT_ONCE)]
    urgent = [throttle.enter(URGENT) for _ in range(MORE_FOR_URGENT)]
    assert len(hanging) + len(urgent) == FIRST_AT_ONCE + MORE_FOR_URGENT


def test_readers_share_what_is_of_use():
    throttle = AccountThrottle()
    for _ in range(50):
        throttle.leave(throttle.enter(), refused=False)
    assert throttle.share() == 16
    with throttle.reading(), throttle.reading(), throttle.reading():
        assert throttle.share() == 5
    assert throttle.share() == 16


def test_a_refusal_is_learned_from():
    throttle = AccountThrottle()
    assert throttle.per_second is None
    throttle.leave(throttle.enter(), refused=True)
    assert throttle.per_second > 0


def key_of(account):
    """An access key as AWS makes them, of an account."""
    bits = (account << 7 | 0x55).to_bytes(6, "big")
    return "ASIA" + base64.b32encode(bits + b"\1\2\3\4").decode()


def test_a_key_tells_its_account():
    assert account_of_key(key_of(123456789012)) == "123456789012"
    assert account_of_key("AKIDNOBODY") == account_of_key("AKIDNOBODY")
    assert "AKIDNOBODY" not in account_of_key("AKIDNOBODY")


def test_keys_of_one_account_share_a_pace():
    throttles = AccountThrottles()
    one = throttles.of("host", account_of_key("ASIA" + key_of(123456789012)[4:]))
    assert one is throttles.of("host", account_of_key("AKIA" + key_of(123456789012)[4:]))
    assert one is not throttles.of("host", account_of_key(key_of(210987654321)))
    assert one is not throttles.of("elsewhere", "123456789012")
