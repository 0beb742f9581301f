"""Trust nudges: a remark on what a colleague wrote by hand, for that colleague alone, rare and to be turned off.

The remark holds no words of its own: it is made from the message when it goes, and again when it is opened.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import logs
from bot.cards import nudges as cards
from bot.cards.home_shapes import RemarkRow
from bot.cards.shapes import Card, FindingLine
from bot.checking import check
from bot.house import House
from bot.rules.business_days import local_day, zone
from bot.rules.linting import Finding, rewritten
from bot.rules.sentences import sentences
from bot.speech import speaking
from storage import nudges, outbox
from storage.nudges import Remark
from storage.tables import Agent, Conversation, Message, Nudge, NudgeAnswer

log = logs.get(__name__)
KIND = "nudge"
#: How much of a message is looked at: whoever writes more than this has thought about it.
MOST_READ = 3000
#: A remark on what was said longer ago helps nobody.
FRESH = timedelta(minutes=30)
#: How long a remark can be found in its reader's Home.
IN_HOME = timedelta(days=7)
_GRAVITY = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Better:
    """A message, what is amiss in it, and the whole of it in kinder words."""

    text: str
    better: str
    findings: tuple[FindingLine, ...]


def remark_on(
    session: Session,
    house: House,
    message: Message,
    said_at: datetime,
    found: Sequence[Finding],
    now: datetime,
) -> int | None:
    """Have the gravest finding remarked on, within the limits; the remark's number, or None."""
    if message.agent_id is None or said_at < now - FRESH:
        return None
    agent = nudges.hold_agent(session, message.agent_id)
    if agent is None or agent.id is None or nudges.is_quiet(agent, now):
        return None
    finding = _gravest(found, nudges.muted(session, agent.id))
    midnight = datetime.combine(local_day(now, house.country), time(), zone(house.country))
    if finding is None or not nudges.has_room(session, agent.id, message.conversation_id, midnight, now):
        return None
    session.flush()
    assert message.id is not None
    number = nudges.add(session, Remark(agent.id, message.conversation_id, message.id, finding.category), now)
    if number is not None:
        outbox.put(
            session,
            # Not by its number: a database may give that again once it is forgotten.
            f"{KIND}:{message.team}:{message.slack_channel}:{message.ts}",
            KIND,
            {"nudge_id": number},
            now,
            lane=f"{KIND}:{agent.id}",
            conversation_id=message.conversation_id,
        )
        log.info("nudge_written", nudge=number, category=finding.category)
    return number


def _gravest(found: Sequence[Finding], muted: Collection[str]) -> Finding | None:
    """The one to speak of: the first of the gravest that the colleague wants to hear of."""
    wanted = [each for each in found if each.category not in muted]
    return min(wanted, key=lambda each: _GRAVITY.index(each.severity), default=None)


def nudge_post(session: Session, nudge_id: int, house: House, now: datetime) -> dict[str, object] | None:
    """The remark as it goes: to whom, where, and what; None where it is not wanted any more. Reads only."""
    nudge = session.get(Nudge, nudge_id)
    if nudge is None or nudge.created_at < now - FRESH:
        return None
    agent, message = session.get(Agent, nudge.agent_id), session.get(Message, nudge.message_row_id)
    conversation = session.get(Conversation, nudge.conversation_id)
    if agent is None or not agent.active or nudges.is_quiet(agent, now) or message is None:
        return None
    with speaking(house.desk_language, agent.language):
        finding = _remarked_on(session, house, message, nudge.category)
        if conversation is None or finding is None or nudge.category in nudges.muted(session, nudge.agent_id):
            return None
        card: Card = cards.nudge(nudge_id, _line(finding))
    return {
        "user": agent.slack_user_id,
        "channel": message.slack_channel,
        "thread_ts": conversation.thread_ts,
        "text": card.text,
        "blocks": card.blocks,
    }


def recent(session: Session, agent_id: int, house: House, now: datetime, most: int) -> list[RemarkRow]:
    """The colleague's own remarks of the last days, newest first, made anew from their messages. Reads only.

    Those whose message is not kept any more are left out.
    """
    rows = []
    for each in nudges.recent(session, agent_id, now - IN_HOME, most):
        message = session.get(Message, each.message_row_id)
        finding = _remarked_on(session, house, message, each.category) if message else None
        if finding is not None:
            said = (each.category, finding.text, finding.why, finding.rewrite)
            rows.append(
                RemarkRow(each.id or 0, each.created_at, *said, is_fine=each.answer is NudgeAnswer.FINE)
            )
    return rows


def _remarked_on(session: Session, house: House, message: Message, category: str) -> Finding | None:
    found = _found(session, house, message)
    return next((each for each in found if each.category == category), None)


def better(session: Session, nudge: Nudge, house: House) -> Better | None:
    """The message in kinder words; None where it is not kept any more. Reads only."""
    message = session.get(Message, nudge.message_row_id)
    if message is None or not message.reply:
        return None
    found = _found(session, house, message)
    return Better(message.reply, kinder(message.reply, found), tuple(map(_line, found)))


def kinder(text: str, found: Sequence[Finding]) -> str:
    """`text` with each sentence that has a finding put in kinder words, by its gravest one."""
    for finding in reversed(list(_one_each(text, found))):
        text = rewritten(text, finding)
    return text


def _one_each(text: str, found: Sequence[Finding]) -> Iterator[Finding]:
    """In reading order, the gravest of every sentence."""
    for sentence in sentences(text):
        inside = [each for each in found if sentence.start <= each.start and each.end <= sentence.end]
        if worst := _gravest(inside, ()):
            yield worst


def _found(session: Session, house: House, message: Message) -> tuple[Finding, ...]:
    conversation = session.get(Conversation, message.conversation_id)
    language, intent = (conversation.language, conversation.intent) if conversation else ("", "")
    return check(house, message.reply[:MOST_READ], language=language or house.language, intent=intent or None)


def _line(finding: Finding) -> FindingLine:
    return FindingLine(finding.category, finding.severity, finding.text, finding.why, finding.rewrite)
