"""One person, whole: the customer, everybody who was joined to it, and every door they come through."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage.customers import Door
from storage.tables import AddressKind, Conversation, Customer, CustomerAddress

#: Digits of a phone number that tell it from a customer's number.
PHONE_DIGITS = 7
_SLACK = re.compile(r"(?:[A-Z0-9]+:)?[UW][A-Z0-9]{5,}")


@dataclass(frozen=True, slots=True)
class WholePerson:
    """The kept customer's id stands first; then those of customers that were joined to it."""

    ids: tuple[int, ...]
    doors: tuple[Door, ...]

    @property
    def id(self) -> int:
        """The customer to whom everything belongs."""
        return self.ids[0]

    def values(self, kind: AddressKind) -> frozenset[str]:
        """The person's addresses of one kind."""
        return frozenset(each.value for each in self.doors if each.kind is kind)


def find(session: Session, who: str) -> list[int]:
    """The customers an address, a Slack id, a phone number or a customer's number means; none or several too."""
    who = who.strip()
    if "@" in who:
        return _behind(session, AddressKind.EMAIL, [who.lower()])
    if _SLACK.fullmatch(who):
        value = col(CustomerAddress.value)
        same = value == who if ":" in who else value.endswith(f":{who}", autoescape=True)
        here = select(col(CustomerAddress.customer_id)).where(
            col(CustomerAddress.kind) == AddressKind.SLACK, same
        )
        return _kept(session, session.execute(here).scalars().all())
    if who.isdecimal() and len(who) < PHONE_DIGITS:
        return _kept(session, [int(who)]) if session.get(Customer, int(who)) else []
    digits = re.sub(r"[^\d+]", "", re.sub(r"^00", "+", who))
    if len(digits) >= PHONE_DIGITS:
        found = _behind(session, AddressKind.PHONE, [digits, f"+{digits}"])
        found = found or _ending(session, digits)
        known = who.isdecimal() and len(who) < 18 and session.get(Customer, int(who)) is not None
        return found or (_kept(session, [int(who)]) if known else [])
    return []


def _behind(session: Session, kind: AddressKind, values: Sequence[str]) -> list[int]:
    here = (col(CustomerAddress.kind) == kind, col(CustomerAddress.value).in_(values))
    statement = select(col(CustomerAddress.customer_id)).where(*here)
    return _kept(session, session.execute(statement).scalars().all())


def _ending(session: Session, digits: str) -> list[int]:
    """A number written without its country."""
    here = (
        col(CustomerAddress.kind) == AddressKind.PHONE,
        col(CustomerAddress.value).endswith(digits.lstrip("+0"), autoescape=True),
    )
    statement = select(col(CustomerAddress.customer_id)).where(*here)
    return _kept(session, session.execute(statement).scalars().all())


def _kept(session: Session, ids: Sequence[int]) -> list[int]:
    """Those customers, or the ones they were joined to."""
    kept = set()
    for each in ids:
        customer, seen = session.get(Customer, each), {each}
        while (
            customer is not None and customer.joined_to_id is not None and customer.joined_to_id not in seen
        ):
            seen.add(customer.joined_to_id)
            customer = session.get(Customer, customer.joined_to_id)
        if customer is not None and customer.id is not None:
            kept.add(customer.id)
    return sorted(kept)


def whole(session: Session, customer_id: int) -> WholePerson:
    """Everybody who is this person, and their doors."""
    ids = [customer_id]
    while True:
        statement = select(col(Customer.id)).where(
            col(Customer.joined_to_id).in_(ids), col(Customer.id).not_in(ids)
        )
        more = [each for each in session.execute(statement).scalars() if each is not None]
        if not more:
            break
        ids += sorted(more)
    doors = select(col(CustomerAddress.kind), col(CustomerAddress.value))
    mine = doors.where(col(CustomerAddress.customer_id).in_(ids)).order_by(col(CustomerAddress.id))
    return WholePerson(tuple(ids), tuple(Door(kind, value) for kind, value in session.execute(mine)))


def conversations_of(session: Session, person: WholePerson) -> list[Conversation]:
    """Every conversation of that person, oldest first."""
    mine = or_(*(col(Conversation.customer_id) == each for each in person.ids))
    return list(session.execute(select(Conversation).where(mine).order_by(col(Conversation.id))).scalars())
