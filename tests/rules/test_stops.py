"""Four things stop a letter, and nothing else does."""

import itertools

import pytest

from bot.rules.stops import STOPS, Purpose, Sending, why_stopped


@pytest.mark.parametrize(
    ("sending", "stopped"),
    [
        (Sending(), False),
        (Sending(erased=True), True),
        (Sending(purpose=Purpose.MARKETING), True),
        (Sending(purpose=Purpose.MARKETING, consented=True), False),
        (Sending(purpose=Purpose.SURVEY), False),
        (Sending(purpose=Purpose.SERVICE, consented=False), False),
        (Sending(holds_secret=True), True),
        (Sending(refund_minor=499, left_minor=498), True),
        (Sending(refund_minor=499, left_minor=499), False),
        (Sending(refund_minor=0, left_minor=0), False),
        (Sending(refund_minor=499, left_minor=None), False),
    ],
)
def test_what_stops_a_letter(sending: Sending, stopped: bool) -> None:
    assert (why_stopped(sending) is not None) is stopped


def test_each_stop_has_its_own_words() -> None:
    worst = Sending(True, True, Purpose.MARKETING, False, 2, 1)
    assert len(STOPS) == 4
    assert len({stop(worst) for stop in STOPS}) == 4


def test_a_letter_that_none_of_the_four_stops_goes() -> None:
    for secret, erased, consented in itertools.product((False, True), repeat=3):
        sending = Sending(secret, erased, Purpose.SERVICE, consented)
        assert (why_stopped(sending) is None) is not (secret or erased)
