import pytest
from mail_builders import raw_mail, sample

from bot.mail.reading import parse_mail
from bot.messages import BouncedRecipient, IncomingMessage

OWN = frozenset({"kundeservice@lysoglampe.dk"})


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "auto-submitted: AUTO-GENERATED",
        "Auto-Submitted: auto-replied (vacation)",
        'Auto-Submitted: auto-replied; owner-email="bo@example.dk"',
        "Auto-Submitted: (no) auto-generated",
        "Precedence: junk",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "X-Autorespond: ferie",
        "X-Loop: autosvar@example.dk",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_a_header_that_says_machine_is_believed(header: str) -> None:
    assert parse_mail(raw_mail(header)).automatic == "auto_reply"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (a person wrote this)",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Autoreply: no",
        "Return-Path: <karen@example.dk>",
        "Precedence: first-class",
        "Reply-To: kundeservice@lysoglampe.dk",
    ],
)
def test_a_person_stays_a_person(header: str) -> None:
    assert parse_mail(raw_mail(header), own_addresses=OWN).automatic is None


@pytest.mark.parametrize(
    "subject",
    [
        "Autosvar: Re: Ordre 12", "Automatisk svar: Ordre 12", "Fravær", "Ikke til stede: Ordre 12",
        "Fraværsmelding", "Ikkje til stades", "Automatisk svar", "Frånvaro: Re: Order 12", "Autosvar",
        "Frånvarande – åter 3/8", "Out of Office: Order 12", "Out of office AutoReply: Order",
        "Automatic reply: Order",
        "Auto-Reply: hello", "Abwesenheitsnotiz: Bestellung", "Automatische Antwort: Bestellung",
        "Automaattinen vastaus: Tilaus", "Poissa: Tilaus", "Lomavastaaja",
    ],
)  # fmt: skip
def test_a_subject_that_only_machines_write_is_enough(subject: str) -> None:
    assert parse_mail(raw_mail(subject=subject)).automatic == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Ikke til stede ved levering", "SV: Automatisk svar: Ordre 12", "Automatisk svar på min klage?",
        "Fravær af skruer i pakken", "Out of office chairs?", "Poissa paketista", "Autosvaret virker ikke",
        "Frånvaro av kvitto", "Delivery failed", "Ikke levert",
    ],
)  # fmt: skip
def test_a_subject_that_customers_write_is_not_enough(subject: str) -> None:
    assert parse_mail(raw_mail(subject=subject)).automatic is None


@pytest.mark.parametrize(
    ("sender", "automatic"),
    [
        ("no-reply@example.dk", "auto_reply"),
        ("noreply@example.dk", "auto_reply"),
        ("No_Reply <no_reply@example.dk>", "auto_reply"),
        ("donotreply+12@example.dk", "auto_reply"),
        ("postmaster@example.dk", "auto_reply"),
        ("MAILER-DAEMON@example.dk", "auto_reply"),
        ("Noora Replytä <noora@example.fi>", None),
        ("svar@example.no", None),
        ("Bo <KUNDESERVICE@lysoglampe.dk>", "own"),
    ],
)
def test_the_sender_tells(sender: str, automatic: str | None) -> None:
    assert parse_mail(raw_mail(sender=sender), own_addresses=OWN).automatic == automatic


@pytest.mark.parametrize(
    "header",
    [
        "List-Id: <tur.example.no>",
        "Precedence: list",
        "Precedence: bulk\nList-Post: <mailto:tur@example.no>",
        "Precedence: bulk\nSender: owner-tur@example.no",
        "List-Unsubscribe: <https://example.no/av>",
    ],
)
def test_a_list_is_a_list(header: str) -> None:
    assert parse_mail(raw_mail(header)).automatic == "list"


def test_our_own_mail_coming_back_is_ours_by_its_id() -> None:
    raw = raw_mail().replace(b"<ordinary-1@example.dk>", b"<t-abcdefgh12345678.3@lysoglampe.dk>")
    assert parse_mail(raw).automatic == "own"


def from_ourselves(header: str = "", message_id: str = "form-1@lysoglampe.dk") -> IncomingMessage:
    """A mail whose From is our own mailbox."""
    raw = raw_mail(header, sender="Lys og Lampe <kundeservice@lysoglampe.dk>")
    return parse_mail(raw.replace(b"ordinary-1@example.dk", message_id.encode()), own_addresses=OWN)


@pytest.mark.parametrize(
    ("reply_to", "sender", "name"),
    [
        ("Karen Toftlund <Karen@example.dk>", "karen@example.dk", "Karen Toftlund"),
        ("karen@example.dk", "karen@example.dk", ""),
        ("=?utf-8?Q?S=C3=B8ren?= <soren@example.dk>", "soren@example.dk", "Søren"),
        ("kundeservice@lysoglampe.dk, Karen <karen@example.dk>", "karen@example.dk", "Karen"),
        ("karen+lamper@example.dk", "karen+lamper@example.dk", ""),
    ],
)
def test_a_contact_form_in_our_name_is_the_mail_of_whom_it_wants_answered(
    reply_to: str, sender: str, name: str
) -> None:
    message = from_ourselves(f"Reply-To: {reply_to}")
    assert message.automatic is None
    assert (message.sender, message.sender_name, message.reply_to) == (sender, name, sender)
    assert "form_sender" in message.defects


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Reply-To: KUNDESERVICE@lysoglampe.dk",
        "Reply-To: Lys og Lampe <kundeservice+t-abcdefgh12345678@lysoglampe.dk>",
        "Reply-To: ",
    ],
)
def test_our_own_mail_that_wants_nobody_else_answered_is_ours(header: str) -> None:
    message = from_ourselves(header)
    assert (message.automatic, message.sender) == ("own", "kundeservice@lysoglampe.dk")
    assert "form_sender" not in message.defects


