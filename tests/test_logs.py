"""The logs: one JSON line with an action, and no token, address or password in it, whoever said it."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRETS = [
    "xoxb-1234567890-abcDEF",
    "xoxp-1234567890-abcDEF",
    "xapp-1-A0123-456-abcdef",
    "mette@example.dk",
    "mette.krogh+ordre@mail.example.co.uk",
    "hunter2",
    "hej%40example.dk:hunter2",
]
TEXTS = [
    "the token xoxb-1234567890-abcDEF was refused",
    "xoxp-1234567890-abcDEF",
    "connecting with xapp-1-A0123-456-abcdef",
    "mail to mette@example.dk refused",
    "<mette.krogh+ordre@mail.example.co.uk>: no such user",
    "imaps://hej%40example.dk:hunter2@mail.example.dk:993/INBOX",
    "smtp://hej:hunter2@127.0.0.1:25",
    "postgresql://tillid:hunter2@db/tillid",
    "redis://:hunter2@cache:6379",
]


@pytest.fixture(autouse=True)
def our_logs() -> Iterator[None]:
    """Our set-up for the test, and everybody's own afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], level = before[0], before[1]
    root.setLevel(level)
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The lines on standard error, each read as JSON."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def assert_clean(lines: list[dict[str, object]]) -> None:
    whole = json.dumps(lines)
    assert [secret for secret in SECRETS if secret in whole] == []
    assert "[redacted]" in whole


def test_a_line_has_its_action_its_level_and_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logs.get("bot.pipeline").info("mail_sent", conversation=4, ok=True, nothing=None)
    (line,) = written(capsys)
    assert line["event"] == "mail_sent"
    assert (line["conversation"], line["ok"], line["nothing"], line["level"]) == (4, True, None, "info")
    assert str(line["timestamp"]).endswith("Z")


def test_what_is_below_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("WARNING")
    logs.get("bot").info("quiet")
    logs.get("bot").warning("loud")
    assert [line["event"] for line in written(capsys)] == ["loud"]


def test_being_set_up_twice_says_everything_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logs.set_up()
    logs.get("bot").info("once")
    assert len(written(capsys)) == 1


@pytest.mark.parametrize("text", TEXTS)
def test_our_own_lines_hold_no_secret(capsys: pytest.CaptureFixture[str], text: str) -> None:
    logs.set_up()
    log = logs.get("bot")
    log.warning("trouble", reason=text)
    log.warning(text)
    log.warning("trouble", deep={"list": [text]}, raw=text.encode(), error=ValueError(text))
    lines = written(capsys)
    assert len(lines) == 3
    assert_clean(lines)


@pytest.mark.parametrize("text", TEXTS)
def test_a_librarys_lines_hold_no_secret(capsys: pytest.CaptureFixture[str], text: str) -> None:
    logs.set_up()
    library = logging.getLogger("aiohttp.client")
    library.warning(text)
    library.warning("could not send %s to %r", text, {"who": text})
    lines = written(capsys)
    assert len(lines) == 2
    assert_clean(lines)
    assert lines[0]["logger"] == "aiohttp.client"


@pytest.mark.parametrize("text", TEXTS)
def test_an_exception_holds_no_secret(capsys: pytest.CaptureFixture[str], text: str) -> None:
    logs.set_up()
    try:
        raise ConnectionError(text)
    except ConnectionError as error:
        logs.get("bot").error("failed", exc_info=True)
        logs.get("bot").error("failed", exc_info=error)
        logging.getLogger("somebody").exception("failed")
    lines = written(capsys)
    assert len(lines) == 3
    assert all("ConnectionError" in str(line["exception"]) for line in lines)
    assert_clean(lines)


def test_a_warning_of_a_library_with_a_stack_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logging.getLogger("somebody").warning("mette@example.dk", stack_info=True)
    lines = written(capsys)
    assert len(lines) == 1
    assert_clean(lines)


@pytest.mark.parametrize("name", ["apscheduler", "slack_bolt", "slack_sdk", "aioimaplib"])
def test_chatty_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str], name: str) -> None:
    logs.set_up("DEBUG")
    logging.getLogger(f"{name}.inner").info("chatter")
    logging.getLogger(f"{name}.inner").warning("trouble")
    assert [line["event"] for line in written(capsys)] == ["trouble"]


@pytest.mark.parametrize("harmless", ["conversation 4", "https://example.dk/a:b@c", "12:30", "a@b", "@freja"])
def test_harmless_words_stay(capsys: pytest.CaptureFixture[str], harmless: str) -> None:
    logs.set_up()
    logs.get("bot").info("said", text=harmless)
    assert written(capsys)[0]["text"] == harmless
