"""The App Home of each role, and the windows of the message shortcuts: legal, short, safe from others' words."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from card_views import mrkdwn_texts, walked
from home_views import ASKED, NOW, PLANNED, PROMISED, REMARKS, SENT, WAITING, WEEK, views
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import shortcut_windows as windows
from bot.cards.home import has_table, home
from bot.cards.home_shapes import (
    AskedRefund,
    ChannelRow,
    HomeView,
    PlannedRow,
    PromisedRow,
    RemarkRow,
    SentRow,
    WeekView,
)
from bot.cards.shapes import FindingLine, QueueRow
from bot.sandbox.slackcheck import check_view
from bot.speech import SPOKEN, speaking

BAD = (
    "<!channel>", "<@U123> <!here>", "<https://evil.example|our bank>", "&lt;!everyone&gt;", "\u202egnp.exe",
    "👩‍👩‍👧" * 700, "x" * 10_000, "&" * 10_000, "\n" * 500, "", "   ", "\x00\x1b[31m", "\ud800", "|>", "*b* `c`",
)  # fmt: skip
hostile = st.one_of(st.sampled_from(BAD), st.text(max_size=60), st.text(alphabet="<>&!@|#", max_size=40))
links = st.one_of(hostile, st.just("https://acme.example/" + "p" * 480))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
numbers = st.integers(0, 100_000)
yes = st.booleans()
#: Everything in angle brackets that we write ourselves.
OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d+ \w{3} \d{4} \d\d:\d\d UTC>|<@[UW][A-Z0-9]+>|<#C0TRIAGE>"
    r"|<https?://[^\s<>|]+\|(?:Open|Open the card)>"
)
quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rows_of(made: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(made, max_size=40).map(tuple)


weeks = st.builds(
    WeekView,
    hostile,
    hostile,
    rows_of(
        st.builds(ChannelRow, hostile, st.one_of(hostile, st.just("C0SHARED")), numbers, numbers, hostile)
    ),
)
any_home = st.builds(
    HomeView,
    st.sampled_from(["agent", "lead", "manager", "", "admin"]),
    moments,
    st.sampled_from(["C0TRIAGE", "", "<!channel>"]),
    rows_of(st.builds(QueueRow, hostile, hostile, hostile, moments, yes, hostile, links)),
    numbers,
    rows_of(st.builds(PlannedRow, hostile, hostile, moments, hostile, yes, links)),
    numbers,
    rows_of(st.builds(SentRow, hostile, hostile, moments, yes, yes, yes, links)),
    rows_of(st.builds(AskedRefund, hostile, hostile, hostile, hostile, moments, yes, links)),
    numbers,
    st.one_of(st.none(), weeks),
    rows_of(st.builds(PromisedRow, hostile, hostile, hostile, yes, links)),
    numbers,
    st.lists(
        st.builds(RemarkRow, numbers, moments, hostile, hostile, hostile, hostile, yes),
        max_size=40,
        unique_by=lambda row: row.nudge_id,
    ).map(tuple),
    st.one_of(st.sampled_from(["", *SPOKEN]), hostile),
)  # fmt: skip


def words(view: dict[str, Any]) -> str:
    return "\n".join(str(one["text"]) for one in walked(view) if isinstance(one.get("text"), str))


@quick
@given(any_home, yes)
def test_whatever_stands_in_it_a_home_is_legal_and_short(view: HomeView, with_table: bool) -> None:
    made = home(view, with_table=with_table)
    assert check_view(made) == []
    assert len(made["blocks"]) < 60
    json.dumps(made, ensure_ascii=False).encode("utf-8")


@quick
@given(any_home)
def test_nothing_of_a_strangers_is_read_as_markup_on_a_home(view: HomeView) -> None:
    # A long line is cut: what was begun within it is not read as markup either, without its end.
    for text in mrkdwn_texts(home(view)["blocks"]):
        left = OURS.sub("", text)
        assert "<" not in left and ">" not in left


@quick
@given(
    hostile, st.lists(st.builds(FindingLine, hostile, hostile, hostile, hostile, hostile), max_size=40), links
)
def test_the_windows_of_the_shortcuts_are_always_legal(
    text: str, findings: list[FindingLine], url: str
) -> None:
    for view in (
        windows.wording(text, findings),
        windows.told(windows.TRACK, text, url),
        windows.tracked("{}", url),
    ):
        assert check_view(view) == []
        assert all("<!" not in OURS.sub("", one) for one in mrkdwn_texts(view["blocks"]))


def test_who_is_no_colleague_sees_two_lines_and_no_data() -> None:
    made = home(views()["everybody_else"])
    assert len(made["blocks"]) == 2
    assert not any(name in words(made) for name in ("Mette", "Lars", "42", "U0NILS"))


def test_an_agent_sees_no_refunds_of_others_and_no_figures() -> None:
    made = words(home(replace(views()["agent"], asked=ASKED, asked_in_all=2, week=WEEK)))
    assert "Refunds awaiting a yes" not in made and "42 conversations" not in made


def test_a_lead_sees_first_what_only_a_lead_can_decide() -> None:
    heads = [each["text"]["text"] for each in home(views()["lead"])["blocks"] if each["type"] == "header"]
    assert heads == [
        "Refunds awaiting a yes", "Waiting on you", "Promises due", "Follow-ups due", "Remarks on your wording",
        "What Tillid sent in your name", "Language",
    ]  # fmt: skip


def test_ten_rows_are_shown_and_the_rest_is_counted() -> None:
    view = HomeView("agent", NOW, waiting=WAITING[:1] * 10, waiting_in_all=14)
    assert words(home(view)).count("Mette, charged twice") == 10
    assert "And 4 more: `/tillid next`" in words(home(view))


def test_twenty_that_were_sent_are_shown_and_no_more() -> None:
    assert words(home(HomeView("agent", NOW, sent=SENT[:1] * 30))).count("edited by you") == 20


def test_a_follow_up_that_nobody_has_set_says_so() -> None:
    assert "Not set yet: press Follow Up on its card" in words(home(HomeView("agent", NOW, planned=PLANNED)))


def test_a_home_that_is_as_full_as_it_gets_stays_under_sixty_blocks() -> None:
    full = HomeView(
        "lead", NOW, "C0TRIAGE", WAITING * 50, 999, PLANNED * 50, 999, SENT * 50, ASKED * 50, 999, WEEK,
        PROMISED * 50, 999, tuple(replace(REMARKS[0], nudge_id=number) for number in range(50)), "sv",
    )  # fmt: skip
    assert 50 < len(home(full)["blocks"]) < 60
    assert check_view(home(full)) == []


def test_promises_say_which_are_broken_and_more_are_counted() -> None:
    said = words(home(HomeView("agent", NOW, promised=PROMISED[:1] * 9, promised_in_all=9)))
    assert said.count("*broken: promised for Wednesday 4 November*") == 6
    assert "And 3 more: `/tillid due`" in said
    assert "for Friday 6 November, 12:00" in words(home(HomeView("agent", NOW, promised=PROMISED)))


def test_five_remarks_are_shown_each_with_its_own_button() -> None:
    many = tuple(replace(REMARKS[0], nudge_id=number) for number in range(9))
    blocks = home(HomeView("lead", NOW, remarks=many))["blocks"]
    pressed = [each["block_id"] for each in blocks if str(each.get("block_id")).startswith("nudge:")]
    assert pressed == [f"nudge:{number}" for number in range(5)]
    assert "Kinder: Jeg kan se begge betalinger her." in words({"blocks": blocks})


def test_a_manager_sees_neither_remarks_nor_promises_of_anybody() -> None:
    made = words(home(replace(views()["manager"], remarks=REMARKS, promised=PROMISED)))
    assert "skærmbillede" not in made and "onsdag" not in made


@pytest.mark.parametrize(("chosen", "shown"), [("", "channel"), ("sv", "sv"), ("xx", "channel")])
def test_the_language_that_was_chosen_stands_in_the_menu(chosen: str, shown: str) -> None:
    menu = home(HomeView("manager", NOW, language=chosen))["blocks"][-1]["accessory"]
    assert menu["initial_option"]["value"] == shown
    assert [each["text"]["text"] for each in menu["options"]] == [
        "English", "Dansk", "Norsk", "Svenska", "As in the channel",
    ]  # fmt: skip


def test_a_home_is_in_the_language_of_whoever_reads() -> None:
    """Which words those are is for the translators; whatever is not translated yet is said in English."""
    for language in SPOKEN:
        with speaking("en", language):
            for view in views().values():
                assert check_view(home(view)) == []


def test_the_table_is_there_only_where_there_are_data() -> None:
    empty = replace(views()["manager"], week=replace(WEEK, channels=()))
    assert (has_table(views()["manager"]), has_table(empty), has_table(views()["lead"])) == (
        True,
        False,
        False,
    )
    assert "data_table" not in json.dumps(home(empty))
    plain = home(views()["manager"], with_table=False)
    assert "data_table" not in json.dumps(plain) and "hej@lampehuset.example" in words(plain)


def test_an_empty_home_teaches_by_example() -> None:
    said = words(home(views()["agent_with_nothing"]))
    assert all(each in said for each in ("*Send Reply*", "Example: Mette", "*Resolve*"))
