"""What the shop's books say: orders, lines, money and parcels; filled by import, never by a word."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_column


class PaymentKind(StrEnum):
    """Money taken, money held, money given back."""

    CAPTURE = "capture"
    RESERVATION = "reservation"
    REFUND = "refund"


class ShipmentStatus(StrEnum):
    """Where a parcel is."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    LOST = "lost"


class Order(SQLModel, table=True):
    """One order. `given_back_minor` can never pass `paid_minor`: the database refuses it."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("given_back_minor >= 0", name="given_back_not_negative"),
        CheckConstraint("given_back_minor <= paid_minor", name="given_back_within_paid"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    customer_id: int | None = Field(default=None, foreign_key="customers.id", index=True)
    #: ISO 4217.
    currency: str = Field(max_length=3)
    #: ISO 3166 alpha-2 of the delivery address; empty: no legal statement.
    country: str = Field(default="", max_length=2)
    #: The sum of captures, smallest unit.
    paid_minor: int = Field(default=0, sa_type=BigInteger)
    #: What we gave back or promised to give back of it, smallest unit.
    given_back_minor: int = Field(default=0, sa_type=BigInteger)
    placed_at: datetime
    #: When these facts were last read from the shop.
    facts_at: datetime


class OrderLine(SQLModel, table=True):
    """One thing on an order, or a fee."""

    __tablename__ = "order_lines"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", ondelete="CASCADE")
    position: int
    #: item or shipping.
    kind: str = "item"
    name: str
    #: For the whole line, smallest unit of the order's currency.
    amount_minor: int = Field(sa_type=BigInteger)


class Payment(SQLModel, table=True):
    """One movement at the payment provider, in the order's currency."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("order_id", "reference"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", ondelete="CASCADE")
    kind: PaymentKind = Field(sa_type=state_column(PaymentKind))
    #: The provider's own id of the movement.
    reference: str
    amount_minor: int = Field(sa_type=BigInteger)
    happened_at: datetime


class Shipment(SQLModel, table=True):
    """One parcel."""

    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "tracking"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", ondelete="CASCADE")
    carrier: str = ""
    tracking: str = ""
    status: ShipmentStatus = Field(sa_type=state_column(ShipmentStatus))
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
