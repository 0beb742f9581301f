"""A letter's sender, and the files that go along, as they are handed to the mail server."""

import base64
from dataclasses import replace

import pytest
from builders import NOW
from scenes import TWICE, Scene, house, keep_order, mail, order
from sqlalchemy import delete
from sqlmodel import Session

from bot import outgoing
from bot.errors import ConfigError
from bot.letters import Letter, send_letter
from bot.mail.identities import addresses, answering, identities
from bot.rules.policy_warnings import warnings
from bot.settings import load
from storage import files
from storage.files import NewFile
from storage.tables import CardState, Conversation, OutboxItem, OutboxState, StoredFile

TWO = 'Lampehuset <hej@lampehuset.example>; "Nord; Lys" <post@nordlys.example>'


@pytest.mark.parametrize(
    ("mailbox", "address"),
    [
        ("post@nordlys.example", "post@nordlys.example"),
        ("Post@Nordlys.example@imap.nordlys.example", "post@nordlys.example"),
        ("hej@lampehuset.example", "hej@lampehuset.example"),
        ("post@imap.nordlys.example", "hej@lampehuset.example"),
        ("mette@example.dk", "hej@lampehuset.example"),
        ("", "hej@lampehuset.example"),
    ],
)
def test_a_case_is_answered_from_the_address_it_came_to_or_else_from_the_first(
    mailbox: str, address: str
) -> None:
    assert f"<{address}>" in answering(TWO, mailbox)


def test_several_senders_stand_in_one_setting() -> None:
    assert identities(TWO) == ("Lampehuset <hej@lampehuset.example>", '"Nord; Lys" <post@nordlys.example>')
    assert addresses(TWO) == {"hej@lampehuset.example", "post@nordlys.example"}
    assert identities("a@b.example") == ("a@b.example",)
    assert (identities(""), identities(" ; ")) == ((), ())
    assert answering("", "a@b.example") == ""


@pytest.mark.parametrize("wrong", ["Lampehuset", "hej@a.example; Nordlys", ";", "; ;"])
def test_a_sender_without_an_address_stops_the_start(wrong: str) -> None:
    with pytest.raises(ConfigError, match="TILLID_MAIL_FROM: write it as"):
        load(_env_file=None, tillid_mail_from=wrong)
    assert load(_env_file=None, tillid_mail_from=TWO).tillid_mail_from == TWO


async def test_an_answer_goes_from_the_house_its_customer_wrote_to(scene: Scene) -> None:
    places = replace(scene.parts.places, mail_from=TWO)
    scene.parts, scene.desk = replace(scene.parts, places=places), replace(scene.desk, places=places)
    scene.do(keep_order, order())
    await scene.hear(mail(TWICE, message_id="<1@x>"), mailbox="post@nordlys.example")
    await scene.work()
    scene.send()
    await scene.work()
    (item,) = scene.mails()
    assert item.payload["from"] == '"Nord; Lys" <post@nordlys.example>'
    assert item.payload["message_id"].endswith("@nordlys.example")


# ---- files ----------------------------------------------------------------------------------------------------


def _with_files(session: Session, scene: Scene, *contents: bytes, other: bool = False) -> list[int]:
    """An answer with these files is on its way; their ids."""
    case = session.get_one(Conversation, 1)
    kept = [NewFile(f"{at}.pdf", "", "application/pdf", each, len(each)) for at, each in enumerate(contents)]
    ids = files.add(session, 2 if other else 1, None, kept, NOW)
    letter = Letter("reply:1:99", "Svar", "Hej", 1, "Lampehuset", files=tuple(ids))
    assert send_letter(session, case, scene.parts.places, letter, scene.now)
    return ids


async def _case(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@x>"))


async def test_files_go_along_with_their_content(scene: Scene) -> None:
    await _case(scene)
    scene.do(_with_files, scene, b"%PDF-1", b"\x00\xff")
    await scene.work()
    (item,) = scene.mails()
    assert [(each["name"], each["type"]) for each in item.payload["files"]] == [
        ("0.pdf", "application/pdf"),
        ("1.pdf", "application/pdf"),
    ]
    assert [base64.b64decode(each["content"]) for each in item.payload["files"]] == [b"%PDF-1", b"\x00\xff"]
    (row,) = [row for row in scene.rows(OutboxItem) if row.kind == "mail"]
    assert all(isinstance(each, int) for each in row.payload["files"])


async def test_files_too_large_for_one_mail_are_refused_and_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "MOST_ENCLOSED_BYTES", 1_000_000)
    await _case(scene)
    scene.do(_with_files, scene, b"x" * 600_000, b"y" * 600_000)
    await scene.work()
    (row,) = [row for row in scene.rows(OutboxItem) if row.kind == "mail"]
    assert row.state is OutboxState.FAILED
    assert row.error == "the files are too large for one mail: 1.2 MB of 1.0 MB at most"
    assert scene.mails() == []
    assert scene.card().state is not CardState.SENT


@pytest.mark.parametrize("case", ["of another conversation", "deleted"])
async def test_a_file_that_is_not_this_conversations_never_goes(scene: Scene, case: str) -> None:
    await _case(scene)
    await scene.receive(mail("Hvor er min pakke?", sender="Ida <ida@example.dk>", message_id="<2@x>"))
    scene.do(_with_files, scene, b"secret", other=case != "deleted")
    if case == "deleted":
        scene.do(Session.execute, delete(StoredFile))
    await scene.work()
    assert scene.mails() == []
    (row,) = [row for row in scene.rows(OutboxItem) if row.kind == "mail"]
    assert "not there any more" in row.error


def test_a_house_that_lets_many_mails_go_by_themselves_is_warned() -> None:
    ours = house().policy
    assert ours.most_automatic_per_day == 2
    assert not [each for each in warnings(ours, NOW.date()) if "most_automatic_per_day" in each]
    (warned,) = [
        each
        for each in warnings(replace(ours, most_automatic_per_day=20), NOW.date())
        if "most_automatic_per_day is 20" in each
    ]
    assert warned.endswith("Set 2.")
