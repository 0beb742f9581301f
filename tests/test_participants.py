"""Who writes in a conversation, who only says so, and what each of them may see."""

from dataclasses import replace
from pathlib import Path

import pytest
from scenes import TWICE, Scene, keep_order, mail, order

from bot.errors import ConfigError
from bot.house import open_house
from bot.outgoing import outgoing
from bot.parts import Parts
from bot.redrafting import redraft
from storage import outbox
from storage.engine import reading
from storage.tables import Conversation, Customer, Message

OUR_SERVER = "mx.lampehuset.example"
EVIL = "Mette Hansen <evil@example.com>"


def words(scene: Scene) -> str:
    """What the card shows."""
    with reading(scene.parts.engine) as session:
        row = outbox.by_key(session, "card:1")
        assert row is not None and row.id is not None
        claimed = outbox.Claimed(row.id, row.key, "card", 1, {}, row.version, 1, 0, scene.now)
        item = outgoing(session, claimed, scene.parts)
        assert item is not None
        return str(item.payload["blocks"])


def trusting(scene: Scene) -> Parts:
    """The house knows the name of its own mail server."""
    return replace(scene.parts, house=replace(scene.parts.house, authserv_ids=frozenset({OUR_SERVER})))


def checked(text: str, *results: str, **headers: str) -> bytes:
    """A mail with these Authentication-Results on top of it, the topmost first."""
    fields = "".join(f"Authentication-Results: {each}\r\n" for each in results)
    return fields.encode() + mail(text, **headers)


async def test_whoever_joins_with_a_known_id_is_shown_with_their_own_address(paid_twice: Scene) -> None:
    await paid_twice.receive(mail("Hvad har hun betalt?", sender=EVIL, answers="1@example.dk"))
    card = words(paid_twice)
    assert "evil@example.com" in card
    assert "mette@example.dk" not in card
    assert "not by this case's customer" in card


async def test_whoever_joins_gets_no_facts_and_no_answer_and_stays_somebody_else(paid_twice: Scene) -> None:
    await paid_twice.receive(mail(TWICE, sender=EVIL, answers="1@example.dk"))
    card = paid_twice.card()
    assert (card.situation, card.remedy and card.remedy["known"]) == ("looking", False)
    assert "499" not in card.text
    assert len(paid_twice.rows(Customer)) == 2
    paid_twice.send()
    await paid_twice.work()
    assert paid_twice.mails()[0].payload["to"] == "mette@example.dk"


async def test_somebody_who_knows_our_token_is_no_more_than_a_participant(paid_twice: Scene) -> None:
    token = paid_twice.rows(Conversation)[0].reply_token
    await paid_twice.receive(mail(TWICE, sender=EVIL, X_Tillid_Thread=token))
    assert len(paid_twice.rows(Conversation)) == 1
    first, second = paid_twice.rows(Message)
    assert first.customer_id != second.customer_id
    assert paid_twice.card().situation == "looking"


async def test_a_strange_address_for_answers_gets_no_facts_however_often_the_draft_is_made(
    scene: Scene,
) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, message_id="<1@example.dk>", Reply_To="evil@example.com"))
    await scene.receive(mail(TWICE + " Hallo?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert scene.card().situation == "looking"
    await redraft(scene.parts, 1)
    card = scene.card()
    assert (card.version, card.situation) == (3, "looking")
    assert any("no order facts were used" in hint for hint in card.hints)


@pytest.mark.parametrize(
    ("results", "sure"),
    [
        ((f"{OUR_SERVER}; dmarc=pass header.from=example.dk",), True),
        ((f"{OUR_SERVER}; dmarc=fail header.from=example.dk",), False),
        ((f"{OUR_SERVER}; dmarc=fail", f"{OUR_SERVER}; dmarc=pass"), False),
        (("evil.example; dmarc=pass", f"{OUR_SERVER}; dmarc=fail"), True),
        ((), True),
    ],
)
async def test_a_sender_who_failed_the_check_of_our_server_gets_no_facts_and_a_warning_is_shown(
    scene: Scene, results: tuple[str, ...], sure: bool
) -> None:
    scene.parts = trusting(scene)
    scene.do(keep_order, order())
    await scene.receive(checked(TWICE, *results, message_id="<1@example.dk>"))
    card = scene.card()
    assert (card.situation == "granted") is sure
    assert ("We cannot be sure who sent this" in words(scene)) is not sure
    assert scene.mails() == []


async def test_only_a_verdict_of_our_own_server_counts_and_none_is_unknown(scene: Scene) -> None:
    scene.parts = trusting(scene)
    verdicts = (
        (f"{OUR_SERVER}; dmarc=pass",),
        ("evil.example; dmarc=pass",),
        (f"evil.example; dmarc=pass; {OUR_SERVER}; dmarc=pass",),
        (),
    )
    for number, results in enumerate(verdicts):
        await scene.receive(checked(f"Spørgsmål {number}: hvornår åbner I?", *results))
    assert [each.authentication for each in scene.rows(Message)] == ["pass", *["unknown"] * 3]


async def test_an_unproven_sender_may_not_have_the_facts_sent_elsewhere_but_a_proven_one_may(
    scene: Scene,
) -> None:
    scene.parts = trusting(scene)
    scene.do(keep_order, order())
    proven = checked(
        TWICE, f"{OUR_SERVER}; dmarc=pass", message_id="<1@example.dk>", Reply_To="m@work.example"
    )
    await scene.receive(proven)
    assert scene.card().situation == "granted"
    await redraft(scene.parts, 1)
    assert scene.card().situation == "granted"


def test_a_house_says_whether_plus_addresses_reach_it(tmp_path: Path) -> None:
    assert not open_house(tmp_path).plus_address
    (tmp_path / "house.yaml").write_text("plus_address: true\n", encoding="utf-8")
    assert open_house(tmp_path).plus_address
    (tmp_path / "house.yaml").write_text("plus_address: sometimes\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="plus_address must be true or false"):
        open_house(tmp_path)
