"""Events of the shop on a scene: what is told, and what stands in the stack after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from scenes import FREJA, MORNING, Scene, house, keep_order, order

from bot import desk
from bot.desk.stacks import StackSent
from bot.event_outcomes import Outcome
from bot.shop_events import Kind, Told, checked
from bot.telling_events import Delivery, tell_all
from storage import stacks
from storage.engine import reading
from storage.orders import OrderRecord, Parcel
from storage.stacks import Counts, Live
from storage.tables import ShipmentStatus, ShopEvent, Stack

HAPPENED = MORNING - timedelta(hours=2)
DETAILS: dict[Kind, dict[str, Any]] = {
    Kind.DELAY: {"new_date": "2026-03-10"},
    Kind.OUTAGE: {"what": "internettet"},
    Kind.BILL: {"amount_minor": 34_900, "old_amount_minor": 29_900, "currency": "DKK"},
    Kind.PRICE_DROP: {"paid_minor": 49_900, "price_now_minor": 39_900, "currency": "DKK"},
}


def told(
    kind: Kind = Kind.DELAY,
    email: str = "mette@example.dk",
    order_number: str = "",
    key: str = "e1",
    happened_at: datetime = HAPPENED,
    updated_at: datetime | None = None,
    **details: Any,
) -> Told:
    """One event about one person, checked as it is when it comes in."""
    given = {**DETAILS[kind], **details}
    return Told(key, kind, happened_at, email, order_number, updated_at, checked(kind, given, happened_at))


def tell(scene: Scene, *each: Told) -> list[Outcome]:
    """The shop tells us."""
    found = scene.do(tell_all, house(), each, Delivery(), scene.now)
    assert isinstance(found, list)
    return found


def on_its_way(number: str = "10432", email: str = "mette@example.dk", **fields: Any) -> OrderRecord:
    """An order whose parcel was sent and has not come, promised for in two days."""
    parcel = Parcel("PostNord", f"PN{number}", ShipmentStatus.SENT, MORNING + timedelta(days=2))
    return order(number, email=email, **({"captures": (49_900,), "parcels": (parcel,)} | fields))


def with_customers(scene: Scene, *emails: str, **fields: Any) -> None:
    """Customers with an order each: 20001, 20002 ..."""
    for place, email in enumerate(emails, start=1):
        scene.do(keep_order, on_its_way(f"{20_000 + place}", email, **fields))


def stack_id(scene: Scene) -> int:
    (found,) = scene.rows(Stack)
    assert isinstance(found.id, int)
    return found.id


def counts(scene: Scene) -> Counts:
    with reading(scene.parts.engine) as session:
        return stacks.counts(session, stack_id(scene))


def live(scene: Scene, limit: int = 100) -> list[Live]:
    with reading(scene.parts.engine) as session:
        return stacks.live(session, stack_id(scene), limit)


def send_all(scene: Scene, who: str = FREJA) -> StackSent:
    """Everything in the stack is ticked and sent."""
    picked = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    done = scene.do(desk.send_stack, scene.desk, who, stack_id(scene), picked, scene.now)
    assert isinstance(done, StackSent)
    return done


def posted(scene: Scene, kind: str) -> list[str]:
    """The keys of what was posted, each as often as it was."""
    return [item.key for item in scene.sent if item.key.startswith(f"{kind}:")]


def stack_text(scene: Scene) -> str:
    """The stack's card as it stands in the channel."""
    return str([item for item in scene.sent if item.key.startswith("stack:")][-1].payload["text"])


def event(scene: Scene) -> ShopEvent:
    found = scene.rows(ShopEvent)[-1]
    assert isinstance(found, ShopEvent)
    return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, day and so on
