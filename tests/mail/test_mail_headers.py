import pytest
from mail_builders import raw_mail, sample

from bot.mail.reading import parse_mail
from bot.messages import IncomingMessage


def read(header: str | bytes, **ordinary: str) -> IncomingMessage:
    return parse_mail(raw_mail(header, **ordinary))


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@x.dk>", ("a@x.dk",)),
        ("<a@x.dk> <b@x.dk>", ("a@x.dk", "b@x.dk")),
        ("<a@x.dk>,\n\t<b@x.dk>", ("a@x.dk", "b@x.dk")),
        ("<a@x.dk> (sendt fra Bo)", ("a@x.dk",)),
        ('Your message of "Tue, 3 Mar" <a@x.dk>', ("a@x.dk",)),
        ("a@x.dk b@x.dk", ("a@x.dk", "b@x.dk")),
        ("<a@b@x.dk>", ("a@b@x.dk",)),
        ("<long\n folded@x.dk>", ("longfolded@x.dk",)),
        ("<a@x.dk> <a@x.dk>", ("a@x.dk",)),
        ("<a@x.dk", ("a@x.dk",)),
        ("<[1]@x>", ("[1]@x",)),
        ("<>", ()),
        ("<@>", ()),
        ("(kun en kommentar)", ()),
    ],
)
def test_ids_are_found_however_they_are_written(value: str, ids: tuple[str, ...]) -> None:
    message = read(f"In-Reply-To: {value}\nReferences: {value}")
    assert message.in_reply_to == ids
    assert message.references == ids


def test_of_many_references_the_first_five_and_the_last_forty_five_stay() -> None:
    message = read("References: " + "\n ".join(f"<{number}@x.dk>" for number in range(3_000)))
    assert len(message.references) == 50
    assert message.references[:5] == tuple(f"{number}@x.dk" for number in range(5))
    assert message.references[-1] == "2999@x.dk"
    assert "references_cut" in message.defects


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Bo Riis <BO@Example.DK>", "Bo Riis", "bo@example.dk"),
        ('"Riis, Bo" <bo@example.dk>', "Riis, Bo", "bo@example.dk"),
        ("Riis, Bo <bo@example.dk>", "Riis, Bo", "bo@example.dk"),
        ("bo@example.dk (Bo Riis)", "Bo Riis", "bo@example.dk"),
        ("bo@example.dk", "", "bo@example.dk"),
        ("=?utf-8?Q?J=C3=B8rgen?= <j@example.dk>", "Jørgen", "j@example.dk"),
        ("=?utf-8?B?SsO4cmdlbg==?= =?utf-8?Q?_Bak?= <j@example.dk>", "Jørgen Bak", "j@example.dk"),
        ("=?utf-8?Q?J=C3?= =?utf-8?Q?=B8rgen?= <j@example.dk>", "Jørgen", "j@example.dk"),
        ("=?x-ukendt?Q?J=F8rgen?= <j@example.dk>", "Jørgen", "j@example.dk"),
        ("Jørgen <j@example.dk>", "Jørgen", "j@example.dk"),
        ('"chef@lysoglampe.dk" <tricker@example.com>', "chef@lysoglampe.dk", "tricker@example.com"),
        ("chef@lysoglampe.dk <tricker@example.com>", "chef@lysoglampe.dk", "tricker@example.com"),
        (
            "=?utf-8?Q?chef=40lysoglampe.dk_=3Cx=40y.dk=3E?= <t@example.com>",
            "chef@lysoglampe.dk <x@y.dk>",
            "t@example.com",
        ),
        ("Bo <bo@example.dk>, Eva <eva@example.dk>", "Bo", "bo@example.dk"),
        ('"bo riis"@example.dk', 'bo riis"@example.dk', ""),
        ("<@relay.example:bo@example.dk>", "", "bo@example.dk"),
        ("undisclosed-recipients:;", "", ""),
        ("Carolr <", "Carolr", ""),
        ("ccc@", "ccc@", ""),
        ('"', "", ""),
        ('"" (Mail Delivery System)', "Mail Delivery System", ""),
    ],
)
def test_the_real_address_is_the_sender(value: str, name: str, address: str) -> None:
    message = parse_mail(raw_mail(sender=value))
    assert (message.sender_name, message.sender) == (name, address)


def test_a_name_in_raw_latin_1_is_read() -> None:
    raw = raw_mail().replace(b"Karen Toftlund", "Jørgen Bæk".encode("latin-1"))
    assert parse_mail(raw).sender_name == "Jørgen Bæk"


def test_stray_bytes_that_look_like_a_byte_order_mark_hide_no_address() -> None:
    raw = b"From: \xff\xfe <q@z.dk>\r\nSubject: Hej\r\n\r\nhej\r\n"
    assert parse_mail(raw).sender == "q@z.dk"


def test_several_senders_are_named_as_a_defect() -> None:
    message = read("From: Eva <eva@example.dk>")
    assert message.sender == "karen@example.dk"
    assert "several_from" in message.defects


