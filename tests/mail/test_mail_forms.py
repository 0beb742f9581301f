"""Contact forms and marketplaces that the house declares: the customer inside is who writes."""

from pathlib import Path

import pytest
from mail_builders import raw_mail

from bot.errors import ConfigError
from bot.house import open_house
from bot.mail.reading import parse_mail
from bot.messages import IncomingMessage

TRUSTED = frozenset({"mx.lysoglampe.dk"})
FORMS = frozenset({"noreply@formular.example", "@torvet.example"})
PASSED = "Authentication-Results: mx.lysoglampe.dk; dmarc=pass"


def from_form(header: str, sender: str = "Kontaktformular <noreply@formular.example>") -> IncomingMessage:
    return parse_mail(
        raw_mail(header, sender=sender),
        own_addresses=frozenset({"kundeservice@lysoglampe.dk"}),
        trusted_authserv_ids=TRUSTED,
        form_senders=FORMS,
    )


@pytest.mark.parametrize("sender", ["noreply@formular.example", "Torvet <KOEBER-17@TORVET.example>"])
def test_the_customer_of_a_declared_form_is_whom_reply_to_names(sender: str) -> None:
    message = from_form(f"Reply-To: Bo Lund <bo@example.dk>\n{PASSED}", sender)
    assert (message.sender, message.sender_name, message.reply_to) == (
        "bo@example.dk",
        "Bo Lund",
        "bo@example.dk",
    )
    assert "form_sender" in message.defects
    assert message.automatic is None


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "Authentication-Results: mx.lysoglampe.dk; dmarc=fail",
        "Authentication-Results: mx.fremmed.example; dmarc=pass",
        "Authentication-Results: mx.lysoglampe.dk; spf=pass smtp.mailfrom=bo.example",
    ],
)
def test_a_form_that_nobody_vouches_for_stays_itself(proof: str) -> None:
    message = from_form(f"Reply-To: Bo Lund <bo@example.dk>\n{proof}")
    assert message.sender == "noreply@formular.example"
    assert "form_not_authenticated" in message.defects
    assert "form_sender" not in message.defects


@pytest.mark.parametrize(
    "reply_to",
    ["", "Reply-To: kundeservice@lysoglampe.dk", "Reply-To: <>", "Reply-To: noreply@formular.example"],
)
def test_a_form_that_names_nobody_else_stays_itself(reply_to: str) -> None:
    message = from_form(f"{reply_to}\n{PASSED}")
    assert message.sender == "noreply@formular.example"
    assert message.automatic == "auto_reply"
    assert not {"form_sender", "form_not_authenticated"} & set(message.defects)


@pytest.mark.parametrize(
    "sender", ["bo@fremmed.example", "noreply@formular.example.fremmed.example", "x@under.torvet.example"]
)
def test_nobody_else_speaks_for_others(sender: str) -> None:
    message = from_form(f"Reply-To: eva@example.dk\n{PASSED}", sender)
    assert message.sender == sender
    assert not {"form_sender", "form_not_authenticated"} & set(message.defects)


def test_a_name_in_a_form_that_shows_another_address_is_told() -> None:
    message = from_form(f'Reply-To: "chef@lysoglampe.dk" <bo@example.dk>\n{PASSED}')
    assert {"form_sender", "name_shows_other_address"} <= set(message.defects)


def test_a_form_that_says_a_machine_wrote_is_believed() -> None:
    assert (
        from_form(f"Reply-To: bo@example.dk\nAuto-Submitted: auto-generated\n{PASSED}").automatic
        == "auto_reply"
    )


def test_a_reply_to_that_is_no_address_falls_back_to_from() -> None:
    for reply_to in ('Reply-To: <"">', "Reply-To:  ", "Reply-To: ingen"):
        message = parse_mail(raw_mail(reply_to))
        assert message.sender == "karen@example.dk"
        assert message.reply_to == ""


def test_the_house_declares_its_forms(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("forms: [NoReply@Formular.example, '@Torvet.example ']\n")
    assert open_house(tmp_path).forms == FORMS
    assert open_house().forms == frozenset()
    (tmp_path / "house.yaml").write_text("forms: noreply@formular.example\n")
    with pytest.raises(ConfigError, match="forms must be a list"):
        open_house(tmp_path)
