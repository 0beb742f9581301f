"""Customers, colleagues, watched channels and mailboxes: who they are, once, however many meet them."""

from datetime import date, timedelta
from functools import partial

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from storage_races import overlap, race, race_apart

from storage import agents, audit, customers, mailboxes
from storage.customers import Door
from storage.engine import transaction
from storage.tables import AddressKind, Agent, AuditEvent, Customer, Role

METTE = Door(AddressKind.EMAIL, "mette@example.dk")


def test_a_stranger_whom_eight_workers_meet_is_one_customer(engine: Engine) -> None:
    def meet(session: Session) -> int | None:
        try:
            with session.begin_nested():
                return _met(session)
        except IntegrityError:
            return None

    # Whoever lost the race starts over, and finds the customer.
    known = {each or _met_again(engine) for each in race(engine, meet)}
    assert len(known) == 1
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(Customer)).scalar_one() == 1


def test_a_customer_is_found_by_each_of_their_doors(engine: Engine) -> None:
    chat, phone = Door(AddressKind.SLACK, "T1:U1"), Door(AddressKind.PHONE, "+4512345678")
    with transaction(engine) as session:
        person = _met(session)
        for door in (chat, phone):
            customers.add_address(session, person, door, source="import", now=NOW)
        for door in (METTE, chat, phone):
            found = customers.by_address(session, door)
            assert found is not None
            assert found.id == person
        assert customers.by_address(session, Door(AddressKind.SLACK, "mette@example.dk")) is None


def test_somebody_elses_address_cannot_be_added(engine: Engine) -> None:
    with transaction(engine) as session:
        _met(session)
        other = builders.identity(builders.customer(session))
        with pytest.raises(IntegrityError), session.begin_nested():
            customers.add_address(session, other, METTE, source="import", now=NOW)


def test_a_name_learnt_later_is_kept_and_a_known_one_stays(engine: Engine) -> None:
    with transaction(engine) as session:
        first = customers.ensure(session, METTE, name="", source="mail", now=NOW)
        assert first.preferred_name == ""
        customers.ensure(session, METTE, name="Mette", source="mail", now=NOW)
        again = customers.ensure(session, METTE, name="M.", source="mail", now=NOW)
        assert (again, again.preferred_name) == (first, "Mette")


def test_an_import_adds_what_it_knows_and_erases_nothing(engine: Engine) -> None:
    long_ago = NOW - timedelta(days=900)
    with transaction(engine) as session:
        person = _met(session)
        same = customers.import_one(
            session,
            email="Mette@Example.dk",
            name="",
            language="da",
            country="DK",
            since_at=long_ago,
            now=NOW,
        )
        customers.import_one(
            session, email="mette@example.dk", name="", language="", country="", since_at=NOW, now=NOW
        )
        assert same == person
    with transaction(engine) as session:
        known = session.get_one(Customer, person)
        assert (known.preferred_name, known.language, known.country) == ("Mette", "da", "DK")
        assert known.since_at == long_ago


def test_the_ten_latest_languages_are_remembered_oldest_first(engine: Engine) -> None:
    with transaction(engine) as session:
        person = _met(session)
        for language in ["sv", "en", *["da"] * 8, "nb"]:
            customers.remember_language(session.get_one(Customer, person), language)
    with transaction(engine) as session:
        kept = session.get_one(Customer, person).past_languages.split()
        assert kept == ["en", *["da"] * 8, "nb"]


def test_a_bounced_address_is_known_in_any_case_and_no_other_is(engine: Engine) -> None:
    with transaction(engine) as session:
        _met(session)
        builders.customer(session, "other@example.dk")
        assert not customers.has_bounced(session, "mette@example.dk")
        customers.mark_bounced(session, "Mette@Example.dk", NOW)
        assert customers.has_bounced(session, "METTE@example.dk")
        assert not customers.has_bounced(session, "other@example.dk")
        assert not customers.has_bounced(session, "unknown@example.dk")


def test_a_conversation_counts_as_one_strike_and_not_against_itself(engine: Engine) -> None:
    march, april = date(2026, 3, 2), date(2026, 4, 1)
    with transaction(engine) as session:
        person = builders.identity(builders.customer(session))
        first, second = (
            builders.identity(builders.conversation(session, customer_id=person)) for _ in range(2)
        )
    race(engine, lambda session: customers.add_strike(session, person, second, "late_delivery", april))
    with transaction(engine) as session:
        customers.add_strike(session, person, first, "damaged_item", march)
        assert customers.strikes(session, person) == (march, april)
        assert customers.strikes(session, person, except_conversation=second) == (march,)


