"""A card stays within what Slack takes, however much was written on every side; the words most in reach give way."""

from typing import Any

import pytest
from card_strategies import languages, quick
from card_views import NOW, STATES, card_view, errors_of
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.queue_cards import next_case
from bot.cards.room import MOST_CHARACTERS, Room, characters
from bot.cards.shapes import (
    CardView,
    FileLine,
    FindingLine,
    FollowUpLine,
    Likeness,
    OrderChoice,
    OtherCase,
    PromiseLine,
    RefundLine,
    SharedCase,
)
from bot.cards.suggestion import suggestion_card
from bot.speech import SPOKEN, speaking

LINK = "https://acme.example/" + "p" * 480
LETTERS = ["&", "a ", "Å", "👍"]


def filled(text: str, **fields: Any) -> CardView:
    """A card with this text wherever a text can stand, and more of everything than is shown."""
    file = FileLine(text, 10**12, text, disguised=True, left_out=text)
    refunds = tuple(
        RefundLine(n, text, text, text, text, text, text, needs_second_check=True, known=False)
        for n in range(9)
    )
    full: dict[str, Any] = {
        "files": (file,) * 30, "earlier_files": 99, "enclosed": (file,) * 6, "customer_id": 3, "doubt": text,
        "doubted_address": text, "subject": text, "customer_name": text, "address": f"{text}@", "permalink": LINK,
        "customer_text": text, "draft": text, "sent_text": text, "subject_line": text, "headline": text,
        "language_name": text, "findings": (FindingLine(text, "high", text, text, text),) * 9, "hints": (text,) * 9,
        "rule": text, "passed": (text,) * 20, "because": (text,) * 20, "facts": (text,) * 20,
        "intents": ((text, 3),) * 9, "customer_type": text, "customer_type_because": (text,) * 9, "remedy": text,
        "remedy_amount": text, "within_authority": False, "known": False, "needs_second_check": True,
        "follow_up": FollowUpLine(text, NOW, text, "scheduled"), "refunds": refunds, "assigned_to": text,
        "decided_by": text, "decided_at": NOW, "problem": text, "delivered_at": NOW, "edited": True,
        "order_choices": tuple(OrderChoice(n, text, chosen=n == 3) for n in range(30)),
        "likenesses": tuple(Likeness(n, text, text, text) for n in range(9)),
        "other_cases": (OtherCase("slack", "C0KUNDER", text, NOW, LINK),) * 9,
        "shared": tuple(SharedCase(n, "email", "", True, NOW, text, LINK, remedy=text) for n in range(9)),
        "promise": PromiseLine(7, text, text, is_broken=True, others=9, at_first=text),
        "undo_version": 2, "snoozed_until": NOW,
    }  # fmt: skip
    return card_view(**(full | fields))


def quotes(view: CardView) -> list[str]:
    """The customer's words, and the letter below them, as the card shows them."""
    blocks = [each for each in suggestion_card(view).blocks if each["type"] == "rich_text"]
    parts = [each["elements"][0] for each in blocks]
    return [
        str(each["elements"][0]["text"])
        for each in parts
        if each["type"] in ("rich_text_quote", "rich_text_preformatted")
    ]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("state", STATES)
def test_a_card_full_on_every_side_is_taken(state: str, letter: str, language: str) -> None:
    view = filled(letter * 5_000, state=state)
    with speaking(language):
        card = next_case(view, range(100, 200))
        assert errors_of(card) == []
        assert characters(suggestion_card(view).blocks) <= MOST_CHARACTERS


@quick
@given(
    languages,
    st.sampled_from(STATES),
    st.sampled_from(LETTERS),
    st.integers(0, 400),
    st.dictionaries(
        st.sampled_from(["customer_text", "draft", "sent_text", "problem", "remedy", "headline", "subject"]),
        st.text(max_size=20).flatmap(lambda text: st.integers(0, 300).map(lambda times: text * times)),
    ),
)
def test_a_card_filled_by_any_measure_is_taken(
    language: str, state: str, letter: str, times: int, fields: dict[str, str]
) -> None:
    with speaking(language):
        assert errors_of(suggestion_card(filled(letter * times, state=state, **fields))) == []


def test_an_ordinary_card_is_shown_in_full() -> None:
    words, draft = quotes(card_view(customer_text="o" * 2_000, draft="d" * 2_800))
    assert (len(words), draft) == (Room().customer, "d" * 2_800)


def test_the_customers_words_give_way_before_the_draft() -> None:
    facts = {
        "facts": ("f" * 150,) * 6,
        "findings": (FindingLine("coldness", "high", "t" * 100, "w" * 160, "r" * 200),) * 3,
        "shared": tuple(
            SharedCase(number, "email", "", False, NOW, "s" * 120, remedy="m" * 90) for number in range(5)
        ),
        "other_cases": (OtherCase("email", "", "h" * 100, NOW, "https://acme.example/p1"),) * 4,
        "order_choices": tuple(OrderChoice(number, "l" * 75) for number in range(20)),
        "likenesses": tuple(Likeness(number, "n" * 60, "a" * 90, "b" * 200) for number in range(2)),
    }
    words, draft = quotes(card_view(customer_text="o" * 600, draft="d" * 2_800, **facts))
    assert len(words) < 600 and draft == "d" * 2_800
    words, draft = quotes(
        card_view(customer_text="o" * 600, draft="d" * 2_800, **facts, files=(FileLine("x" * 60, 1, "pdf"),) * 6,
                  subject="s" * 150, remedy="r" * 300, hints=("h" * 240,) * 4, problem="p" * 300)
    )  # fmt: skip
    assert len(words) < 600 and len(draft) < 2_800


def test_a_draft_that_is_shown_cut_says_how_long_it_is() -> None:
    card = suggestion_card(filled("&" * 3_000))
    assert "Shown cut: the whole reply of 3,000 characters goes out." in str(card.blocks)
