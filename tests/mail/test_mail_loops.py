"""Machines and people, told apart by what a mail says of itself."""

import pytest
from mail_builders import raw_mail

from bot.mail.reading import parse_mail

OWN = frozenset({"kundeservice@lysoglampe.dk"})


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied (ferie (til mandag))", "auto_reply"),
        ("Auto-Submitted: (ferie)\n auto-replied", "auto_reply"),
        ('Auto-Submitted: "auto-notified"; owner-email=x', "auto_reply"),
        ("Auto-Submitted: no\nAuto-Submitted: auto-replied", "auto_reply"),
        ("Auto-Submitted: no (nej (slet ikke))", None),
        ("Auto-Submitted: no; owner-email=x@y.dk", None),
        ("Auto-Submitted: (kun en kommentar)", None),
        ("Auto-Submitted:", None),
        ("Precedence: bulk (a comment)", "auto_reply"),
        ("Precedence: LIST", "list"),
        ("X-Auto-Response-Suppress: All\nAuto-Submitted: no", None),
    ],
)
def test_comments_and_parameters_change_nothing(header: str, automatic: str | None) -> None:
    assert parse_mail(raw_mail(header)).automatic == automatic


@pytest.mark.parametrize(
    "header",
    [
        "List-Post: <https://groups.example/lys>, <mailto:kundeservice@lysoglampe.dk>\nPrecedence: list",
        "Mailing-list: list kundeservice@lysoglampe.dk; contact kundeservice+owners@lysoglampe.dk",
        "List-ID: Kundeservice <kundeservice.lysoglampe.dk>",
    ],
)
def test_a_group_that_is_our_own_mailbox_passes_on_what_people_write(header: str) -> None:
    full = f"{header}\nList-Unsubscribe: <mailto:off@lysoglampe.dk>"
    assert parse_mail(raw_mail(full), own_addresses=OWN).automatic is None
    assert parse_mail(raw_mail(full)).automatic == "list"
    absent = parse_mail(raw_mail(f"{full}\nAuto-Submitted: auto-replied"), own_addresses=OWN)
    assert absent.automatic == "auto_reply"


def test_a_list_whose_name_only_begins_like_ours_is_a_list() -> None:
    header = "List-Post: <mailto:ny-kundeservice@lysoglampe.dk>"
    assert parse_mail(raw_mail(header), own_addresses=OWN).automatic == "list"


@pytest.mark.parametrize(
    ("message_id", "automatic"),
    [
        ("t-abcdefgh12345678.3@lysoglampe.dk", "own"),
        ("T-abcdefgh12345678.3@LysOgLampe.DK", "own"),
        ("t-abcdefgh12345678.3@another-house.example", None),
        ("t-abcdefgh12345678.3@evil.lysoglampe.dk", None),
        ("t-kort.3@lysoglampe.dk", None),
    ],
)
def test_an_id_of_ours_is_one_at_our_own_domain(message_id: str, automatic: str | None) -> None:
    raw = raw_mail().replace(b"ordinary-1@example.dk", message_id.encode())
    assert parse_mail(raw, own_addresses=OWN).automatic == automatic


@pytest.mark.parametrize(
    ("reply_to", "answered"),
    [
        ("kundeservice@lysoglampe.dk", ""),
        ("Lys <Kundeservice+t-abcdefgh12345678@lysoglampe.dk>", ""),
        ("kundeservice@lysoglampe.dk, Bo <bo@example.dk>", "bo@example.dk"),
    ],
)
def test_a_person_who_wants_us_to_answer_ourselves_is_answered_at_their_own_address(
    reply_to: str, answered: str
) -> None:
    message = parse_mail(raw_mail(f"Reply-To: {reply_to}"), own_addresses=OWN)
    assert (message.automatic, message.sender, message.reply_to) == (None, "karen@example.dk", answered)


def test_our_address_with_a_tag_is_ours() -> None:
    raw = raw_mail(sender="kundeservice+t-abcdefgh12345678@lysoglampe.dk")
    assert parse_mail(raw, own_addresses=OWN).automatic == "own"


@pytest.mark.parametrize(
    ("sender", "subject", "body", "automatic"),
    [
        ("Boxbe <no-reply@boxbe.com>", "Your message is on the waiting list", "Click here", "auto_reply"),
        ("x@filter.spamarrest.com", "Re: Ordre 12", "Please prove that you are human", "auto_reply"),
        ("x@bluebottle.com", "Please verify your message", "Reply to deliver it", "auto_reply"),
        ("x@earthlink.net", "Re: Ordre", "I use spamBlocker: ask to be an allowed sender", "auto_reply"),
        ("Nana <nana@bluebottle.com>", "Ordre 12", "Hvor er min pakke?", None),
        ("Karen <karen@example.dk>", "Jeg står på en waiting list", "Please verify my order", None),
    ],
)
def test_a_gatekeeper_that_asks_who_we_are_is_a_machine_and_its_users_are_people(
    sender: str, subject: str, body: str, automatic: str | None
) -> None:
    message = parse_mail(raw_mail(body=body, sender=sender, subject=subject))
    assert (message.automatic, message.bounce) == (automatic, None)


def test_a_gatekeepers_report_in_the_form_of_a_bounce_is_none() -> None:
    body = (
        "--b\n\nYour message waits.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; boxbe.com\n\n"
        "Final-Recipient: rfc822; bo@example.dk\nAction: failed\nStatus: 5.7.1\n\n--b--\n"
    )
    header = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nReturn-Path: <>"
    message = parse_mail(raw_mail(header, body, "Boxbe <no-reply@boxbe.com>", "Action required"))
    assert (message.automatic, message.bounce) == ("auto_reply", None)
