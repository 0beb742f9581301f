"""A case that passes to another colleague, with what was promised in it and what is still to be sent."""

from datetime import datetime

from sqlmodel import Session

from bot import together
from bot.card_rows import note
from bot.desk.press import Press, acting
from bot.desk.together import held
from bot.errors import Refused
from bot.passing import outdate_drafts, pass_on
from bot.speech import say, say_to_all
from storage import agents, audit, handovers
from storage.tables import Agent, Conversation

MOST_NOTE = 2000


def hand_over(session: Session, press: Press, to_slack_id: str, words: str, now: datetime) -> tuple[int, ...]:
    """Give the case to a colleague, with a note for them; the cases whose drafts are out of date, and marked so.

    Raises Refused where that one is no colleague, not at work, or has it already.
    """
    agent = acting(session, press.slack_user_id)
    to = agents.by_slack_id(session, to_slack_id)
    if to is None:
        raise Refused(say("Pick a colleague: somebody who is in the triage channel."))
    if handovers.is_away(to):
        raise Refused(say("{name} is away. Pick somebody who is here.", name=to.name))
    found = _cases(session, press.conversation_id)
    if found[0].agent_id == to.id:
        raise Refused(say("{name} has this case already.", name=to.name))
    for each in found:
        pass_on(session, each, to, now)
        _record(session, "case_handed_over", each, agent, to, now)
    given = (
        say_to_all("{name} hands this case over to you.", name=agent.name)
        if agent.id != to.id
        else say_to_all("You have this case now.")
    )
    said = " ".join(words.split("\r"))[:MOST_NOTE].strip()
    _tell(session, found[0], f"{given} {said}".strip(), to.slack_user_id, now)
    return outdate_drafts(session, found, now)


def assign(session: Session, press: Press, now: datetime) -> tuple[int, ...]:
    """Take a case that is somebody else's or nobody's; the cases whose drafts are out of date, and marked so.

    Whoever had it hears of it. Raises Refused where it is theirs already.
    """
    agent = acting(session, press.slack_user_id)
    found = _cases(session, press.conversation_id)
    if found[0].agent_id == agent.id:
        raise Refused(say("You have this case already."))
    before = session.get(Agent, found[0].agent_id) if found[0].agent_id else None
    for each in found:
        pass_on(session, each, agent, now)
        _record(session, "case_taken", each, agent, agent, now)
    if before is not None and before.active:
        told = say_to_all("{name} has this case now.", name=agent.name)
        _tell(session, found[0], told, before.slack_user_id, now)
    return outdate_drafts(session, found, now)


def _cases(session: Session, conversation_id: int) -> list[Conversation]:
    """The case, and those of the same person that stand on its card: one colleague answers them together."""
    seen = session.get(Conversation, conversation_id)
    others = [each.id or 0 for each in together.others(session, seen)] if seen is not None else []
    conversation = held(session, conversation_id, others)
    return [conversation, *(session.get_one(Conversation, each) for each in others)]


def _tell(session: Session, conversation: Conversation, text: str, mention: str, now: datetime) -> None:
    assert conversation.id is not None
    key = f"passed:{conversation.id}:{conversation.version}"
    note(session, key, conversation.id, text, now, mention=mention)


def _record(
    session: Session, action: str, conversation: Conversation, agent: Agent, to: Agent, now: datetime
) -> None:
    audit.record(
        session,
        action,
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=to.id,
    )
