"""Two customers made one, and parted again exactly as they were; what is known of them, from where and since when."""

from datetime import timedelta
from typing import Any

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col
from storage_races import race

from storage import customers, joining, knowledge, likenesses, orders
from storage.customers import Door
from storage.engine import reading, transaction
from storage.orders import OrderRecord
from storage.tables import (
    AddressKind,
    AuditEvent,
    Consent,
    Conversation,
    Customer,
    CustomerAddress,
    CustomerNote,
    Join,
    JoinState,
    KnownField,
    Message,
    Order,
    Strike,
)

LATER = NOW + timedelta(days=1)
#: Everything that says whose it is.
TABLES = (CustomerAddress, Conversation, Message, Order, Strike, CustomerNote, Consent, KnownField)


def two(session: Session) -> tuple[int, int]:
    """Mette from two addresses, with something of every kind on each."""
    ids = []
    for number, email in enumerate(("mette@example.dk", "mh@work.example")):
        customer = builders.customer(session, email, preferred_name="", language="", country="")
        who = builders.identity(customer)
        case = builders.identity(builders.conversation(session, customer_id=who))
        session.add(
            Message(
                conversation_id=case,
                direction="in",
                message_id=f"m{number}@x",
                text="Hej",
                reply="Hej",
                customer_id=who,
                at=NOW,
            )
        )
        session.add(
            Strike(customer_id=who, conversation_id=case, kind="late_delivery", happened_on=NOW.date())
        )
        session.add(
            Consent(customer_id=who, purpose="marketing", given=bool(number), source="mail", given_at=NOW)
        )
        session.add(CustomerNote(customer_id=who, kind="sale", text=f"promise {number}", created_at=NOW))
        orders.keep(
            session,
            OrderRecord(f"1000{number}", email, "Mette", "da", "DKK", "DK", NOW),
            NOW,
        )
        knowledge.learn(
            session, customer, "town", ("Aarhus", "Odense")[number], "customers_file", NOW + number * MINUTE
        )
        ids.append(who)
    knowledge.learn(session, session.get_one(Customer, ids[1]), "phone", "+4512345678", "agent", NOW)
    return ids[0], ids[1]


def picture(engine: Engine) -> dict[str, Any]:
    """Whose every row is, and what stands on the customers' own rows."""
    with reading(engine) as session:
        rows: dict[str, Any] = {
            table.__tablename__: sorted(map(tuple, session.execute(select(table.id, table.customer_id))))
            for table in TABLES
        }
        fields = select(col(KnownField.customer_id), col(KnownField.name), col(KnownField.value))
        rows["values"] = sorted(map(tuple, session.execute(fields)))
        people = select(
            col(Customer.id), col(Customer.preferred_name), col(Customer.since_at), col(Customer.no_follow_ups),
            col(Customer.language), col(Customer.joined_to_id),
        )  # fmt: skip
        rows["people"] = sorted(map(tuple, session.execute(people)))
    return rows


