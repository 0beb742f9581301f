"""Remarks on wording: legal whatever was written, private in their words, and nothing of it read as markup."""

from typing import Any

import pytest
from card_views import NOW, errors_of, mrkdwn_texts
from hypothesis import given
from test_card_hostile_texts import OURS, hostile, quick

from bot.cards import nudges
from bot.cards.shapes import Card, FindingLine
from bot.sandbox.slackcheck import check_view

FINDING = FindingLine(
    "demands_proof", "high", "som bevis", "It asks the customer to prove what they say.", "Vi tror på dig."
)


def finding(text: str) -> FindingLine:
    return FindingLine(text, "high", text, text, text)


def no_live_markup(card: Card) -> bool:
    shown = [card.text, *mrkdwn_texts(card.blocks)]
    return not any("<" in OURS.sub("", each).replace("`", "") for each in shown)


def test_a_remark_says_what_may_be_heard_why_and_what_to_say_instead() -> None:
    card = nudges.nudge(7, FINDING)
    assert errors_of(card) == []
    assert "Only you can see this" in card.text
    assert "som bevis" in card.text
    assert "Vi tror på dig." in card.text
    (row,) = [each for each in card.blocks if each["type"] == "actions"]
    assert row["block_id"] == "nudge:7"
    labels = [each["text"]["text"] for each in row["elements"] if each["type"] == "button"]
    assert labels == ["Show Better Wording", "Fine As Is"]
    (menu,) = [each for each in row["elements"] if each["type"] == "overflow"]
    assert [each["text"]["text"] for each in menu["options"]] == ["Don't remind me about this"]


@quick
@given(text=hostile)
def test_a_remark_on_whatever_was_written_is_legal_and_mentions_nobody(text: str) -> None:
    card = nudges.nudge(1, finding(text))
    assert errors_of(card) == []
    assert no_live_markup(card)


@quick
@given(text=hostile)
def test_the_window_shows_whatever_was_written_as_words(text: str) -> None:
    view = nudges.better_wording(text, text, [finding(text)] * 12)
    assert check_view(view) == []
    assert mrkdwn_texts(view["blocks"]) == []


def test_a_message_without_a_finding_has_nothing_to_copy() -> None:
    view = nudges.better_wording("Hej", "Hej", [])
    assert "preformatted" not in str(view)
    assert check_view(view) == []


@quick
@given(text=hostile)
def test_what_is_muted_is_listed_whatever_it_is_called(text: str) -> None:
    for card in (nudges.quiet(NOW, [text, "demands_proof"], text), nudges.muted_now(text)):
        assert errors_of(card) == []
        assert no_live_markup(card)


@pytest.mark.parametrize("muted", [(), ("demands_proof",), tuple(f"category_{each}" for each in range(60))])
def test_each_muted_category_has_its_own_button_as_far_as_there_is_room(muted: tuple[str, ...]) -> None:
    card = nudges.quiet(None, muted)
    assert errors_of(card) == []
    buttons: list[dict[str, Any]] = [each["accessory"] for each in card.blocks if "accessory" in each]
    assert [each["value"] for each in buttons] == list(muted[: nudges.MOST_SHOWN])
