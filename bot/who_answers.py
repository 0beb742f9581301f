"""Who answers in a case while its colleague is away, and whom the customer knows instead."""

from dataclasses import dataclass

from sqlmodel import Session

from storage import handovers
from storage.tables import Agent, Conversation


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, None while nobody has the case; and the colleague whom the customer knows, if that is another."""

    agent: Agent | None
    known: Agent | None


def who_answers(session: Session, conversation: Conversation) -> Answering:
    """Whose the case is; of somebody who is away, the buddy's, or nobody's."""
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    known = session.get(Agent, conversation.known_agent_id) if conversation.known_agent_id else None
    if agent is None or not handovers.is_away(agent):
        return Answering(agent, known)
    buddy = handovers.stand_in(session, agent)
    signer_id = handovers.last_signer(session, conversation.id or 0)
    signer = session.get(Agent, signer_id) if signer_id else None
    return Answering(buddy, signer if buddy is None or signer_id != buddy.id else None)
