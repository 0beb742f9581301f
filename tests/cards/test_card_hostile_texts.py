"""Whatever strangers write: every payload stays legal, and nothing of theirs is read as markup."""

import re
from typing import Any

import pytest
from card_views import (
    FOLLOW_UP,
    NOW,
    STATES,
    card_view,
    errors_of,
    mrkdwn_texts,
    raw_json,
    refund,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import modals
from bot.cards.lists import due, queue
from bot.cards.notes import note, quarantine_alert
from bot.cards.refunds import approval_card, payout_card
from bot.cards.replies import customer_reply
from bot.cards.shapes import Card, CardView, DueRow, FindingLine, FollowUpLine, QueueRow
from bot.cards.stats_card import stats
from bot.cards.suggestion import suggestion_card
from bot.cards.texts import cut, escaped, line, passage, width
from bot.sandbox.slackcheck import check_view

BAD = (
    "<!channel>",
    "<!here> <@U123>",
    "<https://evil.example|our bank>",
    "&lt;!everyone&gt;",
    "\u202egnp.exe",
    "👩‍👩‍👧" * 700,
    "x" * 10_000,
    "&" * 10_000,
    "\n" * 500,
    "",
    "   ",
    "\x00\x1b[31m",
    "\ud800",
    "*b* _i_ `c` ~s~",
    "```",
    "שלום עולם",
    "<" * 5000,
    "a\u0301" * 3000,
)
hostile = st.one_of(st.sampled_from(BAD), st.text(max_size=60), st.text(alphabet="<>&!@|#", max_size=40))
#: Everything in angle brackets that we write ourselves.
OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d+ \w{3} \d{4} \d\d:\d\d UTC>|<@[UW][A-Z0-9]+>"
    r"|<https://acme\.example/p1\|(?:View thread|Open)>"
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_safe(card: Card) -> bool:
    """Nothing but our own dates, mentions and links stands in angle brackets."""
    marked = [card.text, *mrkdwn_texts(card.blocks)]
    return not any("<" in OURS.sub("", text) or ">" in OURS.sub("", text) for text in marked)


@st.composite
def views(draw: st.DrawFn) -> CardView:
    def some(most: int = 9) -> tuple[str, ...]:
        return tuple(draw(st.lists(hostile, max_size=most)))

    words: dict[str, Any] = {
        name: draw(hostile)
        for name in (
            "customer_name",
            "address",
            "subject",
            "headline",
            "customer_text",
            "draft",
            "subject_line",
            "remedy",
            "remedy_amount",
            "problem",
            "sent_text",
            "language_name",
            "rule",
            "assigned_to",
            "decided_by",
            "owner_id",
            "bala",
            "remedy_kind",
        )
    }
    lists = {
        name: some()
        for name in ("attachments", "hints", "passed", "because", "facts", "customer_type_because")
    }
    finding = FindingLine(*(draw(hostile) for _ in range(5)))
    return card_view(
        **words,
        **lists,
        state=draw(st.sampled_from(STATES)),
        customer_type=draw(st.none() | hostile),
        owner_only=draw(st.none() | hostile),
        automatic=draw(st.sampled_from([None, None, None, "bounce"])),
        permalink=draw(st.sampled_from(["", "https://acme.example/p1", "https://x>|<!channel>"])),
        findings=(finding,) * draw(st.integers(0, 5)),
        follow_up=FollowUpLine(draw(hostile), NOW, draw(hostile), "planned"),
        refunds=(refund(amount=draw(hostile), kind=draw(hostile), requested_by=draw(hostile)),) * 5,
        intents=((draw(hostile), 50),),
        urgent=draw(st.booleans()),
        send_refunds=draw(st.booleans()),
        needs_second_check=draw(st.booleans()),
        within_authority=draw(st.booleans()),
        known=draw(st.booleans()),
        decided_at=NOW,
    )


@quick
@given(view=views())
def test_no_words_make_a_card_illegal_or_turn_into_markup(view: CardView) -> None:
    card = suggestion_card(view)
    assert errors_of(card) == []
    assert is_safe(card)


@pytest.mark.parametrize("letter", ["Å", "&", "👍", "\n.", "a "])
def test_the_fullest_card_there_can_be_still_fits(letter: str) -> None:
    long = letter * 10_000
    finding = FindingLine(long, long, long, long, long)
    for state in STATES:
        view = card_view(
            state=state,
            customer_name=long,
            address=long + "b",
            subject=long,
            headline=long,
            customer_text=long,
            draft=long,
            sent_text=long,
            subject_line=long,
            language_name=long,
            remedy=long,
            remedy_amount=long,
            problem=long,
            attachments=(long,) * 9,
            hints=(long,) * 9,
            passed=(long,) * 30,
            because=(long,) * 30,
            facts=(long,) * 30,
            customer_type=long,
            customer_type_because=(long,) * 30,
            findings=(finding,) * 9,
            follow_up=FollowUpLine(long, NOW, long, "scheduled"),
            intents=((long, 1),) * 19,
            assigned_to=long,
            permalink="https://acme.example/" + "p" * 450,
            send_refunds=True,
            known=False,
            within_authority=False,
            needs_second_check=True,
            answers_follow_up=True,
            rule=long,
            refunds=tuple(refund(amount=long, requested_by=long) for _ in range(9)),
        )
        assert errors_of(suggestion_card(view)) == [], state


@quick
@given(
    words=st.tuples(hostile, hostile, hostile, hostile),
    state=st.sampled_from(["requested", "approved", "settled", "declined", "failed", "?"]),
)
def test_refund_cards_survive_any_words(words: tuple[str, str, str, str], state: str) -> None:
    name, why, amount, who = words
    line_ = refund(
        amount=amount, requested_by=who, decided_by=who, state=state, known=False, needs_second_check=True
    )
    for card in (approval_card(line_, name, why, 12), payout_card(line_, name, why, 12)):
        assert errors_of(card) == []
        assert is_safe(card)


@quick
@given(first=hostile, second=hostile, third=hostile)
def test_lists_notes_and_figures_survive_any_words(first: str, second: str, third: str) -> None:
    link = "https://acme.example/p1"
    cards = (
        queue([QueueRow(first, second, third, NOW, True, first, link)] * 12),
        due([DueRow(first, second, NOW, third, third, link)] * 12),
        note(first, second),
        quarantine_alert(7, first),
        stats(first, [(second, third)] * 50, third),
    )
    for card in cards:
        assert errors_of(card) == []
        assert is_safe(card)


@quick
@given(text=hostile.filter(lambda text: bool(passage(text, 50, otherwise=""))), name=hostile, house=hostile)
def test_what_customers_get_is_whole_and_never_markup(text: str, name: str, house: str) -> None:
    if width(text) > 11_000:
        return
    card = customer_reply(text, name, house, "sv")
    assert errors_of(card) == []
    assert is_safe(card)
    assert mrkdwn_texts(card.blocks) == []


@quick
@given(text=hostile, other=hostile, number=st.integers(1, 10**9))
def test_modals_survive_any_words(text: str, other: str, number: int) -> None:
    finding = FindingLine(other, "high", text, other, text)
    opened = (
        modals.edit_reply(text, "{}", target=other, amount=other, version=3, send_label="Send Reply"),
        modals.kinder_wording(text, [finding] * 5, "{}", 2, amount=other),
        modals.follow_up(text, NOW, other, "{}", resolving=True, kind=other, compulsory=True),
        modals.refund(other, number, "DKK", None, "{}"),
        modals.correct_intent(text, "{}"),
        modals.notice(text, other),
        modals.loading(text, "edit_reply", "{}"),
    )
    for view in opened:
        assert check_view(view) == []
        assert mrkdwn_texts(view) == []


@given(text=st.text(max_size=300), most=st.integers(2, 80))
def test_cutting_keeps_within_the_limit_however_one_counts(text: str, most: int) -> None:
    for made in (cut(text, most), line(text, most), escaped(text, most)):
        assert width(made) <= most
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped(text, most))


def test_a_direction_override_does_not_reach_the_card() -> None:
    card = suggestion_card(
        card_view(customer_name="Mette\u202e", customer_text="\u202eabc\u2066", follow_up=FOLLOW_UP)
    )
    assert "Mette" in raw_json(card)
    assert not re.search("[\u202e\u2066]", raw_json(card))
