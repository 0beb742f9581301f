"""Whatever strangers write, in every language of ours: windows that other tests leave out are legal and safe too."""

from datetime import date

from card_strategies import (
    elsewhere,
    file_lines,
    languages,
    likenesses,
    links,
    numbers,
    quick,
    refused,
    shared,
    some,
    yes,
)
from card_views import NOW, card_view
from hypothesis import given
from hypothesis import strategies as st
from test_card_hostile_texts import hostile

from bot.cards import case_modals, files, modals, reply_modals
from bot.cards.customer import (
    ConsentLine,
    CustomerView,
    DueLine,
    FieldLine,
    NoteLine,
    OrderFactsLine,
    customer_card,
)
from bot.cards.shapes import FileLine, SharedCase
from bot.cards.together import closing
from bot.speech import speaking


@quick
@given(languages, some(file_lines, 60), numbers, yes)
def test_the_window_of_files(language: str, shown: tuple[FileLine, ...], posted: int, pictures: bool) -> None:
    with speaking(language):
        assert refused(files.files_window(shown, posted, pictures=pictures)) == []


@quick
@given(languages, hostile, shared, some(st.tuples(st.uuids().map(str), hostile), 12), yes)
def test_the_window_of_a_reply_with_files_and_other_cases(
    language: str,
    text: str,
    cases: tuple[SharedCase, ...],
    offered: tuple[tuple[str, str], ...],
    by_mail: bool,
) -> None:
    with speaking(language):
        fields = files.enclosing(2, offered, by_mail=by_mail) + closing(card_view(shared=cases))
        assert (
            refused(
                reply_modals.edit_reply(
                    text, "{}", target=text, amount=text, version=2, send_label="Send", enclosing=fields
                ),
                reply_modals.kinder_wording(text, (), "{}", 2, amount=text, enclosing=fields),
            )
            == []
        )


@quick
@given(languages, hostile, hostile, yes, st.integers(1, 3))
def test_the_windows_about_whose_a_case_is(
    language: str, text: str, code: str, warned: bool, number: int
) -> None:
    choices = [(name, NOW) for name in ("today", "tomorrow", "next_week")][:number]
    with speaking(language):
        assert (
            refused(
                case_modals.hand_over("{}", warned=warned),
                case_modals.snooze(choices, "{}"),
                case_modals.sibling(text, code, code),
                modals.dismiss("{}"),
            )
            == []
        )


@quick
@given(st.data(), languages)
def test_the_customer_card(data: st.DataObject, language: str) -> None:
    moment = st.just(NOW)
    view = data.draw(
        st.builds(
            CustomerView, numbers, hostile, some(st.builds(FieldLine, hostile, hostile, hostile, moment), 20),
            moment, st.none() | st.integers(1, 100), some(st.just(date(2026, 9, 1)), 9), yes, yes, elsewhere,
            some(st.builds(NoteLine, st.just(0), hostile, hostile, moment, st.none() | moment), 5),
            some(st.builds(DueLine, hostile, st.none() | moment, hostile, links)),
            some(st.builds(NoteLine, numbers, hostile, hostile, moment, st.none() | moment), 5, by="note_id"),
            some(st.builds(ConsentLine, hostile, yes, hostile, moment)),
            some(st.builds(OrderFactsLine, hostile, moment, some(hostile), hostile)), likenesses,
        )
    )  # fmt: skip
    with speaking(language):
        assert refused(customer_card(view, "{}", data.draw(hostile))) == []
