"""A case that passes to another colleague, with what was promised in it and what is still to be sent."""

from datetime import datetime

from sqlmodel import Session

from bot import together
from bot.card_rows import note
from bot.desk.press import Press, acting
from bot.desk.together import held
from bot.errors import Refused
from bot.passing import pass_on
from storage import agents, audit, conversations, handovers
from storage.tables import Agent, CardState, Conversation

MOST_NOTE = 2000


def hand_over(session: Session, press: Press, to_slack_id: str, words: str, now: datetime) -> tuple[int, ...]:
    """Give the case to a colleague, with a note for them; the cases whose drafts are to be made anew.

    Raises Refused where that one is no colleague, not at work, or has it already.
    """
    agent = acting(session, press.slack_user_id)
    to = agents.by_slack_id(session, to_slack_id)
    if to is None:
        raise Refused("Pick a colleague: somebody who is in the triage channel.")
    if handovers.is_away(to):
        raise Refused(f"{to.name} is away. Pick somebody who is here.")
    found = _cases(session, press.conversation_id)
    if found[0].agent_id == to.id:
        raise Refused(f"{to.name} has this case already.")
    for each in found:
        pass_on(session, each, to, now)
        _record(session, "case_handed_over", each, agent, to, now)
    given = f"{agent.name} hands this case over to you." if agent.id != to.id else "You have this case now."
    said = " ".join(words.split("\r"))[:MOST_NOTE].strip()
    _tell(session, found[0], f"{given} {said}".strip(), to.slack_user_id, now)
    return _to_draft_anew(session, found)


def assign(session: Session, press: Press, now: datetime) -> tuple[int, ...]:
    """Take a case that is somebody else's or nobody's; the cases whose drafts are to be made anew.

    Whoever had it hears of it. Raises Refused where it is theirs already.
    """
    agent = acting(session, press.slack_user_id)
    found = _cases(session, press.conversation_id)
    if found[0].agent_id == agent.id:
        raise Refused("You have this case already.")
    before = session.get(Agent, found[0].agent_id) if found[0].agent_id else None
    for each in found:
        pass_on(session, each, agent, now)
        _record(session, "case_taken", each, agent, agent, now)
    if before is not None and before.active:
        _tell(session, found[0], f"{agent.name} has this case now.", before.slack_user_id, now)
    return _to_draft_anew(session, found)


def _cases(session: Session, conversation_id: int) -> list[Conversation]:
    """The case, and those of the same person that stand on its card: one colleague answers them together."""
    seen = session.get(Conversation, conversation_id)
    others = [each.id or 0 for each in together.others(session, seen)] if seen is not None else []
    conversation = held(session, conversation_id, others)
    return [conversation, *(session.get_one(Conversation, each) for each in others)]


def _to_draft_anew(session: Session, found: list[Conversation]) -> tuple[int, ...]:
    """Where a draft waits: another name stands below it now."""
    waiting = []
    for each in found:
        latest = conversations.latest_suggestion(session, each.id or 0)
        if latest is not None and latest.state is CardState.NEW and latest.text and not latest.final_text:
            waiting.append(each.id or 0)
    return tuple(waiting)


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
