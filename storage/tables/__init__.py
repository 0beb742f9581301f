"""Every table. Amounts are in a currency's smallest unit, instants are aware UTC, states are StrEnums."""

from storage.tables.conversations import (
    CardState,
    Conversation,
    ConversationState,
    Direction,
    Message,
    Suggestion,
    WaitingOn,
)
from storage.tables.orders import Order, OrderLine, Payment, PaymentKind, Shipment, ShipmentStatus
from storage.tables.people import AddressKind, Agent, Customer, CustomerAddress, Role, Strike, WatchedChannel
from storage.tables.remedies import FeedbackAnswer, FollowUp, FollowUpState, Refund, RefundState
from storage.tables.work import (
    AuditEvent,
    InboxItem,
    InboxState,
    MailboxCursor,
    OutboxItem,
    OutboxState,
    Quarantine,
)

__all__ = [
    "AddressKind",
    "Agent",
    "AuditEvent",
    "CardState",
    "Conversation",
    "ConversationState",
    "Customer",
    "CustomerAddress",
    "Direction",
    "FeedbackAnswer",
    "FollowUp",
    "FollowUpState",
    "InboxItem",
    "InboxState",
    "MailboxCursor",
    "Message",
    "Order",
    "OrderLine",
    "OutboxItem",
    "OutboxState",
    "Payment",
    "PaymentKind",
    "Quarantine",
    "Refund",
    "RefundState",
    "Role",
    "Shipment",
    "ShipmentStatus",
    "Strike",
    "Suggestion",
    "WaitingOn",
    "WatchedChannel",
]
