"""The morning's message: each working day, when the house opens, to every colleague who has something before them.

Its row holds no words: what it says is read when it goes. It never comes after noon, nor to anybody who is away or
asked to be left alone; then that day has none. It names no customer, so that nothing has to be taken back when one is
forgotten.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from bot.cards.digest import Digest, Oldest, digest
from bot.messages import Outgoing
from bot.parts import Parts
from bot.rules.business_days import at_hour, zone
from bot.rules.mornings import morning
from bot.speech import speaking
from bot.together import leads_of
from bot.views.promised import to_keep_today
from bot.views.remedies import headline
from bot.views.together import card_link
from storage import agents, digests, handovers, nudges, outbox, queue
from storage.engine import commit, read
from storage.queue import WaitingCase
from storage.tables import Agent, Conversation, FollowUpState, Role


async def write_digests(parts: Parts) -> int:
    """Have this morning's messages written, one to each colleague, whichever process looks; how many are new."""
    now = parts.clock()
    day = morning(now, parts.house.country, parts.house.policy.hours)
    if day is None:
        return 0
    missing = await read(parts.engine, digests.unwritten, day)
    written = await commit(parts.engine, digests.put, missing, day, now) if missing else 0
    if written:
        parts.written.set()
    return written


def digest_post(session: Session, row: outbox.Claimed, parts: Parts) -> Outgoing | None:
    """The message as it goes; None where it is too late, not wanted, or has nothing to say. Reads only."""
    now, house, user = parts.clock(), parts.house, str(row.payload["user"])
    day = date.fromisoformat(row.payload["day"])
    agent = agents.by_slack_id(session, user)
    midnight = datetime.combine(day, time(), zone(house.country))
    if agent is None or handovers.is_away(agent) or nudges.is_quiet(agent, now):
        return None
    if morning(now, house.country, house.policy.hours) != day or not digests.has_room(
        session, user, midnight
    ):
        return None
    with speaking(house.desk_language, agent.language):
        view = before_them(session, agent, parts, now)
        if view.is_empty:
            return None
        card = digest(view)
    payload = {"channel": user, "text": card.text, "blocks": card.blocks}
    return Outgoing(row.key, payload, row.attempts, row.uncertain, row.receipt)


def before_them(session: Session, agent: Agent, parts: Parts, now: datetime) -> Digest:
    """What one colleague has to do on the day of `now`. Reads only."""
    assert agent.id is not None
    waiting = _waiting(session, agent)
    promised = [each for each, _ in to_keep_today(session, agent, parts.house, now)]
    broken = [each.conversation_id for each in promised if each.due_at <= now]
    due = [each.conversation_id for each in promised if each.due_at > now]
    going, unset = _follow_ups(session, agent, parts, now)
    asked = digests.asked_refunds(session, agent.id) if agent.role is not Role.AGENT else []
    return Digest(
        waiting=len(waiting),
        oldest=_oldest(session, waiting),
        broken=len(broken),
        broken_link=_first(session, broken),
        due=len(due),
        due_link=_first(session, due),
        going=len(going),
        going_link=_first(session, going),
        unset=len(unset),
        unset_link=_first(session, unset),
        asked=len(asked),
        asked_link=_first(session, [each.conversation_id for each in asked]),
    )


def _waiting(session: Session, agent: Agent) -> list[WaitingCase]:
    """Their cases that wait, the longest first. Several of one person that share a card are one."""
    mine = [each for each in queue.waiting(session) if each.agent_id == agent.id]
    wanted = col(Conversation.id).in_([each.conversation_id for each in mine])
    led = leads_of(session, session.execute(select(Conversation).where(wanted)).scalars().all())
    alone = [each for each in mine if each.conversation_id not in led]
    return sorted(alone, key=lambda each: (each.since, each.conversation_id))


def _oldest(session: Session, waiting: list[WaitingCase]) -> Oldest | None:
    if not waiting:
        return None
    first = waiting[0]
    case = session.get_one(Conversation, first.conversation_id)
    return Oldest(headline(case.intent), first.since, card_link(session, first.conversation_id))


def _follow_ups(session: Session, agent: Agent, parts: Parts, now: datetime) -> tuple[list[int], list[int]]:
    """The cases whose follow-up goes out by itself until midnight, and those where it waits for a word.

    One that was proposed and left for longer than the house lets one wait is not spoken of any more.
    """
    country, policy = parts.house.country, parts.house.policy
    midnight = at_hour(now.astimezone(zone(country)).date() + timedelta(days=1), 0, country)
    since = now - timedelta(days=policy.follow_ups.stale_after_days)
    found = digests.follow_ups(session, agent.id or 0, since, midnight)
    going = [each.conversation_id for each in found if each.state is FollowUpState.SCHEDULED]
    unset = [each.conversation_id for each in found if each.state is FollowUpState.PROPOSED]
    # In shadow mode nothing goes to customers: what is due waits.
    return ([] if parts.places.shadow else going), unset


def _first(session: Session, cases: list[int]) -> str:
    return card_link(session, cases[0]) if cases else ""
