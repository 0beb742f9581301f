"""The App Home of each role, and the windows of the message shortcuts: legal, short, safe from others' words."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from card_views import mrkdwn_texts, walked
from home_views import ASKED, GOLDEN, NOW, PLANNED, SENT, WAITING, WEEK, payloads, views, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import shortcut_windows as windows
from bot.cards.home import has_table, home
from bot.cards.home_shapes import AskedRefund, ChannelRow, HomeView, PlannedRow, SentRow, WeekView
from bot.cards.shapes import FindingLine, QueueRow
from bot.sandbox.slackcheck import check_view

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
)  # fmt: skip


def words(view: dict[str, Any]) -> str:
    return "\n".join(str(one["text"]) for one in walked(view) if isinstance(one.get("text"), str))


@pytest.mark.parametrize("name", sorted(payloads()))
def test_every_home_and_window_is_the_one_that_was_agreed(name: str) -> None:
    payload = payloads()[name]
    assert check_view(payload) == []
    assert written(payload) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_there_is_no_golden_file_too_many() -> None:
    assert {each.stem for each in GOLDEN.glob("*.json")} == set(payloads())


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
        "Refunds awaiting a yes", "Waiting on you", "Follow-ups due", "What Tillid sent in your name",
    ]  # fmt: skip


def test_ten_rows_are_shown_and_the_rest_is_counted() -> None:
    view = HomeView("agent", NOW, waiting=WAITING[:1] * 10, waiting_in_all=14)
    assert words(home(view)).count("Mette, charged twice") == 10
    assert "And 4 more: `/tillid next`" in words(home(view))


def test_twenty_that_were_sent_are_shown_and_no_more() -> None:
    assert words(home(HomeView("agent", NOW, sent=SENT[:1] * 30))).count("edited by you") == 20


def test_a_follow_up_that_nobody_has_set_says_so() -> None:
    assert "Not set yet: press Follow Up on its card" in words(home(HomeView("agent", NOW, planned=PLANNED)))


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