def test_our_own_id_makes_a_mail_ours_whatever_its_reply_to_says() -> None:
    message = from_ourselves("Reply-To: karen@example.dk", "t-abcdefgh12345678.3@lysoglampe.dk")
    assert (message.automatic, message.sender) == ("own", "kundeservice@lysoglampe.dk")
    assert "form_sender" not in message.defects


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Reply-To: karen@example.dk\nAuto-Submitted: auto-generated", "auto_reply"),
        ("Reply-To: karen@example.dk\nList-Id: <tur.example.no>", "list"),
        ("Reply-To: no-reply@example.dk", "auto_reply"),
    ],
)
def test_a_form_that_says_machine_is_believed(header: str, automatic: str) -> None:
    message = from_ourselves(header)
    assert message.automatic == automatic
    assert "form_sender" in message.defects


def test_only_a_mail_of_ours_lets_its_reply_to_name_the_sender() -> None:
    message = parse_mail(raw_mail("Reply-To: Bo <bo@example.dk>"), own_addresses=OWN)
    assert (message.sender, message.reply_to) == ("karen@example.dk", "bo@example.dk")
    assert "form_sender" not in message.defects


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_form_is_as_authentic_as_its_from(verdict: str) -> None:
    raw = raw_mail(
        f"Reply-To: karen@example.dk\nAuthentication-Results: mx.lysoglampe.dk; dmarc={verdict}",
        sender="kundeservice@lysoglampe.dk",
    )
    trusted = frozenset({"mx.lysoglampe.dk"})
    message = parse_mail(raw, own_addresses=OWN, trusted_authserv_ids=trusted)
    assert (message.sender, message.authentication) == ("karen@example.dk", verdict)


def test_a_report_of_failure_names_each_recipient_that_failed() -> None:
    message = parse_mail(sample("bounce_failed"))
    assert message.automatic == "bounce"
    assert message.bounce is not None
    assert message.bounce.recipients == (
        BouncedRecipient("hanne.gade@example.dk", "5.1.1", permanent=True),
        BouncedRecipient("bo@example.dk", "5.2.2", permanent=True),
    )
    assert message.bounce.original_message_id == "t-q1w2e3r4t5y6u7i8.2@lysoglampe.dk"
    assert message.reply_token == "q1w2e3r4t5y6u7i8"


def test_a_report_of_delay_is_no_failure() -> None:
    message = parse_mail(sample("bounce_delayed"))
    assert message.automatic == "delay"
    assert message.bounce is not None
    assert message.bounce.recipients == (
        BouncedRecipient("hanne.gade@example.dk", "4.4.1", permanent=False, delayed=True),
    )


def test_giving_up_after_a_temporary_fault_is_a_bounce_that_says_nothing_of_the_address() -> None:
    raw = sample("bounce_delayed").replace(b"Action: delayed", b"Action: failed")
    message = parse_mail(raw)
    assert message.automatic == "bounce"
    assert message.bounce is not None
    assert not message.bounce.recipients[0].permanent


def test_a_report_of_success_is_a_machine_and_no_bounce() -> None:
    raw = (
        sample("bounce_delayed").replace(b"Action: delayed", b"Action: delivered").replace(b"4.4.1", b"2.1.5")
    )
    message = parse_mail(raw)
    assert message.automatic == "auto_reply"
    assert message.bounce is None


def test_a_report_in_no_standard_form_and_with_no_sender_is_read() -> None:
    message = parse_mail(sample("bounce_qmail"))
    assert message.sender == ""
    assert message.automatic == "bounce"
    assert message.bounce is not None
    assert message.bounce.recipients == (BouncedRecipient("gone@example.dk", "5.1.1", permanent=True),)
    assert message.bounce.original_message_id == "t-zzzz1111yyyy2222.0@lysoglampe.dk"


def test_a_notice_that_still_tries_is_a_delay() -> None:
    body = (
        "This is a warning message only.\nYou do not need to resend.\n\n  bo@example.dk\n\nwill be retried\n"
    )
    raw = raw_mail(
        "Return-Path: <>", body, "Mail Delivery System <mailer-daemon@example.dk>", "Warning: message delayed"
    )
    message = parse_mail(raw)
    assert message.automatic == "delay"
    assert message.bounce is not None
    assert message.bounce.recipients == (
        BouncedRecipient("bo@example.dk", "4.0.0", permanent=False, delayed=True),
    )


def test_exim_names_the_failed_ones_in_a_header() -> None:
    raw = raw_mail(
        "X-Failed-Recipients: bo@example.dk,\n eva@example.dk", "550 5.7.1 rejected\n", "mailer-daemon@x.dk"
    )
    message = parse_mail(raw)
    assert message.bounce is not None
    assert [found.address for found in message.bounce.recipients] == ["bo@example.dk", "eva@example.dk"]


def test_a_person_who_quotes_or_forwards_a_report_is_a_person() -> None:
    quoting = parse_mail(sample("human_quotes_bounce"))
    forwarding = parse_mail(
        raw_mail(
            "Content-Type: multipart/mixed; boundary=ude",
            b"--ude\n\nHvad betyder det her?\n--ude\nContent-Type: message/rfc822\n\n"
            + sample("bounce_failed")
            + b"\n--ude--\n",
        )
    )
    assert (quoting.automatic, quoting.bounce) == (None, None)
    assert (forwarding.automatic, forwarding.bounce) == (None, None)
    assert forwarding.reply == "Hvad betyder det her?"
