"""A promise that a colleague says was kept."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import acting, conversation_of, take_up
from bot.errors import Refused
from bot.speech import mark, say
from storage import audit, promises
from storage.tables import KeptBy, Promise

SETTLED = mark("This promise was kept, or replaced by a newer one, before.")


def keep_promise(session: Session, slack_user_id: str, promise_id: int, now: datetime) -> str:
    """Say that it was kept. Raises Refused where it was settled before, or is gone."""
    agent = acting(session, slack_user_id)
    promise = session.get(Promise, promise_id)
    if promise is None:
        raise Refused(say(SETTLED))
    conversation = conversation_of(session, promise.conversation_id)
    if promises.keep(session, promise_id, now, KeptBy.PRESS, agent.id) is None:
        raise Refused(say(SETTLED))
    take_up(session, conversation, agent)
    audit.record(
        session,
        "promise_kept",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=promise_id,
    )
    refresh_card(session, promise.conversation_id, now)
    return say("Kept.")
