"""Customers who have waited too long: the colleague who has the case hears of it first, then the leads.

Nothing expires while somebody waits; after so many opening hours somebody is told, and after as many again the next.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot import logs
from bot.card_rows import note
from bot.house import House
from bot.parts import Parts
from bot.rules.opening_hours import open_between
from storage import agents, audit, handovers, outbox, queue
from storage.engine import commit, read
from storage.queue import WaitingCase
from storage.tables import Agent, Role

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Overdue:
    """One case to speak of."""

    case: WaitingCase
    waited: timedelta
    #: The colleague is told first; the leads second, or at once where nobody has the case.
    for_leads: bool

    @property
    def key(self) -> str:
        """Names what is told, so that it is told once for each wait."""
        whom = "leads" if self.for_leads else "agent"
        return f"overdue:{whom}:{self.case.conversation_id}:{self.case.since.astimezone(UTC):%Y%m%d%H%M%S}"


async def tell_of_waiting(parts: Parts) -> int:
    """Tell of everybody who has waited too long and was not told of; how many."""
    now = parts.clock()
    found = await read(parts.engine, overdue, parts.house, now)
    for each in found:
        await commit(parts.engine, _tell, each, parts.house, now)
        log.info("customer_waits_too_long", conversation=each.case.conversation_id, leads=each.for_leads)
    if found:
        parts.written.set()
    return len(found)


def overdue(session: Session, house: House, now: datetime) -> list[Overdue]:
    """Who has waited for longer than the house's measure, in its own opening hours, and was not told of."""
    measure = timedelta(hours=house.policy.hours.tell_after_hours)
    if not measure:
        return []
    found = []
    for case in queue.waiting(session):
        waited = open_between(case.since, now, house.country, house.policy.hours)
        if waited >= measure:
            nobodys = case.agent_id is None
            found.append(Overdue(case, waited, for_leads=nobodys or waited >= 2 * measure))
    return [each for each in found if outbox.by_key(session, each.key) is None]


def _tell(session: Session, each: Overdue, house: House, now: datetime) -> None:
    case = each.case
    hours = int(each.waited / timedelta(hours=1))
    whose = session.get(Agent, case.agent_id) if case.agent_id else None
    if not each.for_leads and whose is not None:
        said = f"This customer has waited for {hours} opening hours. Answer, or hand the case over."
        note(session, each.key, case.conversation_id, said, now, mention=whose.slack_user_id)
    else:
        with_whom = f"It is with {whose.name}." if whose else "Nobody has taken it yet."
        said = f"This customer has waited for {hours} opening hours. {with_whom}"
        note(session, each.key, case.conversation_id, said, now, mention=lead_to_call(session, house))
    audit.record(
        session,
        "wait_told",
        now,
        conversation_id=case.conversation_id,
        agent_id=case.agent_id,
        leads=each.for_leads,
    )


def lead_to_call(session: Session, house: House) -> str:
    """Whom to call: the first lead who is here, else a manager, else the house's owner."""
    here = [each for each in agents.everyone(session) if not handovers.is_away(each)]
    found = [each for role in (Role.LEAD, Role.MANAGER) for each in here if each.role is role]
    return found[0].slack_user_id if found else house.owner
