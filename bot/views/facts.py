"""Rows -> what our books say of an order, in lines for the agent, with the age of the facts."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.rules.composing import format_money
from bot.speech import mark, say
from bot.views.days import day
from storage import orders
from storage.tables import Conversation, Order, PaymentKind, Shipment, ShipmentStatus

_PAYMENTS = {
    PaymentKind.CAPTURE: mark("Capture of {amount} on {day}"),
    PaymentKind.RESERVATION: mark("Reservation of {amount} on {day}"),
    PaymentKind.REFUND: mark("Refund of {amount} on {day}"),
}
_PARCELS = {
    ShipmentStatus.PENDING: mark("pending"),
    ShipmentStatus.SENT: mark("sent"),
    ShipmentStatus.DELIVERED: mark("delivered"),
    ShipmentStatus.LOST: mark("lost"),
}


def facts_of_order(
    session: Session, conversation: Conversation, language: str, now: datetime
) -> tuple[str, ...]:
    """What is known of the order of a case; nothing where it has none."""
    book = orders.book(session, conversation.order_id) if conversation.order_id else None
    if book is None:
        return ()

    def money(amount_minor: int) -> str:
        return format_money(amount_minor, book.order.currency, language or "en")

    lines = [
        say(_PAYMENTS[each.kind], amount=money(each.amount_minor), day=day(each.happened_at))
        for each in book.payments
    ]
    lines += [_parcel(each) + promised_for(each) for each in book.shipments]
    # In the first line: a card shows only so many, and without its age none of them is worth much.
    return (_heading(book.order, now - book.order.facts_at), *lines)


def _heading(order: Order, age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return say("Order {order}, as of less than an hour ago", order=order.number)
    if hours < 48:
        return say("Order {order}, as of {hours} h ago", order=order.number, hours=hours)
    return say("Order {order}, as of {days} days ago", order=order.number, days=hours // 24)


def read_ago(age: timedelta) -> str:
    """How old the facts are, for a line of its own."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return say("read less than an hour ago")
    return (
        say("read {hours} h ago", hours=hours)
        if hours < 48
        else say("read {days} days ago", days=hours // 24)
    )


def _parcel(parcel: Shipment) -> str:
    carrier, status = parcel.carrier or say("a carrier"), say(_PARCELS[parcel.status])
    if parcel.tracking:
        return say(
            "Parcel {tracking} with {carrier}: {status}",
            tracking=parcel.tracking,
            carrier=carrier,
            status=status,
        )
    return say("Parcel with {carrier}: {status}", carrier=carrier, status=status)


def parcel_status(parcel: Shipment) -> str:
    """The short line of a parcel: how it stands, and when it was promised for."""
    return say("parcel {status}", status=say(_PARCELS[parcel.status])) + promised_for(parcel)


def promised_for(parcel: Shipment) -> str:
    """What follows the status of a parcel that was promised for a day."""
    return say(", promised for {day}", day=day(parcel.promised_at)) if parcel.promised_at else ""
