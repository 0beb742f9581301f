"""Texts made to keep a reader busy: each step of reading gets each of them, short and long, and comes to an end."""

from collections.abc import Callable

import pytest
from bounded import SideProcess
from mail_builders import raw_mail

from bot.mail import addresses, bodies, charsets, closings, fields, formats, headers, markup, parts, quotes
from bot.mail.defects import Defects
from bot.mail.reading import parse_mail
from bot.mail.replies import MAX_REPLY_CHARS, newly_written
from bot.mail.rich_text import rtf_text
from bot.mail.transfer import cut_uuencoded, quoted_printable

POISON = {
    "newlines": "\n" * 100_000,
    "quote levels": "".join(">" * (n % 5_000) + " x\n" for n in range(0, 5_000, 4)),
    "nested quote lines": "> " * 5_000 + "x\n",
    "on": "On " * 5_000,
    "on, a line each": "On \n" * 5_000,
    "sender without end": "From: " * 20_000,
    "headers": "From: x\nTo: y\n" * 10_000,
    "spaces": " " * 200_000 + "x",
    "brackets": "<" * 100_000,
    "quotes": '"' * 100_000,
    "braces": "{" * 100_000 + "\\u1" * 30_000,
    "encoded words": "=?utf-8?q?a?= " * 20_000,
    "dashes": "-" * 100_000 + "\n" + "-- \n" * 20_000,
    "uuencoded": "begin 644 x\n" * 20_000 + "\nend\n",
    "one word": "a" * 500_000,
    "my answers": "my answers " * 20_000,
    "confidential": "this email is confidential " * 20_000,
    "sent from my": "sent from my " * 20_000,
}
STEPS: dict[str, Callable[[str], object]] = {
    "the new part": newly_written,
    "html": markup.html_text,
    "rich text": rtf_text,
    "enriched": formats.enriched_text,
    "flowed": lambda text: formats.unflow(text, delete_space=True),
    "calendar": formats.calendar_text,
    "charset": lambda text: charsets.decode(text.encode("utf-16-be") + b"\xff"),
    "stray bytes": lambda text: charsets.decode(b"\xff\xe6" + text.encode()),
    "addresses": addresses.read_mailboxes,
    "encoded words": fields.decode_words,
    "message ids": lambda text: headers.message_ids((text.encode(),)),
    "quoted-printable": lambda text: quoted_printable(text.encode()),
    "uuencoded": cut_uuencoded,
    "parts": lambda text: parts.read_parts(b"Content-Type: multipart/mixed\n\nx" + text.encode(), Defects()),
    "header block": lambda text: fields.split_fields(text.encode(), Defects()),
    "introduction": lambda text: quotes.wrote_lines(text.split("\n"), 0),
    "device": closings.is_sent_from,
    "notice": lambda text: closings.without_disclaimers(text.split("\n")),
    "answers below": lambda text: closings.announces_answers_below(text.split("\n")),
    "whole mail": lambda text: parse_mail(raw_mail(body="Hej\n" + text)),
    "subject": lambda text: parse_mail(raw_mail(subject=text.replace("\n", " "))),
}


#: A text of this many poisons is past every cap; what has none would need hours if it were slow.
MANY = 20


def take(step: str, poison: str) -> None:
    """One step with one poison, and with many."""
    for times in (1, MANY):
        STEPS[step](POISON[poison] * times)


@pytest.mark.parametrize("poison", POISON)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_done_with_poison(side_process: SideProcess, step: str, poison: str) -> None:
    side_process.do(take, step, poison)


def nested_without_end(size: int) -> bytes:
    """A mail in a mail in a mail, each with a boundary that never closes."""
    one = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\nContent-Type: message/rfc822\n\nSubject: x\n"
    )
    return b"".join(one % (n, n) for n in range(size // 90))


BUSY: dict[str, Callable[[int], bytes]] = {
    "nested without end": lambda times: b"From: a@b.dk\n" + nested_without_end(3_000_000 * times),
    "long header": lambda times: raw_mail(
        "Received: " + "from mx.example.dk by example.se;\n " * 60_000 * times
    ),
    "recipients": lambda times: raw_mail(
        "To: " + ", ".join(f"Navn {n} <x{n}@example.dk>" for n in range(5_000 * times))
    ),
}


def senders(mail: str) -> set[str]:
    """Whom the mail, and one many times as large, are read to be from."""
    return {parse_mail(BUSY[mail](times)).sender for times in (1, MANY)}


@pytest.mark.parametrize("mail", BUSY)
def test_a_mail_that_kept_others_busy_is_read(side_process: SideProcess, mail: str) -> None:
    (sender,) = side_process.do(senders, mail)
    assert sender


def test_every_text_is_cut_somewhere() -> None:
    long = "Hej du der\n" * 100_000
    message = parse_mail(raw_mail(body=long))
    assert len(message.text) <= bodies.MAX_TEXT_CHARS
    assert len(message.reply) <= MAX_REPLY_CHARS
    assert "text_cut" in message.defects
    assert len(markup.html_text("<p>Hej</p>" * 200_000)) <= markup.MAX_HTML_CHARS
