"""Stacks, whatever strangers write and in every language of ours: legal, safe, and never too large for a window."""

import pytest
from card_strategies import languages, numbers, quick, refused, some, yes
from card_views import NOW, card_view
from hypothesis import given
from hypothesis import strategies as st
from test_card_hostile_texts import hostile

from bot.cards.stack_cards import (
    KINDS,
    PAGE,
    StackLine,
    StackPage,
    StackView,
    stack_card,
    stacked_card,
    title,
)
from bot.cards.stack_window import MOST_SHOWN, stack_window, told
from bot.sandbox.slackcheck import check_view
from bot.speech import SPOKEN, speaking

moment = st.just(NOW)
stacks = st.builds(
    StackView, numbers, st.sampled_from([*KINDS, "alike", "planted"]), moment, intent=hostile,
    tie=st.sampled_from(["", "carrier", "product", "service"]), cause=hostile, about=hostile, drafts=numbers,
    waiting=numbers, have_written=numbers, sent=numbers, can_be_undone=numbers, taken_out=numbers, gone=numbers,
)  # fmt: skip
lines = some(
    st.builds(
        StackLine, numbers, numbers, hostile, hostile, hostile, amount=hostile, words=hostile, files=numbers,
        findings=numbers, hints=some(hostile, 4), is_doubtful=yes,
    ),
    PAGE,
    by="conversation_id",
)  # fmt: skip
refusals = some(st.tuples(hostile, hostile), 30)


@quick
@given(languages, stacks, hostile, hostile)
def test_a_stack_and_the_card_of_a_case_in_it(language: str, stack: StackView, name: str, words: str) -> None:
    case = card_view(customer_name=name, headline=words, customer_text=words)
    with speaking(language):
        assert refused(stack_card(stack), stacked_card(case, stack)) == []


@quick
@given(languages, stacks, lines, refusals, numbers)
def test_the_window_of_a_stack(
    language: str,
    stack: StackView,
    drafts: tuple[StackLine, ...],
    refusals: tuple[tuple[str, str], ...],
    number: int,
) -> None:
    with speaking(language):
        news = told(stack.sent, refusals, number)
        page = StackPage(title(stack), drafts, stack.waiting, news, undo_in=number)
        assert refused(stack_window(page, '{"s": 5}')) == []


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("letter", ["Å", "👍", "\n.", "&"])
def test_the_fullest_window_of_a_stack_still_fits(letter: str, language: str) -> None:
    words, ours = letter * 2_000, ("På gensyn i Ærø. " * 200)[:MOST_SHOWN]
    drafts = tuple(
        StackLine(number, 1, words, words, ours, words, words, files=9, findings=9, hints=(ours,) * 9)
        for number in range(PAGE)
    )
    page = StackPage("Delay, 5 November", drafts, 999, (words,) * 30, undo_in=5)
    with speaking(language):
        assert check_view(stack_window(page, '{"s": 5}')) == []
