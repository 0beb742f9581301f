"""Each answer of a real SMTP server, and what the sender makes of it."""

import email
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from outgoing_items import NOW, clock, closed_port, letter

from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.outbound.composing import compose
from bot.outbound.mail import MailSender
from bot.sandbox.smtp_server import SmtpServer


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as running:
        yield running


@pytest.fixture
def send(server: SmtpServer) -> MailSender:
    return MailSender(server.url, clock, deadline=5)


def received(server: SmtpServer) -> EmailMessage:
    """The one mail the server took, read as a mail program reads it."""
    (mail,) = server.mails
    parsed = email.message_from_bytes(mail.raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(mail: EmailMessage) -> str:
    """What the customer reads."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    content: str = plain.get_content()
    return content.replace("\r\n", "\n")


# ---- what arrives -------------------------------------------------------------------------------------------


async def test_a_mail_that_was_taken_gives_a_receipt(server: SmtpServer, send: MailSender) -> None:
    receipt = await send(letter())
    assert receipt["message_id"] == "t-1.2@lampehuset.example"
    assert "accepted" in receipt["answer"]
    assert [(mail.sender, mail.recipients) for mail in server.mails] == [
        ("hej@lampehuset.example", ("mette@example.dk",))
    ]


async def test_the_headers_arrive_as_they_were_given(server: SmtpServer, send: MailSender) -> None:
    await send(letter())
    mail = received(server)
    assert mail["Message-ID"] == "<t-1.2@lampehuset.example>"
    assert mail["In-Reply-To"] == "<m2@example.dk>"
    assert mail["References"] == "<m1@example.dk> <m2@example.dk>"
    assert mail["X-Tillid-Thread"] == "43b43719c475"
    assert mail["Date"].datetime == NOW
    assert mail["To"] == "mette@example.dk"
    assert mail["Auto-Submitted"] is None


async def test_a_first_mail_refers_to_nothing(server: SmtpServer, send: MailSender) -> None:
    await send(letter(in_reply_to="", references=[]))
    assert received(server)["In-Reply-To"] is None
    assert received(server)["References"] is None


async def test_a_long_chain_of_references_is_folded_and_whole(server: SmtpServer, send: MailSender) -> None:
    chain = [f"{number:040}@a-rather-long-domain.example.dk" for number in range(60)]
    await send(letter(references=chain))
    assert max(len(line) for line in server.mails[0].raw.split(b"\r\n")) <= 998
    assert received(server)["References"].split() == [f"<{each}>" for each in chain]


@pytest.mark.parametrize(
    ("sender_name", "shown"),
    [
        ("Freja Holm", "Freja Holm · Lampehuset"),
        ("", "Lampehuset"),
        ("Åse Ødegård", "Åse Ødegård · Lampehuset"),
    ],
)
async def test_the_sender_is_the_house_with_the_colleagues_name(
    server: SmtpServer, send: MailSender, sender_name: str, shown: str
) -> None:
    await send(letter(sender_name=sender_name))
    (sender,) = received(server)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (shown, "hej@lampehuset.example")


async def test_a_house_without_a_name_is_its_address(server: SmtpServer, send: MailSender) -> None:
    bare: dict[str, Any] = {"from": "hej@lampehuset.example"}
    await send(letter(**bare))
    assert received(server)["From"] == "Freja Holm <hej@lampehuset.example>"


@pytest.mark.parametrize(
    "text",
    [
        "Hej Åse\n\nJeg sender 499 kr. – „straks” – til dig 🙂\n\nKærlig hilsen\nFreja",
        "plain ascii",
        ".\n..\n.begins with a point\nFrom here on\n",
        "two  spaces, a tab\tand spaces at the end   \nnext",
    ],
)
async def test_the_text_comes_through_letter_by_letter(
    server: SmtpServer, send: MailSender, text: str
) -> None:
    await send(letter(text=text, subject="Ændret: 499 kr. til Åse – «straks»"))
    mail = received(server)
    assert text_of(mail) == text + "\n"
    assert mail["Subject"] == "Ændret: 499 kr. til Åse – «straks»"


@pytest.mark.parametrize("word", ["a", "æ", "word "])
async def test_lines_longer_than_mail_allows_arrive_whole(
    server: SmtpServer, send: MailSender, word: str
) -> None:
    text = "Hej\n" + (word * 3000).strip() + "\nVenlig hilsen"
    await send(letter(text=text))
    assert max(len(line) for line in server.mails[0].raw.split(b"\r\n")) <= 998
    assert text_of(received(server)) == text + "\n"


# ---- the server's answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["451 4.3.0 try again later", "421 4.7.0 too busy", "450 4.2.1 greylisted"])
async def test_a_recipient_put_off_is_tried_again_later(
    server: SmtpServer, send: MailSender, reply: str
) -> None:
    server.refuse_recipient(reply)
    with pytest.raises(TemporaryFailure, match=reply[:3]):
        await send(letter())
    assert server.mails == []


@pytest.mark.parametrize("reply", ["451 4.3.0 try again later", "421 4.7.0 too busy", "452 4.3.1 disk full"])
async def test_a_mail_put_off_is_tried_again_later(server: SmtpServer, send: MailSender, reply: str) -> None:
    server.refuse_data(reply)
    with pytest.raises(TemporaryFailure, match=reply[:3]):
        await send(letter())
    assert server.mails == []
    await send(letter(attempt=2))
    assert len(server.mails) == 1


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "552 5.2.2 mailbox full", "554 5.7.1 rejected"])
async def test_a_recipient_refused_for_good_is_told_with_the_servers_words(
    server: SmtpServer, send: MailSender, reply: str
) -> None:
    server.refuse_recipient(reply)
    with pytest.raises(PermanentFailure, match=reply):
        await send(letter())


@pytest.mark.parametrize("reply", ["550 5.7.1 spam", "552 5.3.4 too large", "554 5.6.0 no"])
async def test_a_mail_refused_for_good_is_told_with_the_servers_words(
    server: SmtpServer, send: MailSender, reply: str
) -> None:
    server.refuse_data(reply)
    with pytest.raises(PermanentFailure, match=reply):
        await send(letter())
    assert server.mails == []


@pytest.mark.parametrize("keep", [True, False])
async def test_a_server_that_hangs_up_after_the_text_may_have_taken_it(
    server: SmtpServer, send: MailSender, keep: bool
) -> None:
    server.drop_after_data(keep=keep)
    with pytest.raises(UnknownOutcome, match="may have taken"):
        await send(letter())
    assert len(server.mails) == keep


async def test_a_server_that_falls_silent_after_the_text_may_have_taken_it(server: SmtpServer) -> None:
    server.stall(3)
    hurried = MailSender(server.url, clock, deadline=0.3)
    with pytest.raises(UnknownOutcome, match="SMTPReadTimeoutError"):
        await hurried(letter())
    assert len(server.mails) == 1


async def test_a_repetition_carries_the_same_message_id(server: SmtpServer, send: MailSender) -> None:
    server.drop_after_data()
    with pytest.raises(UnknownOutcome):
        await send(letter())
    await send(letter(attempt=2))
    assert len({email.message_from_bytes(mail.raw)["Message-ID"] for mail in server.mails}) == 1


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    send = MailSender(f"smtp://127.0.0.1:{closed_port()}", clock, deadline=2)
    with pytest.raises(TemporaryFailure, match="no connection"):
        await send(letter())


# ---- what cannot be written never leaves --------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        {"subject": "Re: hej\r\nBcc: alle@example.dk"},
        {"subject": "Re: hej\nBcc: alle@example.dk"},
        {"sender_name": "Freja\r\nBcc: alle@example.dk"},
        {"sender_name": "Freja\nX: y"},
        {"to": "mette@example.dk\r\nBcc: alle@example.dk"},
        {"to": "mette"},
        {"to": ""},
        {"to": "mette@"},
        {"to": "@example.dk"},
        {"to": "mette@example.dk, alle@example.dk"},
        {"to": "Mette <mette@example.dk>"},
        {"to": "måns@example.se"},
        {"from": "Lampehuset"},
        {"message_id": "t-1\r\nX: y@lampehuset.example"},
        {"in_reply_to": "m1@example.dk>\r\nX: y"},
        {"references": ["m1@example.dk", "m2\n@example.dk"]},
        {"token": "abc\r\nX: y"},
    ],
    ids=str,
)
async def test_what_cannot_be_written_is_refused_before_anything_is_sent(
    server: SmtpServer, send: MailSender, bad: dict[str, Any]
) -> None:
    with pytest.raises(PermanentFailure, match="cannot be written"):
        await send(letter(**bad))
    assert server.mails == []


def test_an_odd_subject_of_the_customer_can_be_answered() -> None:
    odd = "Re: " + "x" * 2000 + " =?utf-8?b?"
    assert compose(letter(subject=odd), NOW).as_bytes()
