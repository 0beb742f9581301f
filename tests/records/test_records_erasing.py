"""An erased customer is searched for by every value, in every table and every file, on both databases."""

import threading
from datetime import timedelta
from pathlib import Path

import builders
import pytest
from builders import MINUTE, NOW, identity
from planting import OF_NOBODY, STAYS, everywhere, plant
from scenes import FREJA, OURS, TWICE, Scene, keep_order, mail, order
from sqlalchemy import Engine, select, update
from sqlmodel import SQLModel, col

from bot.errors import Refused
from bot.records.erasing import Certificate, erase_person
from storage import outbox, persons
from storage.engine import reading, transaction
from storage.tables import (
    Conversation,
    Customer,
    CustomerAddress,
    Erasure,
    InboxItem,
    InboxState,
    Message,
    Order,
    OutboxItem,
    OutboxState,
    Refund,
    Suggestion,
)

SOON = timedelta(seconds=0)


def erased(engine: Engine, customer_id: int, patience: timedelta = SOON) -> Certificate:
    """Erase, an hour later."""
    return erase_person(engine, customer_id, lambda: NOW + 60 * MINUTE, channel="CTRIAGE", patience=patience)


def customer_of(scene: Scene, email: str) -> int:
    with reading(scene.parts.engine) as session:
        return persons.find(session, email)[0]


def test_every_text_column_is_planted_or_known_to_name_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        _, planted = plant(session)
    covered = {each.partition(".")[0] for each in (*planted, *STAYS)} | OF_NOBODY
    assert covered == set(SQLModel.metadata.tables)
    assert not set(planted) & STAYS


def test_no_planted_value_is_found_in_any_table_or_file(engine: Engine, tmp_path: Path) -> None:
    with transaction(engine) as session:
        customer_id, planted = plant(session)
    with reading(engine) as session:
        before = everywhere(session)
        assert [
            name for name, value in planted.items() if value not in before and value[:5] not in before
        ] == []
    done = erased(engine, customer_id)
    assert done.overwritten
    with reading(engine) as session:
        after = everywhere(session)
    assert [name for name, value in planted.items() if value[:5] in after] == []
    engine.dispose()
    for path in (each for each in tmp_path.rglob("*") if each.is_file()):
        held = path.read_bytes()
        assert [name for name, value in planted.items() if value[:5].encode() in held] == [], path.name


def test_what_bookkeeping_needs_stays_under_a_number_that_names_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        customer_id, _ = plant(session)
    done = erased(engine, customer_id)
    with reading(engine) as session:
        (customer,) = session.execute(select(Customer)).scalars().all()
        assert (customer.id, customer.preferred_name, customer.language, customer.country) == (
            customer_id,
            "",
            "",
            "",
        )
        assert customer.erased_at == NOW + 60 * MINUTE
        (book,) = session.execute(select(Order)).scalars().all()
        assert (book.customer_id, book.paid_minor, book.currency) == (customer_id, 54_800, "DKK")
        (money,) = session.execute(select(Refund)).scalars().all()
        shell = session.get_one(Conversation, money.conversation_id)
        assert (money.amount_minor, shell.customer_id, shell.subject, shell.answer_to) == (
            100,
            customer_id,
            "",
            "",
        )
        (kept,) = session.execute(select(Erasure)).scalars().all()
    assert (kept.number, kept.gone, kept.kept) == (done.number, done.gone, done.kept)
    assert done.gone["messages"] == 2
    assert {"orders", "order lines", "payments", "refunds"} < set(done.kept)
    assert "five years" in done.kept["orders"]["why"]


def test_nobody_else_loses_anything(engine: Engine) -> None:
    with transaction(engine) as session:
        customer_id, _ = plant(session)
        other = builders.customer(session, "tore@example.no")
        case = builders.conversation(session, customer_id=other.id, answer_to="tore@example.no")
        card = builders.suggestion(session, case)
        others = (identity(other), identity(case), identity(card))
    erased(engine, customer_id)
    with reading(engine) as session:
        assert session.get_one(Customer, others[0]).preferred_name == "Mette"
        assert session.get_one(Conversation, others[1]).subject == "Betalt to gange"
        assert session.get_one(Suggestion, others[2]).text.startswith("Hej Mette")


def test_what_they_wrote_in_somebody_elses_case_is_emptied(engine: Engine) -> None:
    with transaction(engine) as session:
        gone = builders.customer(session, "gone@example.dk")
        case = builders.conversation(session, answer_to="gone@example.dk")
        theirs = builders.message(
            session, case, customer_id=gone.id, text="Min hund Zorro", sender_name="Gone"
        )
        card = builders.suggestion(session, case, theirs, text="Hej Gone")
        ids = (identity(theirs), identity(card), identity(gone), identity(case))
    erased(engine, ids[2])
    with reading(engine) as session:
        message = session.get_one(Message, ids[0])
        assert (message.text, message.reply, message.sender_name) == ("", "", "")
        assert (session.get_one(Suggestion, ids[1]).text, session.get_one(Suggestion, ids[1]).state) == (
            "",
            "withdrawn",
        )
        assert session.get_one(Conversation, ids[3]).answer_to.startswith("mette")


# ---- while something is under way -----------------------------------------------------------------------------