def test_joining_moves_everything_and_keeps_a_sign_where_it_was(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        joining.join(session, kept, gone, "by hand", LATER)
    with reading(engine) as session:
        for table in (CustomerAddress, Conversation, Message, Order, Strike, CustomerNote, Consent):
            owners = set(session.execute(select(table.customer_id)).scalars())
            assert owners == {kept}, table
        assert session.get_one(Customer, gone).joined_to_id == kept
        found = customers.by_address(session, Door(AddressKind.EMAIL, "mh@work.example"))
        assert found is not None
        assert found.id == kept
        fields = {name: each.value for name, each in knowledge.fields_of(session, kept).items()}
        # The newer town is the better one, and what only the other had comes along.
        assert fields == {
            "preferred_name": "Mette",
            "language": "da",
            "country": "DK",
            "town": "Odense",
            "phone": "+4512345678",
        }
        (event,) = session.execute(
            select(AuditEvent).where(col(AuditEvent.action) == "customers_joined")
        ).scalars()
        assert event.details == {"kept": kept, "gone": gone}


def test_parting_gives_back_exactly_what_moved(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        session.get_one(Customer, gone).no_follow_ups = True
        session.get_one(Customer, gone).since_at = NOW - timedelta(days=900)
    before = picture(engine)
    with transaction(engine) as session:
        row = joining.join(session, kept, gone, "by hand", LATER)
        assert session.get_one(Customer, kept).no_follow_ups
    assert picture(engine) != before
    with transaction(engine) as session:
        joining.undo(session, builders.identity(row), LATER)
    assert picture(engine) == before
    with reading(engine) as session:
        assert session.get_one(Join, row.id).state is JoinState.UNDONE
        assert (
            session.execute(select(func.count()).where(col(AuditEvent.action) == "customers_parted")).scalar()
            == 1
        )


def test_what_came_after_the_joining_stays_with_the_kept_customer(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        row = joining.join(session, kept, gone, "by hand", LATER)
        new = builders.identity(builders.conversation(session, customer_id=kept))
        note = builders.identity(
            knowledge.add_note(session, kept, "Writes, does not call", _agent(session), LATER)
        )
    with transaction(engine) as session:
        joining.undo(session, builders.identity(row), LATER)
    with reading(engine) as session:
        assert session.get_one(Conversation, new).customer_id == kept
        assert session.get_one(CustomerNote, note).customer_id == kept


def _agent(session: Session) -> int:
    return builders.identity(builders.agent(session))


def test_a_forgotten_customer_is_neither_joined_nor_parted(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        row = joining.join(session, kept, gone, "by hand", LATER)
    with transaction(engine) as session:
        session.get_one(Customer, kept).erased_at = LATER
        third = builders.identity(builders.customer(session))
    with transaction(engine) as session:
        with pytest.raises(joining.CannotJoin, match="forgotten"):
            joining.join(session, third, kept, "by hand", LATER)
        with pytest.raises(joining.CannotJoin, match="forgotten"):
            joining.undo(session, builders.identity(row), LATER)


def test_nobody_is_joined_twice_or_to_themselves(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        third = builders.identity(builders.customer(session))
        joining.join(session, kept, gone, "by hand", LATER)
        for one, other in ((kept, kept), (third, gone), (gone, third)):
            with pytest.raises(joining.CannotJoin):
                joining.join(session, one, other, "by hand", LATER)


def test_two_colleagues_who_join_the_same_two_at_once_join_them_once(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)

    def press(session: Session) -> bool:
        try:
            joining.join(session, kept, gone, "by hand", LATER)
        except joining.CannotJoin:
            return False
        return True

    assert sorted(race(engine, press)).count(True) == 1


def test_a_question_is_asked_once_whatever_was_answered(engine: Engine) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        first = joining.propose(session, gone, kept, "They have the same phone number.", NOW)
        assert first is not None
        assert joining.propose(session, kept, gone, "again", LATER) is None
        assert [each.id for each in joining.proposals_of(session, gone)] == [first.id]
        assert joining.refuse(session, builders.identity(first), _agent(session), LATER)
        assert joining.proposals_of(session, kept) == []
        assert joining.propose(session, kept, gone, "again", LATER) is None
        assert joining.was_parted(session, kept, gone)


@pytest.mark.parametrize("shared", ["phone", "order", "name and town", "nothing", "a common name"])
def test_whoever_shares_something_is_proposed_and_nobody_else(engine: Engine, shared: str) -> None:
    with transaction(engine) as session:
        kept, gone = two(session)
        people = [session.get_one(Customer, each) for each in (kept, gone)]
        numbers: tuple[str, ...] = ()
        people[0].preferred_name = "Anna"
        if shared == "phone":
            customers.add_address(
                session, kept, Door(AddressKind.PHONE, "+4512345678"), source="customers_file", now=NOW
            )
        elif shared == "order":
            numbers = ("10000",)
        elif shared != "nothing":
            people[0].preferred_name = "mette"
            knowledge.learn(session, people[0], "town", "ODENSE", "agent", NOW)
        if shared == "a common name":
            third = builders.customer(session, preferred_name="Mette")
            knowledge.learn(session, third, "town", "Odense", "agent", NOW)
        found = likenesses.look_for(session, gone, NOW, numbers)
        expected = [] if shared in ("nothing", "a common name") else [(kept, gone)]
        assert [(each.kept_id, each.gone_id) for each in found] == expected
        assert likenesses.look_for(session, gone, LATER, numbers) == []


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        (("agent", 0, "Mo"), ("customers_file", 9, "Mohammed"), "Mo"),
        (("mail", 0, "Mo"), ("orders", 9, "Mohammed"), "Mo"),
        (("customers_file", 5, "Mo"), ("customers_file", 0, "Mohammed"), "Mo"),
        (("customers_file", 0, "Mohammed"), ("customers_file", 5, "Mo"), "Mo"),
        (("customers_file", 0, "Mo"), ("orders", 9, "Mohammed"), "Mo"),
        (("customers_file", 0, "Mo"), ("customers_file.name", 9, "Mohammed"), "Mo"),
        (("mail", 0, "Mohammed"), ("customers_file", 5, "Mo"), "Mo"),
        (("customers_file", 5, "Mohammed"), ("agent", 0, "Mo"), "Mo"),
    ],
)
def test_the_better_source_stands_and_then_the_newer_one(
    engine: Engine, first: tuple[str, int, str], second: tuple[str, int, str], stands: str
) -> None:
    with transaction(engine) as session:
        customer = builders.customer(session, preferred_name="")
        for source, days, value in (first, second):
            knowledge.learn(session, customer, "preferred_name", value, source, NOW + timedelta(days=days))
        assert customer.preferred_name == stands
        assert knowledge.fields_of(session, builders.identity(customer))["preferred_name"].value == stands


def test_five_notes_are_kept_and_old_ones_make_room(engine: Engine) -> None:
    with transaction(engine) as session:
        who, agent = builders.identity(builders.customer(session)), _agent(session)
        for number in range(knowledge.MOST_NOTES):
            knowledge.add_note(session, who, f"note {number}", agent, NOW)
        with pytest.raises(knowledge.TooManyNotes):
            knowledge.add_note(session, who, "one more", agent, NOW)
        year_later = NOW + knowledge.NOTE_LASTS
        assert knowledge.notes_of(session, who, year_later) == []
        knowledge.add_note(session, who, "one more", agent, year_later)