def test_colleagues_are_who_the_triage_channel_says(engine: Engine) -> None:
    with transaction(engine) as session:
        agents.keep(session, {"U1": "Freja", "U2": "Ola"}, {"U2": Role.LEAD}, NOW)
        agents.keep(session, {"U2": "Ola N.", "U3": "Siv"}, {}, NOW + MINUTE)
        assert [(each.name, each.role) for each in agents.everyone(session)] == [
            ("Ola N.", Role.AGENT),
            ("Siv", Role.AGENT),
        ]
        assert agents.by_slack_id(session, "U1") is None
    with transaction(engine) as session:
        agents.keep(session, {"U1": "Freja", "U2": "Ola"}, {"U1": Role.MANAGER}, NOW)
        back = agents.by_slack_id(session, "U1")
        assert back is not None
        assert (back.role, back.created_at) == (Role.MANAGER, NOW)
        assert session.execute(select(func.count()).select_from(Agent)).scalar_one() == 3


def test_eight_processes_that_read_the_channel_at_once_know_each_colleague_once(engine: Engine) -> None:
    members = {f"U{number}": f"Name {number}" for number in range(5)}
    race(engine, lambda session: agents.keep(session, members, {}, NOW))
    with transaction(engine) as session:
        assert len(agents.everyone(session)) == 5


def test_a_channel_is_watched_once_and_only_in_its_workspace(engine: Engine) -> None:
    assert race(engine, lambda session: agents.watch(session, "T1", "C1", NOW)).count(True) == 1
    with transaction(engine) as session:
        assert agents.watched(session, "T1") == {"C1"}
        assert agents.watched(session, "T2") == frozenset()
        assert agents.unwatch(session, "T1", "C1")
        assert not agents.unwatch(session, "T1", "C1")
        assert agents.watched(session, "T1") == frozenset()


def test_a_mailbox_cursor_never_goes_back_however_many_move_it(engine: Engine) -> None:
    def move(uid: int, session: Session) -> None:
        mailboxes.move(session, "hej@x.dk", "INBOX", uid_validity=7, last_uid=uid, now=NOW)

    race_apart(engine, [partial(move, uid) for uid in (3, 8, 1, 7, 2, 6, 4, 5)])
    assert _cursor(engine) == (7, 8)


def test_a_mailbox_cursor_is_not_moved_back_by_whoever_read_it_earlier(engine: Engine) -> None:
    def move(uid: int, session: Session) -> None:
        mailboxes.move(session, "hej@x.dk", "INBOX", uid_validity=7, last_uid=uid, now=NOW)

    with transaction(engine) as session:
        move(3, session)
    overlap(engine, partial(move, 9), partial(move, 5))
    assert _cursor(engine) == (7, 9)


def test_a_renumbered_mailbox_starts_anew(engine: Engine) -> None:
    with transaction(engine) as session:
        assert mailboxes.cursor(session, "hej@x.dk", "INBOX") is None
        mailboxes.move(session, "hej@x.dk", "INBOX", uid_validity=7, last_uid=90, now=NOW)
        mailboxes.move(session, "hej@x.dk", "Junk", uid_validity=1, last_uid=5, now=NOW)
        mailboxes.move(session, "hej@x.dk", "INBOX", uid_validity=8, last_uid=2, now=NOW)
    assert _cursor(engine) == (8, 2)


def test_the_record_keeps_what_happened_with_its_facts(engine: Engine) -> None:
    with transaction(engine) as session:
        audit.record(session, "refund_requested", NOW, conversation_id=4, agent_id=2, amount_minor=500)
    with transaction(engine) as session:
        event = session.execute(select(AuditEvent)).scalar_one()
        assert (event.action, event.at, event.conversation_id, event.agent_id, event.subject_id) == (
            "refund_requested",
            NOW,
            4,
            2,
            None,
        )
        assert event.details == {"amount_minor": 500}


def _met(session: Session) -> int:
    return builders.identity(customers.ensure(session, METTE, name="Mette", source="mail", now=NOW))


def _met_again(engine: Engine) -> int:
    with transaction(engine) as session:
        return _met(session)


def _cursor(engine: Engine) -> tuple[int, int]:
    with transaction(engine) as session:
        cursor = mailboxes.cursor(session, "hej@x.dk", "INBOX")
        assert cursor is not None
        return cursor.uid_validity, cursor.last_uid


def test_numbers_as_large_as_mail_servers_and_kroner_make_them_are_kept(engine: Engine) -> None:
    with transaction(engine) as session:
        mailboxes.move(
            session, "hej@example.dk", "INBOX", uid_validity=4_294_967_295, last_uid=4_294_967_294, now=NOW
        )
    with transaction(engine) as session:
        cursor = mailboxes.cursor(session, "hej@example.dk", "INBOX")
        assert cursor is not None
        assert (cursor.uid_validity, cursor.last_uid) == (4_294_967_295, 4_294_967_294)
