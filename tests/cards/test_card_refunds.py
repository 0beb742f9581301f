"""The cards about money: what is asked, of whom, and what became of it."""

import json

import pytest
from card_views import action_ids, errors_of, labels, refund, texts, walked

from bot.cards.refunds import approval_card, payout_card, refund_line


def test_a_lead_is_asked_once_more_with_the_amount_before_approving() -> None:
    card = approval_card(refund(), "Mette Larsen", "Two captures on the order", 12)
    assert errors_of(card) == []
    assert labels(card) == ["Approve Refund", "Decline"]
    assert action_ids(card) == ["refund_approve", "refund_decline"]
    approve = next(one for one in walked(card.blocks) if one.get("action_id") == "refund_approve")
    assert json.loads(approve["value"]) == {"r": 7}
    assert approve["style"] == "primary"
    assert "499 kr." in approve["confirm"]["title"]["text"]
    assert card.text == "<@U0PRIYA> asks: Refund 499 kr. for Mette Larsen. Please approve or decline."


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("approved", "Approved by <@U0LEAD> · to be paid out"),
        ("settled", "Approved by <@U0LEAD> · done by <@U0DONE>"),
        ("declined", "Declined by <@U0LEAD>"),
        ("failed", "Approved by <@U0LEAD> · not possible, says <@U0DONE>"),
    ],
)
def test_a_decided_refund_shows_the_outcome_without_buttons(state: str, says: str) -> None:
    card = approval_card(refund(state=state), "Mette", "why", 12)
    assert errors_of(card) == []
    assert action_ids(card) == []
    assert says in texts(card)
    assert says in card.text


def test_a_payout_says_what_to_do_and_offers_done_and_not_possible() -> None:
    card = payout_card(refund(state="approved"), "Mette", "10432", 12)
    assert errors_of(card) == []
    assert card.text == "Give back 499 kr. to Mette on order 10432, then press Done."
    assert labels(card) == ["Done", "Not Possible"]
    assert action_ids(card) == ["refund_done", "refund_failed"]


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        ("release", "Let go of the reserved 499 kr. for Mette on order 10432"),
        ("credit", "Give Mette a credit of 499 kr. on order 10432"),
        ("shipping_refund", "Give back 499 kr. to Mette on order 10432"),
    ],
)
def test_the_task_names_what_really_happens_to_the_money(kind: str, task: str) -> None:
    card = payout_card(refund(state="approved", kind=kind), "Mette", "10432", 12)
    assert card.blocks[0]["text"]["text"] == task


def test_large_amounts_need_a_colleague_and_unknown_ones_a_look() -> None:
    card = payout_card(refund(state="approved", needs_second_check=True, known=False), "Mette", "", 12)
    assert "A colleague other than <@U0PRIYA> checks the typing and presses Done." in texts(card)
    assert "look it up before the money moves" in texts(card)
    assert "checks the typing" in card.text
    assert "order" not in card.text.split(",")[0]


@pytest.mark.parametrize("state", ["requested", "settled", "declined", "failed"])
def test_a_payout_that_does_not_wait_has_no_buttons(state: str) -> None:
    card = payout_card(refund(state=state), "Mette", "10432", 12)
    assert errors_of(card) == []
    assert action_ids(card) == []


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("requested", "waiting for approval"),
        ("approved", "to be paid out"),
        ("settled", "done by <@U0DONE>"),
        ("declined", "declined by <@U0LEAD>"),
    ],
)
def test_a_refund_fits_one_line(state: str, says: str) -> None:
    assert refund_line(refund(state=state)) == f"Refund of 499 kr. asked by <@U0PRIYA> · {says}"
