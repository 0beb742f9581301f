"""The ledger: one refund per key, never more than was paid, and two people where two are needed."""

from functools import partial
from typing import Any, NamedTuple

import builders
import pytest
from builders import NOW
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from storage_races import WORKERS, overlap, race, race_apart

from storage import orders, refunds
from storage.engine import transaction
from storage.refunds import NothingLeft
from storage.tables import Conversation, Order, PaymentKind, Refund, RefundState, Role


class Scene(NamedTuple):
    """An order on which 1000 was paid, the case about it, its agent and two leads."""

    case: Conversation
    order_id: int
    agent: int
    lead: int
    other_lead: int


@pytest.fixture
def scene(engine: Engine) -> Scene:
    with transaction(engine) as session:
        people = [
            builders.identity(builders.agent(session, role)) for role in (Role.AGENT, Role.LEAD, Role.LEAD)
        ]
        return Scene(builders.conversation(session), builders.order(session, 1000), *people)


def test_eight_who_ask_at_once_never_give_back_more_than_was_paid(engine: Engine, scene: Scene) -> None:
    given = race(engine, lambda session: _try(session, scene, amount_minor=300))
    assert given.count(True) == 3
    assert _money(engine, scene) == (1000, 900)
    with transaction(engine) as session:
        assert session.execute(select(func.count(col(Refund.id)))).scalar_one() == 3


def test_the_same_key_eight_times_is_one_refund(engine: Engine, scene: Scene) -> None:
    ask = builders.ask(scene.case, scene.order_id, amount_minor=100)
    made = race(engine, lambda session: refunds.add(session, ask, scene.agent, approved=True, now=NOW))
    assert len([each for each in made if each is not None]) == 1
    assert _money(engine, scene) == (1000, 100)


def test_the_last_of_the_money_can_be_given_back_and_nothing_after_it(engine: Engine, scene: Scene) -> None:
    with transaction(engine) as session:
        assert _try(session, scene, amount_minor=1000)
        assert not _try(session, scene, amount_minor=1)


def test_a_caller_who_catches_nothing_left_and_commits_has_written_no_refund(
    engine: Engine, scene: Scene
) -> None:
    ask = builders.ask(scene.case, scene.order_id, amount_minor=1001)
    with transaction(engine) as session, pytest.raises(NothingLeft):
        refunds.add(session, ask, scene.agent, approved=True, now=NOW)
    with transaction(engine) as session:
        assert refunds.by_key(session, ask.key) is None
        assert refunds.of_conversation(session, ask.conversation_id) == []


def test_money_of_another_currency_is_not_there(engine: Engine, scene: Scene) -> None:
    with transaction(engine) as session:
        assert not _try(session, scene, amount_minor=100, currency="EUR")


def test_a_refund_of_an_order_that_is_not_there_is_refused(engine: Engine, scene: Scene) -> None:
    ask = builders.ask(scene.case, 4711)
    with pytest.raises((NothingLeft, IntegrityError)), transaction(engine) as session:
        refunds.add(session, ask, scene.agent, approved=True, now=NOW)


def test_a_declined_request_frees_its_money(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=False, amount_minor=1000)
    with transaction(engine) as session:
        declined = refunds.decide(session, refund, scene.lead, approve=False, now=NOW)
        assert declined is not None
        assert (declined.state, declined.decided_by) == (RefundState.DECLINED, scene.lead)
    assert _money(engine, scene) == (1000, 0)
    with transaction(engine) as session:
        assert _try(session, scene, amount_minor=1000)


def test_money_that_could_not_be_moved_is_free_again(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=True, amount_minor=1000)
    with transaction(engine) as session:
        failed = refunds.settle(session, refund, scene.agent, done=False, now=NOW)
        assert failed is not None
        assert failed.state is RefundState.FAILED
    assert _money(engine, scene) == (1000, 0)


def test_money_that_was_moved_stays_given_back(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=True, amount_minor=1000)
    with transaction(engine) as session:
        settled = refunds.settle(session, refund, scene.agent, done=True, now=NOW)
        assert settled is not None
        assert (settled.state, settled.settled_at) == (RefundState.SETTLED, NOW)
    assert _money(engine, scene) == (1000, 1000)


def test_declining_one_request_loses_no_other_that_is_being_written(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=False, amount_minor=400)

    def decline(session: Session) -> Refund | None:
        return refunds.decide(session, refund, scene.lead, approve=False, now=NOW)

    assert overlap(engine, lambda session: _try(session, scene, amount_minor=600), decline) is not None
    assert _money(engine, scene) == (1000, 600)


def test_a_request_is_decided_once_by_eight_leads(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=False, amount_minor=400)
    _asked(engine, scene, approved=True, amount_minor=600)

    def decide(session: Session) -> Refund | None:
        return refunds.decide(session, refund, scene.lead, approve=False, now=NOW)

    assert len([each for each in race(engine, decide) if each is not None]) == 1
    assert _money(engine, scene) == (1000, 600)


