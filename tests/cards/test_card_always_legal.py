"""Whatever strangers write, in every language of ours: the cards that other tests leave out are legal and safe too."""

from typing import Any

import pytest
from card_strategies import around, languages, numbers, quick, refused, short_links
from card_views import NOW, STATES, card_view, errors_of
from hypothesis import given
from hypothesis import strategies as st
from test_card_hostile_texts import hostile, views

from bot.cards import lists, notes, queue_cards
from bot.cards.digest import Digest, Oldest, digest
from bot.cards.shapes import CardView, FileLine, Likeness, OrderChoice, OtherCase, PromiseLine, SharedCase
from bot.cards.suggestion import suggestion_card
from bot.speech import SPOKEN, speaking


@quick
@given(languages, around, st.lists(numbers, max_size=30))
def test_a_card_with_everything_around_the_case(
    language: str, given_: dict[str, Any], passed: list[int]
) -> None:
    view = card_view(**given_)
    with speaking(language):
        assert refused(suggestion_card(view), queue_cards.next_case(view, passed)) == []


@quick
@given(languages, views())
def test_a_card_in_any_language(language: str, view: CardView) -> None:
    with speaking(language):
        assert refused(suggestion_card(view)) == []


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("letter", ["Å", "&", "👍", "a "])
def test_all_that_strangers_fill_around_an_ordinary_letter_fits(letter: str, language: str) -> None:
    long = letter * 10_000
    file = FileLine(long, 10**12, long, disguised=True, left_out=long)
    for state in STATES:
        view = card_view(
            state=state, files=(file,) * 30, earlier_files=99, enclosed=(file,) * 6, customer_id=3,
            doubt="Somebody else wrote it", doubted_address=long, subject=long, customer_name=long,
            order_choices=tuple(OrderChoice(number, long) for number in range(30)),
            likenesses=tuple(Likeness(number, long, long, "They have the same name") for number in range(9)),
            other_cases=(OtherCase("slack", "C0KUNDER", "a parcel is late", NOW, "https://acme.example/p1"),) * 9,
            shared=tuple(SharedCase(n, "email", "", True, NOW, long, remedy="refund 499 kr.") for n in range(9)),
            promise=PromiseLine(7, long, long, is_broken=True, others=9), undo_version=2, snoozed_until=NOW,
        )  # fmt: skip
        with speaking(language):
            assert errors_of(queue_cards.next_case(view, range(100, 200))) == [], state


@quick
@given(languages, hostile, hostile, numbers)
def test_the_smaller_messages(language: str, text: str, other: str, number: int) -> None:
    with speaking(language):
        assert (
            refused(
                notes.mailbox_alert(text, other, NOW),
                notes.quarantine_alert(number, text),
                lists.help_card(other),
                queue_cards.done("Sent.", number, number),
                queue_cards.nobody(number),
            )
            == []
        )


@quick
@given(
    languages,
    st.builds(Oldest, hostile, st.just(NOW), short_links),
    st.lists(numbers, min_size=6, max_size=6),
    short_links,
)
def test_the_message_of_the_morning(language: str, oldest: Oldest, many: list[int], link: str) -> None:
    waiting, broken, due, going, unset, asked = many
    view = Digest(waiting + 1, oldest, broken, link, due, link, going, link, unset, link, asked, link)
    with speaking(language):
        assert refused(digest(view)) == []