@pytest.mark.parametrize(
    ("value", "reply_to"),
    [("Bo <BO@example.dk>", "bo@example.dk"), ('<"">', ""), ("", ""), ("ingen", ""), ("<>", "")],
)
def test_an_invalid_reply_to_is_none(value: str, reply_to: str) -> None:
    assert read(f"Reply-To: {value}").reply_to == reply_to


def test_everyone_addressed_is_listed_once() -> None:
    message = read('Cc: "Eva, B." <eva@example.dk>; bo@example.dk, BO@example.dk, undisclosed-recipients:;')
    assert message.to == ("kundeservice@lysoglampe.dk",)
    assert message.cc == ("eva@example.dk", "bo@example.dk")


def test_a_header_cannot_be_smuggled_in_through_an_encoded_word() -> None:
    subject = "=?utf-8?Q?Hej=0D=0ABcc:_eva=40example.dk=0D=0A=0D=0Ahej?="
    assert parse_mail(raw_mail(subject=subject)).subject == "Hej Bcc: eva@example.dk hej"


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Tue, 3 Mar 2026 08:14:09 +0100", "2026-03-03T07:14:09+00:00"),
        ("3 Mar 2026 08:14 -0500 (EST)", "2026-03-03T13:14:00+00:00"),
        ("Tue, 3 Mar 2026 08:14:60 GMT", "2026-03-03T08:14:59+00:00"),
        ("Tue, 3 Mar 2026 08:14:09", "2026-03-03T08:14:09+00:00"),
        ("Mon, 24 Nov 99999999999 10:00:00 +0100", None),
        ("Tue, 3 Mar 0026 08:14:09 +9999999999999", None),
        ("tirsdag den 3. marts", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("", None),
    ],
)
def test_a_date_is_utc_or_nothing(date: str, moment: str | None) -> None:
    raw = raw_mail().replace(b"Tue, 3 Mar 2026 08:14:09 +0100", date.encode())
    sent_at = parse_mail(raw).sent_at
    assert (sent_at.isoformat() if sent_at else None) == moment


TOKEN = "abcd1234efgh5678"


@pytest.mark.parametrize(
    "header",
    [
        f"Cc: Hjælp <help+t-{TOKEN}@lysoglampe.dk>",
        f"Delivered-To: help+t-{TOKEN.upper()}@lysoglampe.dk",
        f"X-Original-To: help+t-{TOKEN}@lysoglampe.dk",
        f"X-Tillid-Thread: {TOKEN}",
        f"In-Reply-To: <t-{TOKEN}.4@lysoglampe.dk>",
        f"References: <x@y.dk> <t-{TOKEN}.a1@lysoglampe.dk> <z@y.dk>",
        f"References: <t-0000000000000000.0@lysoglampe.dk> <t-{TOKEN}.1@lysoglampe.dk>",
        f"Cc: help+t-{TOKEN}@lysoglampe.dk\nIn-Reply-To: <t-0000000000000000.0@lysoglampe.dk>",
    ],
)
def test_our_token_is_found_wherever_it_came_back(header: str) -> None:
    assert read(header).reply_token == TOKEN


@pytest.mark.parametrize(
    "header", ["Cc: help+t-kort@lysoglampe.dk", "X-Tillid-Thread: ../etc", "In-Reply-To: <t-x.1@y>"]
)
def test_what_only_resembles_a_token_is_none(header: str) -> None:
    assert read(header).reply_token == ""


TRUSTED = frozenset({"mx.lysoglampe.dk"})
OURS = "Authentication-Results: mx.lysoglampe.dk"
THEIRS = "Authentication-Results: elsewhere.example"


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (f"{OURS}; dmarc=pass header.from=example.dk", "pass"),
        ("Authentication-Results: MX.lysoglampe.dk 1; spf=pass; DMARC=FAIL (p=reject)", "fail"),
        (f"{OURS}; dmarc=none", "unknown"),
        (f"{OURS}; spf=pass smtp.mailfrom=k@example.dk; dkim=pass header.d=example.dk", "pass"),
        (f"{OURS}; spf=pass smtp.mailfrom=k@evil.example; dkim=pass header.d=evil.example", "unknown"),
        (f"{OURS}; spf=pass", "unknown"),
        (f"{OURS}; none (dmarc=pass; dmarc=pass)", "unknown"),
        (f"{THEIRS}; dmarc=pass", "unknown"),
        (f"{THEIRS}; spf=pass\n{OURS}; dmarc=pass", "unknown"),
        (f"{OURS}; dkim=pass\n{OURS}; dmarc=fail", "fail"),
        (f"{OURS}; dmarc=none\nReceived: from x\n{OURS}; dmarc=pass", "unknown"),
        ("X-Nothing: here", "unknown"),
    ],
)  # fmt: skip
def test_only_the_topmost_results_of_our_own_server_are_believed(header: str, verdict: str) -> None:
    assert parse_mail(raw_mail(header), trusted_authserv_ids=TRUSTED).authentication == verdict


def test_without_a_trusted_server_nothing_is_believed() -> None:
    assert parse_mail(sample("da_gmail_reply")).authentication == "unknown"
    assert parse_mail(sample("spoofed_name"), trusted_authserv_ids=TRUSTED).authentication == "fail"
