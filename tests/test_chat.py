"""A Slack event as a message: what people read, and who wrote it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import is_message, own_team, parse_event, plain
from bot.errors import MalformedMessage
from bot.messages import Attachment, Channel

EVENT: dict[str, Any] = {
    "type": "message",
    "user": "U0TORE",
    "channel": "C0SHARED",
    "ts": "1772440200.000100",
    "text": "Hej",
    "team": "T0NORD",
    "user_team": "T0NORD",
    "source_team": "T0NORD",
}


def body(*, external: bool = True, **changed: Any) -> dict[str, Any]:
    """A callback of a message; a field of None is left out."""
    event = {key: value for key, value in (EVENT | changed).items() if value is not None}
    return {
        "type": "event_callback",
        "team_id": "T0US",
        "event_id": "Ev1",
        "is_ext_shared_channel": external,
        "event": event,
    }


def test_a_message_is_read_whole() -> None:
    message = parse_event(body())
    assert (message.channel, message.sender, message.reply, message.text) == (
        Channel.SLACK,
        "U0TORE",
        "Hej",
        "Hej",
    )
    assert (message.team, message.sender_team, message.slack_channel) == ("T0US", "T0NORD", "C0SHARED")
    assert message.message_id == message.thread_ts == "1772440200.000100"
    assert message.sent_at == datetime(2026, 3, 2, 8, 30, 0, 100, tzinfo=UTC)
    assert message.automatic is None


def test_a_reply_belongs_to_its_thread() -> None:
    assert parse_event(body(thread_ts="1772440100.000100")).thread_ts == "1772440100.000100"


def test_files_are_named() -> None:
    files = [
        {"id": "F1", "name": "kvittering.pdf", "mimetype": "application/pdf", "size": 12},
        {"id": "F2", "file_access": "check_file_info"},
    ]
    assert parse_event(body(files=files)).attachments == (
        Attachment("kvittering.pdf", "application/pdf", 12),
        Attachment("F2", "application/octet-stream", 0),
    )


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["F1"], []),
        ({"id": "F1"}, []),
        ("F1", []),
        ([{"size": "big"}], ["file"]),
        ([None, {"id": "F2"}], ["F2"]),
    ],
)
def test_an_odd_file_never_costs_us_the_words(files: object, names: list[str]) -> None:
    message = parse_event(body(files=files))
    assert message.reply == "Hej"
    assert [each.name for each in message.attachments] == names


@pytest.mark.parametrize(
    ("changed", "external", "team"),
    [
        ({}, True, "T0NORD"),
        ({"user_team": None, "source_team": None}, True, "T0NORD"),
        ({"user_team": None, "source_team": None, "team": None}, False, "T0US"),
        ({"user_team": None, "source_team": None, "team": None}, True, ""),
    ],
)
def test_in_a_shared_channel_nobody_is_ours_until_proven(
    changed: dict[str, Any], external: bool, team: str
) -> None:
    assert parse_event(body(external=external, **changed)).sender_team == team


def test_an_event_that_slack_sends_under_the_authors_workspace_is_still_heard_through_ours() -> None:
    theirs = body() | {"team_id": "T0NORD", "authorizations": [{"team_id": "T0US", "is_bot": True}]}
    message = parse_event(theirs)
    assert (message.team, message.sender_team) == ("T0US", "T0NORD")


@pytest.mark.parametrize(
    ("said", "fallback", "team"),
    [
        ({"authorizations": [{"team_id": "T0US"}], "team_id": "T0NORD"}, "T0ELSE", "T0US"),
        ({"authorizations": [{"team_id": "T0US"}, {"team_id": "T0NORD"}]}, "", "T0US"),
        ({"authorizations": [{"team_id": None}], "team_id": "T0NORD"}, "T0US", "T0US"),
        ({"authorizations": [], "team_id": "T0NORD"}, "T0US", "T0US"),
        ({"authorizations": [], "team_id": "T0US"}, "", "T0US"),
        ({"authorizations": ["T0NORD"], "team_id": "T0US"}, "", "T0US"),
        ({"authorizations": {"team_id": "T0NORD"}, "team_id": "T0US"}, "", "T0US"),
        ({}, "", ""),
    ],
    ids=str,
)
def test_our_workspace_is_the_one_we_hear_through(said: dict[str, Any], fallback: str, team: str) -> None:
    assert own_team(said, fallback) == team


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hej &amp; tak &lt;3 &gt;2", "Hej & tak <3 >2"),
        ("<@U0BOT> hjælp", "hjælp"),
        ("<@U0BOT|tillid> hjælp", "@tillid hjælp"),
        ("se <#C0SHARED|kunder>", "se @kunder"),
        ("<!channel> hej", "hej"),
        ("<!subteam^S1|@support> hej", "@@support hej"),
        ("<https://example.dk/a?b=1&amp;c=2>", "https://example.dk/a?b=1&c=2"),
        ("<https://example.dk|vores side>", "vores side (https://example.dk)"),
        ("<https://example.dk|https://example.dk>", "https://example.dk"),
        ("<mailto:mette@example.dk|mette@example.dk>", "mette@example.dk"),
        ("499 < 998 og 998 > 499", "499 < 998 og 998 > 499"),
        ("&lt;@U0BOT&gt;", "<@U0BOT>"),
        ("  \n hej \n ", "hej"),
        ("*fed* _kursiv_ `kode`", "*fed* _kursiv_ `kode`"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_slacks_markup_becomes_what_people_read(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"subtype": "file_share"},
        {"subtype": "me_message"},
        {"subtype": "thread_broadcast"},
    ],
)
def test_what_a_person_wrote_is_a_message(event: dict[str, Any]) -> None:
    assert is_message(EVENT | event)


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"subtype": "something_new"},
        {"bot_id": "B1"},
        {"user": ""},
        {"user": None},
        {"type": "app_mention"},
        {"type": "reaction_added"},
    ],
)
def test_everything_else_is_none(event: dict[str, Any]) -> None:
    assert not is_message(EVENT | event)


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({}, "event"),
        ({"event": None}, "event"),
        ({"event": []}, "event"),
        (body(user=7), "user"),
        (body(channel=None), "channel"),
        (body(ts=None), "ts"),
        (body(ts=1.5), "ts"),
        (body(ts="soon"), "ts"),
        (body(ts="nan"), "ts"),
        (body(ts="1e400"), "ts"),
    ],
    ids=str,
)
def test_what_cannot_be_read_says_what_is_missing(bad: dict[str, Any], named: str) -> None:
    with pytest.raises(MalformedMessage, match=named):
        parse_event(bad)


@given(st.text(max_size=500))
def test_any_words_can_be_read(text: str) -> None:
    assert isinstance(plain(text), str)


@given(
    st.dictionaries(
        st.sampled_from([*EVENT, "files", "thread_ts"]), st.one_of(st.none(), st.text(), st.floats())
    )
)
def test_any_event_is_a_message_or_malformed(event: dict[str, Any]) -> None:
    try:
        message = parse_event({"event": event})
    except MalformedMessage:
        return
    assert message.sender == event["user"]


def test_a_wall_of_brackets_is_read_quickly() -> None:
    assert plain("<https://" * 5_000)
    assert plain("<@U|" * 10_000)
