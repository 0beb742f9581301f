"""What cannot be processed is put aside and told once; the next one goes on; after the fix it is run again."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from case_scenes import BROKEN, TWICE, Office
from sqlmodel import Session, col
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.sandbox.records import Message
from bot.sandbox.stage import Stage
from storage import inbox
from storage.engine import connect
from storage.tables import InboxItem, InboxState, Quarantine

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNREADABLE = b"X-Nothing: at all\r\n\r\n\r\n"
#: A letter that passes every trial at the start, and fails for one customer.
FAILS_FOR_SOFIE = (
    '{% extends "da/reply/_letter.j2" %}{% block subject %}Hej{% endblock %}'
    '{% block fix %}Jeg ser på det. {{ 1 // (0 if name == "Sofie" else 1) }}{% endblock %}'
)
TEMPLATE = Path("house/templates/da/reply/double_charge_looking.j2")


def alerts(stage: Stage) -> list[Message]:
    """What the operators were told."""
    return [
        each for each in stage.cards() if "replay" in str(each.blocks) or "quarantine" in each.text.lower()
    ]


async def tillid(stage: Stage, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """The command line beside the running program, on the same database."""
    monkeypatch.setenv("DATABASE_URL", stage.database_url)
    monkeypatch.chdir(stage.folder)
    return await asyncio.to_thread(CliRunner().invoke, cli, list(words))


async def state_of(office: Office, raw: bytes) -> InboxState:
    key = hashlib.sha256(raw).hexdigest()
    (item,) = await office.rows(InboxItem, col(InboxItem.external_id) == key)
    return item.state


async def test_an_unreadable_mail_is_put_aside_told_once_and_the_next_one_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = office.stage
    await stage.mail.deliver(UNREADABLE)
    case = await office.case(BROKEN)
    await stage.idle()
    assert "card_send" in await case.buttons()
    assert await state_of(office, UNREADABLE) is InboxState.QUARANTINED
    (alert,) = alerts(stage)
    assert "MalformedMessage" in str(alert.blocks)
    listed = await tillid(stage, monkeypatch, "replay")
    assert (listed.exit_code, "MalformedMessage" in listed.output.replace("\n", "")) == (0, True)
    (entry,) = await office.rows(Quarantine)
    assert (await tillid(stage, monkeypatch, "replay", str(entry.id))).exit_code == 0

    async def aside_again() -> bool:
        (now,) = await office.rows(Quarantine)
        return now.replayed_at is None and await state_of(office, UNREADABLE) is InboxState.QUARANTINED

    await stage.until(aside_again)
    await stage.idle()
    # It was tried again on somebody's word, so that it failed again is news.
    assert len(alerts(stage)) == 2


def sofies_mail() -> bytes:
    lines = (
        "From: Sofie Lund <sofie@example.dk>",
        "To: hej@lampehuset.example",
        "Subject: Hej",
        "Message-ID: <s1@example.dk>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Hej\r\n\r\n{TWICE.format(order='30001')}\r\n\r\nVenlig hilsen\r\nSofie",
    )
    return "\r\n".join((*lines, "")).encode()


async def test_a_house_letter_that_fails_for_one_customer_puts_nobody_aside(office: Office) -> None:
    stage = office.stage
    before = len(alerts(stage))
    broken = stage.folder / TEMPLATE
    broken.parent.mkdir(parents=True)
    broken.write_text(FAILS_FOR_SOFIE, encoding="utf-8")
    await stage.stop_program()
    await stage.start_program()
    await stage.receive(sofies_mail())
    await stage.idle()
    card = stage.card("Sofie Lund")
    assert "charged twice" in card.text
    assert "The house's own letter fails here" in str(card.blocks)
    assert len(alerts(stage)) == before
    broken.unlink()
    await stage.stop_program()
    await stage.start_program()


async def test_what_was_put_aside_is_answered_after_the_fix(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = office.stage
    await stage.stop_program()
    raw = sofies_mail().replace(b"Sofie", b"Signe").replace(b"s1@", b"s2@")
    await asyncio.to_thread(_put_aside, stage.database_url, raw)
    await stage.start_program()
    entry = (await office.rows(Quarantine))[-1]
    assert await state_of(office, raw) is InboxState.QUARANTINED
    said = await tillid(stage, monkeypatch, "replay", str(entry.id))
    assert (said.exit_code, f"Number {entry.id}" in said.output) == (0, True)

    async def answered() -> bool:
        return await state_of(office, raw) is InboxState.DONE

    await stage.until(answered)
    await stage.idle()
    assert "charged twice" in stage.card("Signe Lund").text


def _put_aside(database_url: str, raw: bytes) -> None:
    """As an earlier version left it, which failed on it."""
    engine = connect(database_url)
    now = datetime.now(UTC)
    arrived = inbox.Arrived(
        "mail:sandbox@127.0.0.1", hashlib.sha256(raw).hexdigest(), "mail", raw, "s2@example.dk"
    )
    with Session(engine) as session, session.begin():
        number = inbox.add(session, arrived, now)
        assert number is not None
        inbox.quarantine(session, number, "KeyError: 'oops'", "", now)
    engine.dispose()


async def test_replaying_what_is_not_there_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    said = await tillid(office.stage, monkeypatch, "replay", "4711")
    assert said.exit_code == 1
    assert "4711" in said.output
