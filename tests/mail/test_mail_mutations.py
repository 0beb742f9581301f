"""Twenty thousand mutilated mails: headers and MIME structure, always the same ones."""

import random
from collections.abc import Callable

import pytest
from mail_builders import SAMPLES, raw_mail

from bot.errors import MalformedMessage
from bot.mail.reading import as_json, parse_mail

CHUNKS, IN_A_CHUNK = 20, 1_000
NAMES = (
    b"Message-ID", b"From", b"To", b"Cc", b"Reply-To", b"Date", b"Subject", b"References", b"In-Reply-To", b"Sender",
    b"Content-Type", b"Content-Disposition", b"Content-Transfer-Encoding", b"Authentication-Results", b"Return-Path",
    b"Auto-Submitted", b"Precedence", b"List-Id", b"X-Failed-Recipients", b"Delivered-To",
)  # fmt: skip
TOKENS = (
    b"<", b">", b"@", b'"', b"(", b")", b"[", b"]", b":", b";", b",", b"=", b"?", b"\\", b"%", b"*", b"\n", b"\n ",
    b"\r", b"\r\n", b"\x00", b"\x1b$B", b"\xff\xff", b"\xe6", b"\xc3\xb8", b"\xef\xbb\xbf", b"=?utf-8?q?", b"=?x?b?",
    b"?=", b"=?utf-8?b?w7g=?=", b"multipart/mixed", b"multipart/alternative", b"multipart/report", b"message/rfc822",
    b"message/delivery-status", b"message/partial", b"text/html", b"text/rtf", b"text/calendar", b"application/ms-tnef",
    b"application/rtf", b"boundary=", b'boundary="b"', b"charset=", b"charset=utf-7", b"charset=idna", b"format=flowed",
    b"filename*0*=", b"filename*=", b"name*", b"utf-8''%", b"base64", b"quoted-printable", b"uuencode", b"2026",
    b"99999999999", b"+0100", b"--", b"--b", b"--b--", b"\n--b\n", b"\n\n", b".", b"a@b.dk",
    b"undisclosed-recipients:;", b"begin 644 x\n", b"\nend\n",
    b"dmarc=pass", b"auto-replied", b"{\\rtf1", b"<p>", b"</blockquote>", b"> ",
)  # fmt: skip
#: The large ones would take most of the time and add nothing.
WHOLE = [raw for path in sorted(SAMPLES.glob("*.eml")) if len(raw := path.read_bytes()) < 4_000]

Mutation = Callable[[random.Random], bytes]


def junk(chance: random.Random, most: int) -> bytes:
    return b"".join(chance.choices(TOKENS, k=chance.randint(0, most)))


def a_header(chance: random.Random) -> bytes:
    """An ordinary mail with one header more, or alone with it."""
    line = chance.choice(NAMES) + b": " + junk(chance, 14)
    return raw_mail(line) if chance.random() < 0.6 else line + b"\n\nHej\n"


def a_structure(chance: random.Random) -> bytes:
    """Parts of all kinds, in and behind one another, under boundaries that sometimes fit."""

    def part(level: int) -> bytes:
        head = b"".join(
            chance.choice((b"Content-Type: ", b"Content-Transfer-Encoding: ", b"Content-Disposition: "))
            + junk(chance, 4).replace(b"\n", b"") + b"\n"
            for _ in range(chance.randint(0, 3))
        )  # fmt: skip
        if level > 4 or chance.random() < 0.4:
            return head + b"\n" + junk(chance, 12)
        mark = chance.choice((b"b", b"c", b"b c"))
        inside = b"".join(b"--" + mark + b"\n" + part(level + 1) + b"\n" for _ in range(chance.randint(0, 3)))
        kind = chance.choice(
            (b"mixed", b"alternative", b"related", b"signed", b"report", b"digest", b"encrypted")
        )
        end = b"--" + mark + chance.choice((b"--", b"", b"-")) + b"\n"
        return head + b"Content-Type: multipart/" + kind + b'; boundary="' + mark + b'"\n\n' + inside + end

    return b"From: a@b.dk\n" + part(0)


def a_wounded_sample(chance: random.Random) -> bytes:
    """A sample with pieces cut out, put in, doubled and swapped."""
    raw = chance.choice(WHOLE)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(raw) + 1), chance.choice((0, 1, 3, 20, 200))
        piece = chance.choice(
            (junk(chance, 3), raw[place : place + length] * 2, b"", chance.randbytes(length))
        )
        raw = raw[:place] + piece + raw[place + length :]
    return raw


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_mutilated_mail_is_read_or_refused(chunk: int) -> None:
    chance = random.Random(chunk)
    mutations: tuple[Mutation, ...] = (a_header, a_structure, a_wounded_sample)
    read = 0
    for number in range(IN_A_CHUNK):
        raw = mutations[number % len(mutations)](chance)
        try:
            message = parse_mail(
                raw,
                own_addresses=frozenset({"a@b.dk"}),
                trusted_authserv_ids=frozenset({"b"}),
                form_senders=frozenset({"@b.dk"}),
            )
        except MalformedMessage:
            continue
        read += 1
        assert bool(message.reply.strip()) == bool(message.text.strip())
        assert "\x00" not in message.text + message.subject + message.sender_name + message.message_id
        str(as_json(message, "x")).encode()
    assert read > IN_A_CHUNK * 0.9
