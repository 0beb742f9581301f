"""Delivery reports: each recipient for itself, and delayed is not failed."""

import pytest
from mail_builders import raw_mail
from reports import Line, report

from bot.mail.reading import parse_mail
from bot.messages import BouncedRecipient

OURS = "t-q1w2e3r4t5y6u7i8.2@lysoglampe.dk"


@pytest.mark.parametrize(
    ("line", "permanent", "delayed"),
    [
        (("bo@example.dk", "failed", "5.1.1"), True, False),
        (("bo@example.dk", "Failed", "5.7.509"), True, False),
        (("bo@example.dk", "failed (no such user)", "5.0.0"), True, False),
        (("bo@example.dk", "failed", "4.4.7"), False, False),
        (("bo@example.dk", "delayed", "4.2.2"), False, True),
        (("bo@example.dk", "Delayed", "5.1.1"), False, True),
        (("bo@example.dk", "DELAYED", ""), False, True),
        (("bo@example.dk", "failed", ""), True, False),
    ],
)
def test_action_and_status_say_whether_it_is_final(line: Line, permanent: bool, delayed: bool) -> None:
    message = parse_mail(report(line, about=OURS))
    assert message.bounce is not None
    (found,) = message.bounce.recipients
    assert (found.permanent, found.delayed) == (permanent, delayed)
    assert message.automatic == ("delay" if delayed else "bounce")


def test_several_recipients_of_one_report_are_told_apart() -> None:
    message = parse_mail(
        report(
            ("gone@example.dk", "failed", "5.1.1"),
            ("full@example.dk", "failed", "4.2.2"),
            ("slow@example.dk", "delayed", "4.4.1"),
            ("fine@example.dk", "delivered", "2.1.5"),
            about=OURS,
        )
    )
    assert message.automatic == "bounce"
    assert message.bounce is not None
    assert message.bounce.recipients == (
        BouncedRecipient("gone@example.dk", "5.1.1", permanent=True),
        BouncedRecipient("full@example.dk", "4.2.2", permanent=False),
        BouncedRecipient("slow@example.dk", "4.4.1", permanent=False, delayed=True),
    )


@pytest.mark.parametrize("whole", [False, True])
def test_the_mail_it_returns_is_named_by_its_id_and_its_token(whole: bool) -> None:
    message = parse_mail(report(("bo@example.dk", "failed", "5.1.1"), about=OURS, whole=whole))
    assert message.bounce is not None
    assert (message.bounce.original_message_id, message.reply_token) == (OURS, "q1w2e3r4t5y6u7i8")
    by_token = parse_mail(report(("bo@example.dk", "failed", "5.1.1"), token="abcdefgh12345678", whole=whole))
    assert by_token.reply_token == "abcdefgh12345678"


@pytest.mark.parametrize("sender", ['"" (Mail Delivery System)', "Mail Delivery System <>", "<>", '""'])
@pytest.mark.parametrize("to", ["<>", "", "undisclosed-recipients:;"])
def test_a_report_from_nobody_to_nobody_is_read(sender: str, to: str) -> None:
    message = parse_mail(report(("bo@example.dk", "failed", "5.1.1"), about=OURS, sender=sender, to=to))
    assert (message.sender, message.automatic) == ("", "bounce")
    assert message.bounce is not None
    assert message.bounce.recipients[0].address == "bo@example.dk"


@pytest.mark.parametrize(
    "quoted",
    [
        "> Final-Recipient: rfc822; bo@example.dk\n> Action: failed\n> Status: 5.1.1\n",
        "> <bo@example.dk>: host mx.example.dk said: 550 5.1.1 User unknown\n",
        "Undelivered Mail Returned to Sender\nThis is the qmail-send program.\nbo@example.dk\n",
    ],
)
@pytest.mark.parametrize("subject", ["Re: Undelivered Mail Returned to Sender", "VS: Mail delivery failed"])
def test_a_person_who_asks_about_a_report_is_a_person(quoted: str, subject: str) -> None:
    message = parse_mail(raw_mail(body=f"Hvad betyder det her?\n\n{quoted}", subject=subject))
    assert (message.automatic, message.bounce) == (None, None)


@pytest.mark.parametrize("number", [1, 5_000])
def test_a_report_about_very_many_is_read_in_bounds(number: int) -> None:
    lines = [(f"{each}@example.dk", "failed", "5.1.1") for each in range(number)]
    message = parse_mail(report(*lines, about=OURS))
    assert message.bounce is not None
    assert len(message.bounce.recipients) == min(number, 200)
