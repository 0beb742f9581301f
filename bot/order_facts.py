"""One order of the books as the rules see it."""

from bot.rules.facts import Delivery, Item, OrderFacts, SentRefund
from storage.orders import OrderBook
from storage.tables import PaymentKind


def order_facts(book: OrderBook) -> OrderFacts:
    """One order as the rules see it."""
    order = book.order

    def paid(kind: PaymentKind) -> tuple[int, ...]:
        return tuple(each.amount_minor for each in book.payments if each.kind is kind)

    parcel = book.shipments[-1] if book.shipments else None
    return OrderFacts(
        number=order.number,
        currency=order.currency,
        country=order.country,
        paid_minor=order.paid_minor,
        refundable_minor=order.paid_minor - order.given_back_minor,
        captures_minor=paid(PaymentKind.CAPTURE),
        reservations_minor=paid(PaymentKind.RESERVATION),
        shipping_minor=tuple(each.amount_minor for each in book.lines if each.kind == "shipping"),
        items=tuple(Item(each.name, each.amount_minor) for each in book.lines if each.kind == "item"),
        delivery=Delivery(parcel.status.value, parcel.promised_at, parcel.delivered_at) if parcel else None,
        refunds=_refunds(book),
        facts_at=order.facts_at,
    )


def _refunds(book: OrderBook) -> tuple[SentRefund, ...]:
    """What went back: by the shop's books where they have it, else by ours; the same money is in both in the end."""
    shop = [
        SentRefund(each.amount_minor, each.happened_at)
        for each in book.payments
        if each.kind is PaymentKind.REFUND
    ]
    ours = [
        SentRefund(each.amount_minor, each.settled_at) for each in book.refunds if each.settled_at is not None
    ]
    return tuple(shop or ours)
