"""What the shop told us of customers, one row for each event and person."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import ShopEvent

#: Lanes of cases that we began to tell of one begin so.
LANE = "event:"
#: How long an event is news to whoever answers the customer.
NEWS = timedelta(days=30)
MOST_NEWS = 3


def of_person(session: Session, key: str, customer_id: int) -> ShopEvent | None:
    """What we were told under that key about that person."""
    here = (col(ShopEvent.key) == key, col(ShopEvent.customer_id) == customer_id)
    return session.execute(select(ShopEvent).where(*here)).scalar_one_or_none()


def of_conversation(session: Session, conversation_id: int) -> ShopEvent | None:
    """What a case's draft is about; the newest where there are several."""
    here = select(ShopEvent).where(col(ShopEvent.conversation_id) == conversation_id)
    newest = here.order_by(col(ShopEvent.told_at).desc(), col(ShopEvent.id).desc())
    return session.execute(newest.limit(1)).scalar_one_or_none()


def news(session: Session, customer_id: int, now: datetime) -> list[ShopEvent]:
    """What concerns a person these days, newest first."""
    here = (col(ShopEvent.customer_id) == customer_id, col(ShopEvent.happened_at) > now - NEWS)
    newest = select(ShopEvent).where(*here).order_by(col(ShopEvent.happened_at).desc(), col(ShopEvent.id))
    return list(session.execute(newest.limit(MOST_NEWS)).scalars())


def delays(session: Session, customer_id: int) -> list[ShopEvent]:
    """The delays of a person's orders, oldest first: the last one of an order counts."""
    here = (
        col(ShopEvent.customer_id) == customer_id,
        col(ShopEvent.kind) == "delay",
        col(ShopEvent.order_id).is_not(None),
    )
    return list(session.execute(select(ShopEvent).where(*here).order_by(col(ShopEvent.told_at))).scalars())
