"""Who pressed what, and whether they may."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import Refused
from bot.house import House
from bot.parts import Places
from bot.speech import mark, say
from storage import agents, conversations
from storage.tables import Agent, CardState, Conversation, Suggestion

STAFF_ONLY = mark("This button is for support staff.")
_SETTLED = {
    CardState.SENDING: mark("{name} is sending this reply."),
    CardState.SENT: mark("{name} sent this reply."),
    CardState.FAILED: mark("{name} tried to send this reply, and it did not go out."),
    CardState.DISMISSED: mark("{name} dismissed this draft."),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk works with beside the database."""

    house: House
    places: Places


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button on a card: by whom, on which conversation, seeing which version of its card."""

    slack_user_id: str
    conversation_id: int
    version: int


def acting(session: Session, slack_user_id: str) -> Agent:
    """The colleague who pressed. Raises Refused for everybody else."""
    agent = agents.by_slack_id(session, slack_user_id)
    if agent is None:
        raise Refused(say(STAFF_ONLY))
    return agent


def conversation_of(session: Session, conversation_id: int) -> Conversation:
    """The conversation of a card as it is now, held until the transaction ends. Raises Refused when it is gone."""
    conversation = conversations.hold(session, conversation_id)
    if conversation is None:
        raise Refused(say("This conversation is not here any more."))
    return conversation


def take_up(session: Session, conversation: Conversation, agent: Agent) -> None:
    """Whoever acts on a free conversation has it; the customer keeps the same person after that (R1-15)."""
    if conversation.agent_id is None:
        conversation.agent_id = agent.id
    conversation.version += 1
    session.add(conversation)


def check_newest(session: Session, press: Press) -> None:
    """Raises Refused when the customer wrote, or the draft changed, since this window or button was shown."""
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is not None and latest.version != press.version:
        raise Refused(why_settled(session, latest, press.version))


def why_settled(session: Session, suggestion: Suggestion | None, version: int) -> str:
    """The sentence for somebody whose press came too late."""
    if suggestion is None:
        return say("This card has no draft any more.")
    if suggestion.version > version:
        return say("The customer wrote again, or the draft was made anew. Please read the new one.")
    case = session.get(Conversation, suggestion.conversation_id)
    if case is not None and case.answered_with_id is not None:
        return say("This case was answered together with case {case}.", case=case.answered_with_id)
    if suggestion.state not in _SETTLED:
        return say("This draft was withdrawn.")
    who = session.get(Agent, suggestion.decided_by) if suggestion.decided_by else None
    return say(_SETTLED[suggestion.state], name=who.name if who else say("Somebody"))
