"""The local mail servers: what is kept, what is refused, and what is in the mailbox."""

import asyncio
import imaplib
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from bot.sandbox.mail_servers import MailServers
from bot.sandbox.smtp_server import SentMail, SmtpServer


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as server:
        yield server


def mail(to: str = "dana@example.com", text: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "support@example.com", to, "Your order"
    message.set_content(text)
    return message


async def send(server: SmtpServer, message: EmailMessage, *recipients: str) -> None:
    """Sends to the recipients, or to those the mail names."""
    port = urlsplit(server.url).port
    await aiosmtplib.send(
        message, recipients=list(recipients) or None, hostname="127.0.0.1", port=port, timeout=5
    )


async def test_a_mail_is_kept_with_envelope_and_bytes(smtp: SmtpServer) -> None:
    await send(smtp, mail(text="Hej på dig"), "dana@example.com", "copy@example.com")
    (kept,) = smtp.mails
    assert kept.sender == "support@example.com"
    assert kept.recipients == ("dana@example.com", "copy@example.com")
    assert b"Subject: Your order\r\n" in kept.raw
    assert kept.received_at.tzinfo is not None


async def test_a_refused_recipient_gets_the_reply_ordered(smtp: SmtpServer) -> None:
    smtp.refuse_recipient("550 5.1.1 no such user", recipient="Gone@example.com", times=2)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(smtp, mail("gone@example.com"))
    assert refused.value.recipients[0].code == 550
    await send(smtp, mail("dana@example.com"))
    assert len(smtp.mails) == 1


async def test_refused_data_is_not_kept_and_the_next_mail_is(smtp: SmtpServer) -> None:
    smtp.refuse_data("451 4.3.0 try again later")
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(smtp, mail())
    assert refused.value.code == 451
    assert smtp.mails == []
    await send(smtp, mail())
    assert len(smtp.mails) == 1


@pytest.mark.parametrize("keep", [True, False])
async def test_a_drop_after_data_leaves_the_sender_without_an_answer(smtp: SmtpServer, keep: bool) -> None:
    smtp.drop_after_data(keep=keep)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(smtp, mail())
    assert len(smtp.mails) == keep


async def test_a_stalled_answer_comes_late(smtp: SmtpServer) -> None:
    smtp.stall(0.2)
    sending = asyncio.create_task(send(smtp, mail()))
    await smtp.wait_for(lambda server: server.mails)
    assert not sending.done()
    await sending


async def test_a_held_mail_is_kept_when_it_is_released(smtp: SmtpServer) -> None:
    smtp.hold()
    sending = asyncio.create_task(send(smtp, mail()))
    await smtp.wait_for(lambda server: server.held)
    assert smtp.mails == []
    assert not sending.done()
    smtp.release()
    await sending
    assert len(smtp.mails) == 1


async def test_a_held_mail_is_gone_when_its_sender_dies(smtp: SmtpServer) -> None:
    smtp.hold()

    _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(smtp.url).port)
    for line in (b"EHLO client", b"MAIL FROM:<support@example.com>", b"RCPT TO:<dana@example.com>", b"DATA"):
        writer.write(line + b"\r\n")
    writer.write(b"Subject: lost\r\n\r\nx\r\n.\r\n")
    await smtp.wait_for(lambda server: server.held)
    writer.close()
    await writer.wait_closed()
    await smtp.wait_for(lambda server: not server.held)
    smtp.release()
    await send(smtp, mail())
    assert [kept.recipients for kept in smtp.mails] == [("dana@example.com",)]
    assert b"Your order" in smtp.mails[0].raw


async def test_each_mail_is_handed_on_before_it_is_acknowledged() -> None:
    seen: list[SentMail] = []

    async def watch(kept: SentMail) -> None:
        seen.append(kept)

    async with SmtpServer(on_mail=watch) as server:
        await send(server, mail())
        assert seen == server.mails


def fetch(url: str) -> list[bytes]:
    """Every mail in the mailbox, without marking it read."""
    at = urlsplit(url)
    with imaplib.IMAP4(at.hostname or "", at.port or 0, timeout=10) as client:
        client.login(at.username or "", at.password or "")
        client.select(at.path.lstrip("/"), readonly=True)
        _, answer = client.uid("fetch", "1:*", "(UID BODY.PEEK[])")
        return [part[1] for part in answer if isinstance(part, tuple)]


async def test_a_delivered_mail_is_in_the_mailbox_byte_for_byte_and_can_be_removed() -> None:
    raw = b"From: dana@example.com\r\nSubject: =?utf-8?q?Bl=C3=A5?=\r\n\r\nBl\xe5b\xe6r\r\n"
    async with MailServers() as servers:
        await servers.deliver(raw)
        await servers.deliver(b"Subject: second\r\n\r\n.\r\n")
        await servers.deliver(b"Subject: elsewhere\r\n\r\nx\r\n", "Archive")
        assert await asyncio.to_thread(fetch, servers.imap_url) == [raw, b"Subject: second\r\n\r\n.\r\n"]
        await servers.empty()
        assert await asyncio.to_thread(fetch, servers.imap_url) == []


async def test_both_servers_are_gone_after_a_failure_inside() -> None:
    servers = MailServers()
    with pytest.raises(ZeroDivisionError):
        async with servers:
            raise ZeroDivisionError
    for url in (servers.imap_url, servers.smtp_url):
        with pytest.raises(OSError, match=r"refused|Connect"):
            await asyncio.open_connection("127.0.0.1", urlsplit(url).port)


async def test_the_mailbox_does_not_outlive_a_process_that_was_killed() -> None:
    program = (
        "import asyncio\n"
        "from bot.sandbox.imap_server import ImapServer\n"
        "async def main():\n"
        "    async with ImapServer() as server:\n"
        "        print(server.port, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                break
            writer.close()
            await asyncio.sleep(0.05)


async def test_two_servers_do_not_get_in_each_others_way() -> None:
    async with SmtpServer() as one, SmtpServer() as other:
        await send(one, mail())
        assert (len(one.mails), len(other.mails)) == (1, 0)
