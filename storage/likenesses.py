"""Who may be the same person as somebody else, by what they share: proposed to a colleague, never joined alone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage import joining, knowledge
from storage.tables import AddressKind, Customer, CustomerAddress, Join, KnownField, Order

#: More people than this who share a name and a town say nothing.
MOST_NAMESAKES = 1


def look_for(session: Session, customer_id: int, now: datetime, numbers: Collection[str] = ()) -> list[Join]:
    """Propose whoever shares a phone number, an order they named, or a name and a town; what is new of it."""
    customer = session.get(Customer, customer_id)
    if customer is None or customer.erased_at is not None or customer.joined_to_id is not None:
        return []
    found: dict[int, str] = {}
    likely = [(each, "They have the same phone number.") for each in _same_phone(session, customer_id)]
    likely += [
        (each, f"This address named order {number}, which is the other's.")
        for each, number in _same_order(session, numbers)
    ]
    namesake = "They have the same name and live in the same town."
    likely += [(each, namesake) for each in _namesakes(session, customer)]
    for other, because in likely:
        found.setdefault(other, because)
    found.pop(customer_id, None)
    new = [joining.propose(session, customer_id, other, because, now) for other, because in found.items()]
    return [each for each in new if each is not None]


def _same_phone(session: Session, customer_id: int) -> list[int]:
    mine = select(col(KnownField.value)).where(
        col(KnownField.customer_id) == customer_id, col(KnownField.name) == "phone"
    )
    doors = select(col(CustomerAddress.value)).where(
        col(CustomerAddress.customer_id) == customer_id, col(CustomerAddress.kind) == AddressKind.PHONE
    )
    numbers = {*session.execute(mine).scalars(), *session.execute(doors).scalars()}
    if not numbers:
        return []
    theirs = select(col(CustomerAddress.customer_id)).where(
        col(CustomerAddress.kind) == AddressKind.PHONE, col(CustomerAddress.value).in_(numbers)
    )
    return _living(session, session.execute(theirs).scalars().all())


def _same_order(session: Session, numbers: Collection[str]) -> list[tuple[int, str]]:
    if not numbers:
        return []
    rows = session.execute(
        select(col(Order.customer_id), col(Order.number)).where(col(Order.number).in_(list(numbers)))
    ).all()
    owners = {owner: number for owner, number in rows if owner is not None}
    return [(each, owners[each]) for each in _living(session, list(owners))]


def _namesakes(session: Session, customer: Customer) -> list[int]:
    town = knowledge.fields_of(session, customer.id or 0).get("town")
    if town is None or not customer.preferred_name:
        return []
    there = (
        select(col(Customer.id))
        .join(KnownField, col(KnownField.customer_id) == col(Customer.id))
        .where(
            col(KnownField.name) == "town",
            func.lower(col(KnownField.value)) == town.value.lower(),
            func.lower(col(Customer.preferred_name)) == customer.preferred_name.lower(),
            col(Customer.id) != customer.id,
            col(Customer.joined_to_id).is_(None),
            col(Customer.erased_at).is_(None),
        )
        .limit(MOST_NAMESAKES + 1)
    )
    found = [each for each in session.execute(there).scalars() if each is not None]
    return found if len(found) <= MOST_NAMESAKES else []


def _living(session: Session, ids: Collection[int]) -> list[int]:
    here = (
        col(Customer.id).in_(ids),
        col(Customer.erased_at).is_(None),
        col(Customer.joined_to_id).is_(None),
    )
    return [each for each in session.execute(select(col(Customer.id)).where(*here)).scalars() if each]
