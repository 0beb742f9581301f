"""Links by which a customer stops our follow-ups, and mails that a provider sent on under another id."""

from datetime import timedelta

import pytest
from builders import NOW, conversation, customer, identity, message
from sqlalchemy import Engine, select
from sqlmodel import Session

from storage import conversations, outbox, unsubscribing
from storage.engine import reading, transaction
from storage.tables import AuditEvent, Customer, UnsubscribeLink

LATER = NOW + timedelta(days=3)
SES = "0102018f3c5a7b1e-1f0e6c1d-55aa-4b1c-9c1e-0d1f2a3b4c5d-000000"


def _link(engine: Engine, **fields: str) -> tuple[int, str]:
    with transaction(engine) as session:
        asked = identity(customer(session, **fields))
        return asked, unsubscribing.new_link(session, asked, NOW)


def test_every_mail_has_a_link_of_its_own_that_nobody_can_guess(engine: Engine) -> None:
    with transaction(engine) as session:
        asked = identity(customer(session))
        tokens = {unsubscribing.new_link(session, asked, NOW) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 32


def test_looking_changes_nothing(engine: Engine) -> None:
    asked, token = _link(engine, language="sv")
    with reading(engine) as session:
        assert unsubscribing.language(session, token) == "sv"
        assert unsubscribing.language(session, "unknown") is None
        assert not session.get_one(Customer, asked).no_follow_ups


def test_opting_out_twice_is_opting_out_once(engine: Engine) -> None:
    asked, token = _link(engine, language="nb")
    for now in (NOW, LATER):
        with transaction(engine) as session:
            assert unsubscribing.opt_out(session, token, now) == "nb"
    with reading(engine) as session:
        assert session.get_one(Customer, asked).no_follow_ups
        link = session.execute(select(UnsubscribeLink)).scalar_one()
        assert (link.token, link.used_at) == (token, NOW)
        (event,) = session.execute(select(AuditEvent)).scalars()
        assert (event.action, event.subject_id, event.at) == ("follow_ups_declined", asked, NOW)


def test_whoever_took_it_back_can_opt_out_again_by_the_same_link(engine: Engine) -> None:
    asked, token = _link(engine)
    with transaction(engine) as session:
        unsubscribing.opt_out(session, token, NOW)
    with transaction(engine) as session:
        session.get_one(Customer, asked).no_follow_ups = False
    with transaction(engine) as session:
        unsubscribing.opt_out(session, token, LATER)
    with reading(engine) as session:
        assert session.get_one(Customer, asked).no_follow_ups


@pytest.mark.parametrize("token", ["", "unknown", "%", "' OR 1=1", "x" * 5000])
def test_a_link_that_nobody_has_stops_nobody(engine: Engine, token: str) -> None:
    asked, _ = _link(engine)
    with transaction(engine) as session:
        assert unsubscribing.opt_out(session, token, NOW) is None
    with reading(engine) as session:
        assert not session.get_one(Customer, asked).no_follow_ups


# ---- another id -----------------------------------------------------------------------------------------------


def _sent(session: Session, key: str, other: str | None) -> int:
    case = identity(conversation(session))
    outbox.put(session, key, "mail", {}, NOW, lane=f"conversation:{case}", conversation_id=case)
    session.flush()
    (claimed,) = (row for row in outbox.claim(session, NOW) if row.key == key)
    receipt = {"message_id": f"{key}@lampehuset.example"} | ({"other_id": other} if other else {})
    assert outbox.settle_sent(session, claimed, receipt, NOW)
    return case


def test_an_answer_to_the_id_that_a_provider_gave_finds_its_conversation(engine: Engine) -> None:
    with transaction(engine) as session:
        plain, ses = _sent(session, "a", None), _sent(session, "b", SES)
        other = _sent(session, "c", "abc@AM0.prod.outlook.com")
    with reading(engine) as session:
        for ids, found in (
            ([f"{SES}@eu-north-1.amazonses.com"], ses),
            ([f"{SES}@email.amazonses.com"], ses),
            (["unknown@x", "abc@AM0.prod.outlook.com", f"{SES}@email.amazonses.com"], other),
        ):
            case = conversations.by_message_ids(session, ids)
            assert case is not None
            assert case.id == found != plain
        # What stands before the @ is an id with that provider alone.
        assert conversations.by_message_ids(session, [f"{SES}@example.dk", SES, "", "unknown@x"]) is None


def test_a_message_we_hold_wins_over_what_a_provider_said(engine: Engine) -> None:
    with transaction(engine) as session:
        _sent(session, "a", "m1@example.dk")
        case = conversation(session)
        message(session, case, message_id="m1@example.dk")
        held = identity(case)
    with reading(engine) as session:
        found = conversations.by_message_ids(session, ["m1@example.dk"])
        assert found is not None
        assert found.id == held


def test_claiming_can_leave_some_kinds_alone(engine: Engine) -> None:
    with transaction(engine) as session:
        for kind in ("mail", "card", "note"):
            outbox.put(session, kind, kind, {}, NOW, lane=kind)
    with transaction(engine) as session:
        assert [row.kind for row in outbox.claim(session, NOW, but=("mail", "note"))] == ["card"]
        assert [row.kind for row in outbox.claim(session, NOW, only=("mail",))] == ["mail"]
        assert [row.kind for row in outbox.claim(session, NOW)] == ["note"]
