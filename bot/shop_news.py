"""What the shop told us of a person, for whoever answers them: its new days, and what is news."""

from datetime import datetime

from sqlmodel import Session

from bot.shop_events import promised_for, told_by_shop
from storage import shop_events


def new_days(session: Session, customer_id: int) -> dict[int, datetime]:
    """The day that was named for each delayed order, where one was."""
    found = {each.order_id: promised_for(each.details) for each in shop_events.delays(session, customer_id)}
    return {order_id: day for order_id, day in found.items() if order_id is not None and day is not None}


def news(session: Session, customer_id: int, now: datetime) -> tuple[str, ...]:
    """A line for each event of these days: no letter about it may have gone."""
    found = shop_events.news(session, customer_id, now)
    return tuple(told_by_shop(each.kind, each.details, each.happened_at) for each in found)
