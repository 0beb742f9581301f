"""Dates we promised: noted when a text goes, told of before they are broken, and to a lead after (R2-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.card_rows import note, refresh_card
from bot.house import House
from bot.languages import language_of
from bot.overdue import lead_to_call
from bot.parts import Parts
from bot.rules.deadlines import Said
from bot.rules.follow_ups import opening
from bot.rules.promised_dates import promised_dates, warn_at
from bot.speech import say_to_all
from bot.views.promises import country_of, first_day, until
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
    #: The draft's, to be taken where the text itself does not show its own; empty: the conversation's.
    language: str = ""
    agent_id: int | None = None
    #: Nobody has touched the draft: its language is known.
    as_drafted: bool = False


# ---- When a text goes -------------------------------------------------------------------------------------


def note_promises(
    session: Session, house: House, conversation: Conversation, wrote: Wrote, now: datetime
) -> None:
    """Note what the text promises, once per key. What was promised before is kept by it, or moved to the day it names.

    So is what was promised in other cases that this text answers too. Money on its way is kept by no words.
    """
    assert conversation.id is not None
    said = _said(session, house, conversation, now)
    language = wrote.language or conversation.language
    if not wrote.as_drafted:
        language = language_of(house, wrote.text, language)
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
    first = _settle_earlier(session, conversation, new, now)
    noted = []
    for place, each in enumerate(new):
        # The soonest stands in place of what was promised before; it is put off where it comes later.
        put_off = first if place == 0 and first is not None and first < each.due_at else None
        noted.append(promises.note(session, conversation.id, wrote.agent_id, each, now, put_off))
    for promise_id in noted:
        if promise_id is not None:
            _record(session, "promise_made", conversation.id, wrote.agent_id, promise_id, now)
    if any(noted):
        refresh_card(session, conversation.id, now)


def _settle_earlier(
    session: Session, conversation: Conversation, new: Sequence[NewPromise], now: datetime
) -> datetime | None:
    """What was promised before is kept by this text, or moved by it: then until when it was promised at first."""
    keys, about_money = [each.key for each in new], any(each.is_money for each in new)
    firsts = []
    for case in (conversation, *together.answered_with(session, conversation)):
        settled = promises.settle_earlier(
            session, case.id or 0, now, but=keys, moved=bool(new), about_money=about_money
        )
        if settled.first_due_at is not None:
            firsts.append(settled.first_due_at.astimezone(UTC))
        if settled.promises:
            refresh_card(session, case.id or 0, now)
    return min(firsts, default=None)


def settle_done(session: Session, conversation: Conversation, now: datetime) -> int:
    """Keep what holds without another word: the case is resolved, or its money has gone; how many."""
    done = promises.are_done(session, conversation)
    for promise_id, by in done.items():
        promises.keep(session, promise_id, now, by)
        _record(session, "promise_kept", conversation.id or 0, None, promise_id, now)
    return len(done)


def promise_again(session: Session, conversation: Conversation, agent: Agent, now: datetime) -> None:
    """A solved case is about to be opened again: what only its end has kept is promised still."""
    if conversation.resolved_at is None:
        return
    for promise_id in promises.bring_back(session, conversation.id or 0, conversation.resolved_at):
        _record(session, "promise_open_again", conversation.id or 0, agent.id, promise_id, now)


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
    # Nobody is there at night to hear it: what is not due before the morning waits for that.
    opens_at = opening(now, parts.house.country, parts.house.policy)
    for promise_id in await read(parts.engine, promises.to_tell_of, now, opens_at):
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
    conversation = conversations.hold(session, promise.conversation_id) if promise else None
    if promise is None or conversation is None:
        return False
    if settle_done(session, conversation, now):
        refresh_card(session, promise.conversation_id, now)
    tell = _warn if promise.due_at > now else _break
    return tell(session, promise_id, conversation, house, now)


def _warn(session: Session, promise_id: int, conversation: Conversation, house: House, now: datetime) -> bool:
    promise = promises.take_warning(session, promise_id, now)
    if promise is None:
        return False
    whose = _whose(session, promise, conversation)
    told = say_to_all(
        "{who} was promised something for {until}: “{sentence}” Answer, or press Kept on the card.",
        who=_name(session, conversation),
        until=_until(session, house, promise),
        sentence=promise.sentence,
    )
    gone = "" if whose else say_to_all("Nobody who is here has it: take it, or hand it over.")
    text = f"{told} {gone}".strip()
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
    told = say_to_all(
        "A promise is broken. {who} was to have this by {until}: “{sentence}”",
        who=_name(session, conversation),
        until=_until(session, house, promise),
        sentence=promise.sentence,
    )
    with_whom = (
        say_to_all("It is with {name}.", name=whose.name)
        if whose
        else say_to_all("Nobody who is here has it.")
    )
    text = " ".join((told, *_put_off(session, house, promise), with_whom))
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
    payload = {"text": say_to_all("Case {case}: {told}", case=conversation.id, told=text), "for": "agents"}
    outbox.put(session, key, "alert", payload, now, lane="alerts", conversation_id=conversation.id)


def _whose(session: Session, promise: Promise, conversation: Conversation) -> Agent | None:
    """Who has the case now, else who promised, or who stands in for them; None where nobody of these is here."""
    for agent_id in (conversation.agent_id, promise.agent_id):
        agent = session.get(Agent, agent_id) if agent_id else None
        here = handovers.stand_in(session, agent) if agent is not None and agent.active else None
        if here is not None:
            return here
    return None


def _name(session: Session, conversation: Conversation) -> str:
    customer = session.get(Customer, conversation.customer_id)
    return (customer.preferred_name if customer else "") or say_to_all("The customer")


def _until(session: Session, house: House, promise: Promise) -> str:
    conversation = session.get_one(Conversation, promise.conversation_id)
    return until(promise, country_of(session, conversation, house))


def _put_off(session: Session, house: House, promise: Promise) -> tuple[str, ...]:
    conversation = session.get_one(Conversation, promise.conversation_id)
    day = first_day(promise, country_of(session, conversation, house))
    return (say_to_all("At first it was promised for {day}.", day=day),) if day else ()
