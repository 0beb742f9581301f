"""What order records would change in our copies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import forgotten
from storage.orders import OrderRecord
from storage.tables import AddressKind, Customer, CustomerAddress, Order, OrderLine, Payment, Shipment


class Outcome(StrEnum):
    """What becomes of one order record."""

    NEW = "new"
    CHANGED = "changed"
    #: Our copy says the same, and is as young.
    SAME = "same"
    #: Our copy says the same, of an earlier moment.
    CONFIRMED = "confirmed"
    #: We have newer facts.
    OLDER = "older"
    #: Its customer is forgotten: our copy stays without a name, and one we did not have is left out.
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class _Copy:
    """Our copy of one order, as far as a record tells it."""

    id: int
    facts_at: datetime
    forgotten: bool
    head: tuple[Any, ...]
    parts: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]] = field(
        default_factory=lambda: ([], [], [])
    )


def compare(session: Session, records: Sequence[OrderRecord], now: datetime) -> list[Outcome]:
    """What each record would change, one outcome for each. Reads only."""
    copies = _copies(session, [record.number for record in records])
    emails = {record.email.lower() for record in records}
    owners = owners_of(session, emails)
    gone = forgotten.among(session, emails - owners.keys())
    found: list[Outcome] = []
    told: dict[str, datetime] = {}
    for record in records:
        at = record.updated_at or now
        copy, left_at = copies.get(record.number), gone.get(record.email.lower())
        # What they bought after they were forgotten is their own coming back.
        if (copy is not None and copy.forgotten) or (left_at is not None and record.placed_at <= left_at):
            found.append(Outcome.FORGOTTEN)
            continue
        if record.number in told:  # twice in one delivery: the newer one counts
            found.append(Outcome.OLDER if told[record.number] > at else Outcome.CHANGED)
        else:
            found.append(_compared(copy, record, owners.get(record.email.lower()), at))
        told[record.number] = max(at, told.get(record.number, at))
    return found


def _compared(copy: _Copy | None, record: OrderRecord, owner: int | None, at: datetime) -> Outcome:
    if copy is None:
        return Outcome.NEW
    if copy.facts_at > at:
        return Outcome.OLDER
    head = (owner, record.currency, record.country, record.placed_at)
    same = copy.head == head and list(map(sorted, copy.parts)) == list(map(sorted, _parts(record)))
    if not same:
        return Outcome.CHANGED
    return Outcome.SAME if copy.facts_at == at else Outcome.CONFIRMED


def _parts(record: OrderRecord) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    return (
        [(number, each.kind, each.name, each.amount_minor) for number, each in enumerate(record.lines, 1)],
        [(each.reference, each.kind.value, each.amount_minor, each.happened_at) for each in record.movements],
        [
            (each.tracking, each.carrier, each.status.value, str(each.promised_at), str(each.delivered_at))
            for each in record.parcels
        ],
    )


def _copies(session: Session, numbers: Sequence[str]) -> dict[str, _Copy]:
    head = select(
        col(Order.number), col(Order.id), col(Order.facts_at), col(Customer.erased_at),
        col(Order.customer_id), col(Order.currency), col(Order.country), col(Order.placed_at),
    )  # fmt: skip
    here = head.outerjoin(Customer, col(Order.customer_id) == col(Customer.id))
    copies = {
        row[0]: _Copy(row[1], row[2], row[3] is not None, tuple(row[4:]))
        for row in session.execute(here.where(col(Order.number).in_(numbers)))
    }
    by_id = {copy.id: copy for copy in copies.values()}
    for row in session.execute(_of(OrderLine, by_id, "position", "kind", "name", "amount_minor")):
        by_id[row[0]].parts[0].append(tuple(row[1:]))
    for row in session.execute(_of(Payment, by_id, "reference", "kind", "amount_minor", "happened_at")):
        by_id[row[0]].parts[1].append((row[1], row[2].value, *row[3:]))
    wanted = _of(Shipment, by_id, "tracking", "carrier", "status", "promised_at", "delivered_at")
    for row in session.execute(wanted):
        by_id[row[0]].parts[2].append((row[1], row[2], row[3].value, str(row[4]), str(row[5])))
    return copies


def _of(table: Any, wanted: Iterable[int], *names: str) -> Any:
    columns = [getattr(table, name) for name in ("order_id", *names)]
    return select(*columns).where(col(table.order_id).in_(list(wanted)))


def owners_of(session: Session, emails: Iterable[str]) -> dict[str, int]:
    """Whose the addresses are; those that nobody has are left out."""
    here = select(col(CustomerAddress.value), col(CustomerAddress.customer_id)).where(
        col(CustomerAddress.kind) == AddressKind.EMAIL, col(CustomerAddress.value).in_(list(emails))
    )
    return {row[0]: row[1] for row in session.execute(here)}