def with_letter(engine: Engine) -> tuple[int, int]:
    """A customer to whom a letter waits in the outbox; their number, and the row's."""
    with transaction(engine) as session:
        person = builders.customer(session, "mette@example.dk")
        case = builders.conversation(session, customer_id=person.id)
        row = outbox.put(
            session, "reply:1:1", "mail", {"to": "mette@example.dk", "text": "Hej Mette"}, NOW,
            lane=f"conversation:{case.id}", conversation_id=case.id,
        )  # fmt: skip
        assert row is not None
        return identity(person), row


def test_a_letter_that_waits_is_withdrawn_and_never_goes(engine: Engine) -> None:
    customer_id, _ = with_letter(engine)
    erased(engine, customer_id)
    with transaction(engine) as session:
        assert outbox.claim(session, NOW + 120 * MINUTE) == []


def test_a_letter_in_hand_holds_the_erasure_up_and_nothing_is_changed(engine: Engine) -> None:
    customer_id, _ = with_letter(engine)
    with transaction(engine) as session:
        outbox.claim(session, NOW + 60 * MINUTE)
    with pytest.raises(Refused, match=r"being sent at this moment\. Nothing was erased"):
        erased(engine, customer_id)
    with reading(engine) as session:
        assert session.get_one(Customer, customer_id).preferred_name == "Mette"
        assert session.execute(select(OutboxItem)).scalars().one().payload["text"] == "Hej Mette"


def test_the_erasure_waits_for_a_letter_in_hand_and_goes_on_when_it_is_sent(engine: Engine) -> None:
    customer_id, row = with_letter(engine)
    with transaction(engine) as session:
        (claimed,) = outbox.claim(session, NOW + 60 * MINUTE)

    def sent() -> None:
        with transaction(engine) as session:
            outbox.settle_sent(session, claimed, {"message_id": "x"}, NOW + 60 * MINUTE)

    timer = threading.Timer(0.4, sent)
    timer.start()
    done = erased(engine, customer_id, patience=timedelta(seconds=20))
    timer.join()
    assert done.gone["letters and posts"] == 1
    with reading(engine) as session:
        assert session.get(OutboxItem, row) is None


def test_a_send_whose_worker_died_does_not_hold_it_up(engine: Engine) -> None:
    customer_id, _ = with_letter(engine)
    with transaction(engine) as session:
        outbox.claim(session, NOW)
    assert erased(engine, customer_id).gone["letters and posts"] == 1


def test_money_that_is_promised_is_settled_first(engine: Engine) -> None:
    with transaction(engine) as session:
        customer_id, _ = plant(session)
        session.execute(update(Refund).values(state="approved"))
    with pytest.raises(Refused, match="not settled"):
        erased(engine, customer_id)
    with reading(engine) as session:
        assert session.execute(select(Erasure)).first() is None


# ---- in a running house -----------------------------------------------------------------------------------------


async def test_after_an_erasure_the_agent_cannot_send_and_a_new_mail_is_a_new_customer(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    before = customer_of(scene, "mette@example.dk")
    press = scene.press(FREJA)
    scene.now += timedelta(minutes=1)
    erase_person(scene.parts.engine, before, lambda: scene.now, channel="CTRIAGE", patience=SOON)
    from bot import desk

    with pytest.raises(Refused):
        scene.do(desk.send, scene.desk, press, scene.now)
    await scene.receive(mail("Hej, hvor er min pakke?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert customer_of(scene, "mette@example.dk") != before
    assert scene.card().conversation_id
    assert scene.mails() == []


async def test_a_mail_that_nobody_has_read_yet_is_erased_too(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?", message_id="<1@example.dk>"))
    person = customer_of(scene, "mette@example.dk")
    await scene.hear(mail("Og en ting til.", sender="Mette@Example.dk", message_id="<2@example.dk>"))
    await scene.hear(
        mail("Jeg kender mette@example.dk.", sender="tore@example.no", message_id="<3@example.dk>")
    )
    erase_person(scene.parts.engine, person, lambda: scene.now, patience=SOON)
    states = [(row.state, bool(row.raw)) for row in scene.rows(InboxItem)]
    assert states == [(InboxState.DONE, False), (InboxState.DONE, False), (InboxState.NEW, True)]
    await scene.work()
    with reading(scene.parts.engine) as session:
        addresses = set(session.execute(select(col(CustomerAddress.value))).scalars())
    assert addresses == {"tore@example.no"}


async def test_the_same_mail_delivered_again_brings_nobody_back(scene: Scene) -> None:
    raw = mail("Hej, hvor er min pakke?", message_id="<1@example.dk>")
    await scene.receive(raw)
    person = customer_of(scene, "mette@example.dk")
    erase_person(scene.parts.engine, person, lambda: scene.now, patience=SOON)
    await scene.receive(raw)
    assert OURS and scene.rows(CustomerAddress) == []


async def test_a_letter_in_an_emptied_case_does_not_go(scene: Scene) -> None:
    with transaction(scene.parts.engine) as session:
        customer_id, _ = plant(session)
    erase_person(scene.parts.engine, customer_id, lambda: scene.now, patience=SOON)
    with transaction(scene.parts.engine) as session:
        (shell,) = session.execute(select(Conversation)).scalars().all()
        outbox.put(
            session,
            "reply:9:9",
            "mail",
            {"to": "x@example.dk"},
            scene.now,
            lane="c",
            conversation_id=shell.id,
        )
    await scene.work()
    states = {row.key: row.state for row in scene.rows(OutboxItem)}
    assert states["reply:9:9"] is OutboxState.WITHDRAWN
    assert scene.mails() == []
