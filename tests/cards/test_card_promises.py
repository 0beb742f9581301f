"""The line of a card that says what we promised."""

import pytest
from card_views import action_ids, card_view, errors_of, mrkdwn_texts, texts

from bot.cards.shapes import PromiseLine
from bot.cards.suggestion import suggestion_card


def test_a_promise_is_one_line_with_a_press_that_says_it_was_kept() -> None:
    promise = PromiseLine(7, "Senest onsdag skriver jeg.", "Wednesday 4 March", is_broken=False, others=1)
    card = suggestion_card(card_view(state="sent", promise=promise))
    assert errors_of(card) == []
    assert "*Promised for Wednesday 4 March:* Senest onsdag skriver jeg. _and 1 more_" in texts(card)
    assert "promise_kept" in action_ids(card)
    assert "promise_kept" not in action_ids(suggestion_card(card_view(state="sent")))


@pytest.mark.parametrize("words", ["<!channel> <@U1>", "*_~`" * 2_000, "", "\u202e<https://x.example|y>"])
def test_whatever_the_sentence_the_card_is_legal_and_calls_nobody(words: str) -> None:
    card = suggestion_card(card_view(promise=PromiseLine(7, words, words, is_broken=True)))
    assert errors_of(card) == []
    assert not [each for each in mrkdwn_texts(card.blocks) if "<!channel>" in each or "<@U1>" in each]
