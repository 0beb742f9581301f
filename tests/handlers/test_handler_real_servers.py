"""The mail side against Dovecot and Postfix, as companies run them. Without them it is skipped, and said why."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import pytest_asyncio
from debian_servers import WHY_NOT, Dovecot, are_here, dovecot, postfix, reachable_folder
from mailbox_scenes import mail, reading, until
from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import PermanentFailure
from bot.handlers.mailbox import Mailbox
from bot.house import open_house
from bot.imap.sent import save_sent
from bot.messages import Outgoing
from bot.outbound.mail import MailSender
from bot.parts import Parts, Places
from storage.engine import connect, read
from storage.tables import InboxItem

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not are_here(), reason=WHY_NOT),
]
OURS, CUSTOMER = "support@house.example", "mette@example.dk"
NEVER = 3600


@pytest.fixture(scope="module")
def imap() -> Iterator[Dovecot]:
    with reachable_folder() as folder, dovecot(folder) as running:
        yield running


@pytest.fixture(scope="module")
def smtp(imap: Dovecot) -> Iterator[int]:
    with reachable_folder() as folder, postfix(folder, imap.home) as port:
        yield port


@pytest_asyncio.fixture(loop_scope="module")
async def parts(imap: Dovecot, migrated_file: Path, tmp_path: Path) -> AsyncIterator[Parts]:
    """A database that has never seen the mailbox, which is empty."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    for each in (OURS, CUSTOMER):
        shutil.rmtree(imap.home / each, ignore_errors=True)
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    yield Parts(engine, lambda: datetime.now(UTC), open_house(), Places(own_addresses=frozenset({OURS})))
    engine.dispose()


async def stored(parts: Parts) -> list[bytes]:
    def find(session: Session) -> list[bytes]:
        return [row.raw for row in session.execute(select(InboxItem).order_by(col(InboxItem.id))).scalars()]

    return await read(parts.engine, find)


async def until_stored(parts: Parts, count: int) -> list[bytes]:
    async def there() -> bool:
        return len(await stored(parts)) >= count

    await until(there, 30)
    return await stored(parts)


def letter(number: int, **more: object) -> Outgoing:
    payload = {
        "to": CUSTOMER,
        "from": f"Huset <{OURS}>",
        "sender_name": "Freja",
        "subject": "Re: Pakke",
        "message_id": f"t-abc.{number}@house.example",
        "in_reply_to": "1@example.dk",
        "references": ["1@example.dk"],
        "token": "abc",
        "text": "Hej Mette\n\nPakken er på vej. Blåbærgrød.\n\nFreja",
        **more,
    }
    return Outgoing(f"reply:{number}", payload, attempt=1)


async def post(port: int, raw: bytes, to: str = OURS) -> None:
    """A customer sends a mail."""
    import aiosmtplib

    await aiosmtplib.send(
        raw, sender=CUSTOMER, recipients=[to], hostname="127.0.0.1", port=port, start_tls=False
    )


def delivered(imap: Dovecot, who: str) -> list[bytes]:
    return [
        each.read_bytes()
        for each in sorted((imap.home / who / "Maildir").glob("*/*"))
        if each.parent.name in ("new", "cur")
    ]


async def test_a_mail_through_postfix_is_pushed_by_dovecot_and_taken_byte_by_byte(
    imap: Dovecot, smtp: int, parts: Parts
) -> None:
    async with reading(Mailbox(imap.url, parts, poll_seconds=NEVER)):
        await asyncio.sleep(1)
        await post(smtp, mail(1, "Hvor er min pakke? Blåbærgrød."))
        (raw,) = await until_stored(parts, 1)
    (kept,) = delivered(imap, OURS)
    assert raw.replace(b"\r\n", b"\n") == kept.replace(b"\r\n", b"\n")
    assert b"Received: " in raw


async def test_an_answer_reaches_the_customer_whole_and_lies_in_the_sent_folder_once(
    imap: Dovecot, smtp: int, parts: Parts
) -> None:
    sender = MailSender(f"smtp://127.0.0.1:{smtp}", parts.clock)
    receipt = await sender(letter(1))
    assert receipt["message_id"] == "t-abc.1@house.example"

    async def arrived() -> bool:
        return bool(delivered(imap, CUSTOMER))

    await until(arrived)
    (raw,) = delivered(imap, CUSTOMER)
    received = message_from_bytes(raw, policy=default)
    body = received.get_body(("plain",))
    assert body is not None and "Blåbærgrød." in body.get_content()
    assert received["Message-ID"] == "<t-abc.1@house.example>"
    for _ in range(2):
        await save_sent(imap.url, None, raw, "t-abc.1@house.example")
    listed = imap.admin("search", "-u", OURS, "mailbox", "Sent", "all")
    assert len(listed.splitlines()) == 1


async def test_plus_addresses_reach_the_mailbox(imap: Dovecot, smtp: int, parts: Parts) -> None:
    async with reading(Mailbox(imap.url, parts, poll_seconds=1)):
        await asyncio.sleep(1)
        await post(smtp, mail("plus"), to="support+t-abc@house.example")
        (raw,) = await until_stored(parts, 1)
    assert b"support+t-abc@house.example" in raw


async def test_a_lasting_no_of_postfix_is_told_with_its_words(smtp: int, parts: Parts) -> None:
    sender = MailSender(f"smtp://127.0.0.1:{smtp}", parts.clock)
    with pytest.raises(PermanentFailure, match="550"):
        await sender(letter(2, to="nobody@example.dk"))
    with pytest.raises(PermanentFailure, match=r"552|too (large|big)|size"):
        await sender(letter(3, text="Hej " * 200_000))


async def test_being_thrown_out_and_numbered_anew_loses_and_doubles_nothing(
    imap: Dovecot, smtp: int, parts: Parts
) -> None:
    async with reading(Mailbox(imap.url, parts, poll_seconds=1)):
        await asyncio.sleep(1)
        await post(smtp, mail("before"))
        await until_stored(parts, 1)
        imap.admin("kick", OURS)
        await post(smtp, mail("meanwhile"))
        await until_stored(parts, 2)
        imap.admin("mailbox", "update", "-u", OURS, "--uid-validity", "424242", "INBOX")
        imap.admin("kick", OURS)
        await post(smtp, mail("after"))
        await until_stored(parts, 3)
        await asyncio.sleep(2)
    ids = [str(message_from_bytes(raw, policy=default)["Message-ID"]) for raw in await stored(parts)]
    assert sorted(ids) == ["<after@example.dk>", "<before@example.dk>", "<meanwhile@example.dk>"]


async def test_a_wrong_password_is_told_as_that(imap: Dovecot, parts: Parts) -> None:
    from bot.errors import TemporaryFailure

    with pytest.raises(TemporaryFailure, match="password"):
        await Mailbox(imap.url.replace("secret", "wrong"), parts, poll_seconds=NEVER).try_out()
