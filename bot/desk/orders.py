"""The order a case is about, where a person has to say."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.press import Press, acting, check_newest, conversation_of, take_up
from bot.errors import Refused
from bot.gathering import of_conversation
from bot.speech import say
from storage import audit, outdated


def choose_order(session: Session, press: Press, order_id: int, now: datetime) -> None:
    """Say which of the customer's orders it is. Its draft is made anew. Raises Refused for any other."""
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    if order_id not in [each.id for each in of_conversation(session, conversation).orders]:
        raise Refused(say("That order is not this customer's any more."))
    conversation.order_id = order_id
    outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
    audit.record(
        session,
        "order_chosen",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        subject_id=order_id,
    )