def test_of_eight_outcomes_one_counts_and_the_money_is_freed_at_most_once(
    engine: Engine, scene: Scene
) -> None:
    refund = _asked(engine, scene, approved=True, amount_minor=400)
    _asked(engine, scene, approved=True, amount_minor=600)

    def settle(done: bool, session: Session) -> Refund | None:
        return refunds.settle(session, refund, scene.agent, done=done, now=NOW)

    works = [partial(settle, number % 2 == 0) for number in range(WORKERS)]
    (outcome,) = [each for each in race_apart(engine, works) if each is not None]
    assert _money(engine, scene) == (1000, 1000 if outcome.state is RefundState.SETTLED else 600)


def test_a_declined_refund_cannot_be_paid_out(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=False)
    with transaction(engine) as session:
        assert refunds.settle(session, refund, scene.lead, done=True, now=NOW) is None
        refunds.decide(session, refund, scene.lead, approve=False, now=NOW)
        assert refunds.settle(session, refund, scene.lead, done=True, now=NOW) is None


def test_nobody_approves_their_own_request(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=False, by=scene.lead)
    with transaction(engine) as session:
        assert refunds.decide(session, refund, scene.lead, approve=True, now=NOW) is None
        assert session.get_one(Refund, refund).state is RefundState.REQUESTED
        approved = refunds.decide(session, refund, scene.other_lead, approve=True, now=NOW)
        assert approved is not None
        assert approved.state is RefundState.APPROVED


def test_a_large_restitution_is_settled_by_a_second_pair_of_eyes(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=True, needs_second_check=True)
    with transaction(engine) as session:
        assert refunds.settle(session, refund, scene.agent, done=True, now=NOW) is None
        assert refunds.settle(session, refund, scene.lead, done=True, now=NOW) is not None


def test_an_ordinary_refund_is_settled_by_whoever_asked(engine: Engine, scene: Scene) -> None:
    refund = _asked(engine, scene, approved=True)
    with transaction(engine) as session:
        assert refunds.settle(session, refund, scene.agent, done=True, now=NOW) is not None


def test_a_released_reservation_takes_no_money_and_frees_none(engine: Engine, scene: Scene) -> None:
    _asked(engine, scene, approved=True, amount_minor=1000)
    release = _asked(engine, scene, approved=False, kind="release", amount_minor=700)
    assert _money(engine, scene) == (1000, 1000)
    with transaction(engine) as session:
        assert refunds.decide(session, release, scene.lead, approve=False, now=NOW) is not None
    assert _money(engine, scene) == (1000, 1000)


def test_a_refund_without_a_known_order_takes_no_orders_money(engine: Engine, scene: Scene) -> None:
    with transaction(engine) as session:
        ask = builders.ask(scene.case, None, amount_minor=5000)
        refund = refunds.add(session, ask, scene.agent, approved=False, now=NOW)
        assert refund is not None
        assert refunds.decide(session, builders.identity(refund), scene.lead, approve=False, now=NOW)
    assert _money(engine, scene) == (1000, 0)


def test_declining_one_request_does_not_free_what_the_shop_gave_back_itself(
    engine: Engine, scene: Scene
) -> None:
    refund = _asked(engine, scene, approved=False, amount_minor=200)
    with transaction(engine) as session:
        number = session.get_one(Order, scene.order_id).number
        theirs = (builders.movement(1000), builders.movement(300, PaymentKind.REFUND))
        orders.keep(session, builders.order_record(number=number, movements=theirs), NOW)
        assert session.get_one(Order, scene.order_id).given_back_minor == 500
        refunds.decide(session, refund, scene.lead, approve=False, now=NOW)
    assert _money(engine, scene) == (1000, 300)


@pytest.mark.parametrize("statement", ["given_back_minor = 1001", "given_back_minor = -1", "paid_minor = 0"])
def test_the_database_itself_refuses_impossible_books(engine: Engine, scene: Scene, statement: str) -> None:
    _asked(engine, scene, approved=True, amount_minor=10)
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text(f"UPDATE orders SET {statement}"))


@pytest.mark.parametrize("amount_minor", [0, -500])
def test_the_database_itself_refuses_a_refund_of_nothing(
    engine: Engine, scene: Scene, amount_minor: int
) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        _try(session, scene, amount_minor=amount_minor)
    _asked(engine, scene, approved=True, amount_minor=10)
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(update(Refund).values(amount_minor=amount_minor))


def _try(session: Session, scene: Scene, **fields: Any) -> bool:
    ask = builders.ask(scene.case, scene.order_id, **fields)
    try:
        return refunds.add(session, ask, scene.agent, approved=True, now=NOW) is not None
    except NothingLeft:
        return False


def _asked(engine: Engine, scene: Scene, *, approved: bool, by: int | None = None, **fields: Any) -> int:
    given: dict[str, Any] = {"amount_minor": 500}
    with transaction(engine) as session:
        ask = builders.ask(scene.case, scene.order_id, **(given | fields))
        return builders.identity(refunds.add(session, ask, by or scene.agent, approved=approved, now=NOW))


def _money(engine: Engine, scene: Scene) -> tuple[int, int]:
    """What was paid, and what of it was given back."""
    with transaction(engine) as session:
        order = session.get_one(Order, scene.order_id)
        return order.paid_minor, order.given_back_minor
