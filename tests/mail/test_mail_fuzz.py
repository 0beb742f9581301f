"""Whatever arrives, the reader gives a message or says MalformedMessage."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from mail_builders import SAMPLES, raw_mail

from bot.errors import MalformedMessage
from bot.mail.reading import as_json, parse_mail
from bot.mail.replies import newly_written

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHOLE = [path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))]
NAMES = [
    "Message-ID", "From", "To", "Cc", "Reply-To", "Date", "Subject", "References", "In-Reply-To",
    "Content-Type", "Sender",
    "Content-Disposition", "Content-Transfer-Encoding", "Authentication-Results", "Auto-Submitted",
    "Return-Path",
]  # fmt: skip
TOKENS = [
    b"<", b">", b"@", b'"', b"(", b")", b"[", b"]", b":", b";", b",", b"=?utf-8?q?", b"=?x?b?", b"?=",
    b"\\", b"\n ", b"\n",
    b"\r", b"\x00", b"\xe6", b"\xc3\xb8", b"a", b"1", b" ", b"multipart/mixed", b"message/rfc822",
    b"text/html",
    b"boundary=", b"charset=", b"filename*0*=", b"filename*=", b"name*", b"utf-8''%", b"base64", b"2026",
    b"+0100", b"--b", b"\n\n", b".",
]  # fmt: skip
JUNK = some.lists(some.sampled_from(TOKENS), max_size=30).map(b"".join)


def read_or_refuse(raw: bytes) -> None:
    try:
        message = parse_mail(raw, own_addresses=frozenset({"k@x.dk"}), trusted_authserv_ids=frozenset({"a"}))
    except MalformedMessage:
        return
    assert message.reply.strip() or not message.text.strip()
    assert "\x00" not in message.text + message.subject + message.sender_name + message.message_id
    assert (as_json(message, "x") | {"text": message.text.encode("utf-8").decode()})["file"] == "x"


@QUICK
@given(some.sampled_from(NAMES), JUNK)
def test_any_header_can_be_read(name: str, value: bytes) -> None:
    read_or_refuse(raw_mail(name.encode() + b": " + value))
    read_or_refuse(name.encode() + b": " + value + b"\n\nHej\n")


@QUICK
@given(
    some.sampled_from(WHOLE),
    some.lists(some.tuples(some.floats(0, 1), some.integers(0, 9), JUNK), max_size=6),
)
def test_any_mutilated_mail_can_be_read(raw: bytes, wounds: list[tuple[float, int, bytes]]) -> None:
    for share, removed, put in wounds:
        place = int(share * len(raw))
        raw = raw[:place] + put + raw[place + removed :]
    read_or_refuse(raw)


@QUICK
@given(some.binary(max_size=400))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    read_or_refuse(raw)
    read_or_refuse(raw_mail("Content-Type: text/html", raw))
    read_or_refuse(raw_mail("Content-Type: multipart/mixed; boundary=b", b"--b\n" + raw + b"\n--b--"))


LINES = ["> x", ">> y", "-- ", "", "Fra: a@b.dk", "Emne: x", "Sendt: i dag",
    "Den 3. juni 2026 kl. 10.15 skrev Bo <b@c.dk>:",
         "Ja tak", "Sendt fra min iPhone", "-----Original Message-----", "____________", "On x wrote:",
         "Le x a écrit :"]  # fmt: skip


@QUICK
@given(some.lists(some.sampled_from(LINES), max_size=30))
def test_a_reply_is_never_empty_and_never_invented(lines: list[str]) -> None:
    text = "\n".join(lines)
    reply = newly_written(text)
    assert bool(reply) == bool(text.strip())
    assert set(reply.split("\n")) <= {line.strip() for line in lines} | {*lines, ""}
