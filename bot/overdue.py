"""Customers who have waited too long: the colleague who has the case hears of it first, then the leads.

Nothing expires while somebody waits; after so many opening hours somebody is told, and after as many again the next.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.card_rows import note
from bot.house import House
from bot.parts import Parts
from bot.rules.opening_hours import open_between
from bot.speech import say, say_number, speaking
from storage import agents, audit, conversations, handovers, outbox, queue
from storage.engine import commit, read
from storage.queue import WaitingCase
from storage.tables import Agent, ConversationState, Role, WaitingOn

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
    """Tell of everybody who has waited too long and was not told of; how many. Each once, whoever looks too.

    One the database refuses waits for the next time, and holds up no other.
    """
    now = parts.clock()
    told = 0
    for each in await read(parts.engine, overdue, parts.house, now):
        conversation = each.case.conversation_id
        try:
            if not await commit(parts.engine, _tell, each, parts.house, now):
                continue
        except DBAPIError as error:
            log.error("wait_put_back", conversation=conversation, error=type(error).__name__)
            continue
        log.info("customer_waits_too_long", conversation=conversation, leads=each.for_leads)
        told += 1
    if told:
        parts.written.set()
    return told


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
    told = outbox.by_keys(session, [each.key for each in found])
    return [each for each in found if each.key not in told]


def _tell(session: Session, each: Overdue, house: House, now: datetime) -> bool:
    """False where the wait is over, or somebody else has told of it."""
    case = each.case
    held = conversations.hold(session, case.conversation_id)
    if held is None or (held.state, held.waiting_on) != (ConversationState.OPEN, WaitingOn.US):
        return False
    hours = int(each.waited / timedelta(hours=1))
    whose = session.get(Agent, case.agent_id) if case.agent_id else None
    to_agent = not each.for_leads and whose is not None
    called = whose.slack_user_id if to_agent and whose is not None else lead_to_call(session, house)
    with speaking(house.desk_language):  # everybody reads it, below the card
        said = _in_words(hours, whose, to_agent=to_agent)
    if not note(session, each.key, case.conversation_id, said, now, mention=called):
        return False
    audit.record(
        session,
        "wait_told",
        now,
        conversation_id=case.conversation_id,
        agent_id=case.agent_id,
        leads=each.for_leads,
    )
    return True


def _in_words(hours: int, whose: Agent | None, *, to_agent: bool) -> str:
    waited = say_number(
        hours,
        "This customer has waited for {number} opening hour.",
        "This customer has waited for {number} opening hours.",
    )
    if to_agent:
        then = say("Answer, or hand the case over.")
    else:
        then = say("It is with {name}.", name=whose.name) if whose else say("Nobody has taken it yet.")
    return f"{waited} {then}"


def lead_to_call(session: Session, house: House) -> str:
    """Whom to call: the first lead who is here, else a manager, else the house's owner."""
    here = [each for each in agents.everyone(session) if not handovers.is_away(each)]
    found = [each for role in (Role.LEAD, Role.MANAGER) for each in here if each.role is role]
    return found[0].slack_user_id if found else house.owner
