"""Dates we promised: noted when a text goes, told of before they are broken, and to a lead after (R2-03)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.card_rows import note, refresh_card
from bot.house import House
from bot.overdue import lead_to_call
from bot.parts import Parts
from bot.rules.deadlines import Said
from bot.rules.follow_ups import opening
from bot.rules.promised_dates import promised_dates, warn_at
from bot.views.promises import country_of, until
from storage import audit, conversations, handovers, outbox, promises, together
from storage.engine import commit, read
from storage.promises import NewPromise
from storage.tables import Agent, Conversation, Customer, Promise

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Wrote:
    """A text of ours that went to the customer. `key` names it; `agent_id` is whose it is, where that is known."""

    key: str
    text: str
    #: Empty: the conversation's.
    language: str = ""
    agent_id: int | None = None


# ---- When a text goes -------------------------------------------------------------------------------------


def note_promises(
    session: Session, house: House, conversation: Conversation, wrote: Wrote, now: datetime
) -> None:
    """Keep what the text promises; what was promised before is kept with it, or replaced by it. Once per key.

    So is what was promised in other cases that this text answers too.
    """
    assert conversation.id is not None
    said = _said(session, house, conversation, now)
    language = wrote.language or conversation.language or house.language
    new = [
        NewPromise(
            f"{wrote.key}#{number}",
            each.sentence,
            each.due_at,
            each.whole_day,
            each.is_money,
            warn_at(each.due_at, said, whole_day=each.whole_day),
        )
        for number, each in enumerate(promised_dates(wrote.text, language, said), start=1)
    ]
    keys = [each.key for each in new]
    settled = promises.settle_earlier(session, conversation.id, now, but=keys, replaced=bool(new))
    for case in together.answered_with(session, conversation):
        promises.settle_earlier(session, case.id or 0, now)
    noted = [promises.note(session, conversation.id, wrote.agent_id, each, now) for each in new]
    for promise_id in noted:
        if promise_id is not None:
            _record(session, "promise_made", conversation.id, wrote.agent_id, promise_id, now)
    if settled or any(noted):
        refresh_card(session, conversation.id, now)


def settle_done(session: Session, conversation: Conversation, now: datetime) -> int:
    """Keep what holds without another word: the case is resolved, or its money has gone; how many."""
    done = promises.are_done(session, conversation)
    for promise_id in done:
        promises.keep(session, promise_id, now)
        _record(session, "promise_kept", conversation.id or 0, None, promise_id, now)
    return len(done)


def _said(session: Session, house: House, conversation: Conversation, now: datetime) -> Said:
    return Said(now, country_of(session, conversation, house), house.policy.hours)


def _record(
    session: Session, action: str, conversation_id: int, agent_id: int | None, promise_id: int, now: datetime
) -> None:
    audit.record(
        session, action, now, conversation_id=conversation_id, agent_id=agent_id, subject_id=promise_id
    )


# ---- When its time comes ----------------------------------------------------------------------------------


async def watch_promises(parts: Parts) -> int:
    """Speak of every promise that is near or broken and was not spoken of; how many. Each once, whoever looks too.

    One the database refuses waits for the next time, and holds up no other.
    """
    now = parts.clock()
    told = 0
    for promise_id in await read(parts.engine, promises.to_tell_of, now):
        try:
            told += await commit(parts.engine, _tell, promise_id, parts.house, now)
        except DBAPIError as error:
            log.error("promise_put_back", promise=promise_id, error=type(error).__name__)
    if told:
        parts.written.set()
    return told


def _tell(session: Session, promise_id: int, house: House, now: datetime) -> bool:
    promise = session.get(Promise, promise_id)
    # Taken first, as everybody who writes in a case does: what is told below is true when it is told.
    conversation = (
        session.get(Conversation, promise.conversation_id, with_for_update={"key_share": True})
        if promise
        else None
    )
    if promise is None or conversation is None:
        return False
    if settle_done(session, conversation, now):
        refresh_card(session, promise.conversation_id, now)
    opens_at = opening(now, house.country, house.policy)
    if promise.due_at > now:
        # Nobody is there to hear it now; it waits for the morning, unless that is too late.
        waits = now < opens_at < promise.due_at
        return not waits and _warn(session, promise_id, conversation, house, now)
    if opens_at > now:
        return False
    return _break(session, promise_id, conversation, house, now)


def _warn(session: Session, promise_id: int, conversation: Conversation, house: House, now: datetime) -> bool:
    promise = promises.take_warning(session, promise_id, now)
    if promise is None:
        return False
    whose = _whose(session, promise, conversation)
    gone = "" if whose else " Nobody who is here has it: take it, or hand it over."
    text = (
        f"{_name(session, conversation)} was promised something for {_until(session, house, promise)}: "
        f"“{promise.sentence}” Answer, or press Kept on the card.{gone}"
    )
    mention = whose.slack_user_id if whose else lead_to_call(session, house)
    _say(session, f"promise:{promise_id}:near", conversation, text, mention, now)
    _record(session, "promise_near", promise.conversation_id, whose.id if whose else None, promise_id, now)
    log.info("promise_near", conversation=promise.conversation_id, promise=promise_id)
    return True


def _break(
    session: Session, promise_id: int, conversation: Conversation, house: House, now: datetime
) -> bool:
    promise = promises.take_breaking(session, promise_id, now)
    if promise is None:
        return False
    whose = _whose(session, promise, conversation)
    with_whom = f"It is with {whose.name}." if whose else "Nobody who is here has it."
    text = (
        f"A promise is broken. {_name(session, conversation)} was to have this by "
        f"{_until(session, house, promise)}: “{promise.sentence}” {with_whom}"
    )
    _say(session, f"promise:{promise_id}:broken", conversation, text, lead_to_call(session, house), now)
    _record(session, "promise_broken", promise.conversation_id, whose.id if whose else None, promise_id, now)
    log.info("promise_broken", conversation=promise.conversation_id, promise=promise_id)
    refresh_card(session, promise.conversation_id, now)
    return True


def _say(
    session: Session, key: str, conversation: Conversation, text: str, mention: str, now: datetime
) -> None:
    """Below the case's card; in the channel where it has none."""
    assert conversation.id is not None
    if conversations.latest_suggestion(session, conversation.id) is not None:
        note(session, key, conversation.id, text, now, mention=mention)
        return
    payload = {"text": f"Case {conversation.id}: {text}", "for": "agents"}
    outbox.put(session, key, "alert", payload, now, lane="alerts", conversation_id=conversation.id)


def _whose(session: Session, promise: Promise, conversation: Conversation) -> Agent | None:
    """Who has the case now, else who promised; None where neither is here any more."""
    for agent_id in (conversation.agent_id, promise.agent_id):
        agent = session.get(Agent, agent_id) if agent_id else None
        if agent is not None and agent.active and not handovers.is_away(agent):
            return agent
    return None


def _name(session: Session, conversation: Conversation) -> str:
    customer = session.get(Customer, conversation.customer_id)
    return (customer.preferred_name if customer else "") or "The customer"


def _until(session: Session, house: House, promise: Promise) -> str:
    conversation = session.get_one(Conversation, promise.conversation_id)
    return until(promise, country_of(session, conversation, house))
