"""Slack threads that a colleague takes up or leaves alone, and drafts that somebody asks for."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import acting, conversation_of
from bot.errors import Refused
from bot.speech import mark, say, say_to_all
from storage import audit, conversations, follow_ups, outdated, watching
from storage.tables import CardState, ConversationState, WaitingOn
from storage.watching import Thread

ON_ITS_WAY = mark("The reply is still on its way. Try again in a moment.")
#: On these cards is something to press already.
_ANSWERABLE = (CardState.NEW, CardState.SENDING, CardState.FAILED)


def track(session: Session, slack_user_id: str, thread: Thread, now: datetime) -> bool:
    """Listen to a thread from now on; False where we did already. Raises Refused for strangers."""
    agent = acting(session, slack_user_id)
    if watching.listens_to(session, thread):
        return False
    watching.decide(session, thread, watched=True, now=now)
    found = conversations.by_thread(session, thread.team, thread.channel, thread.ts)
    audit.record(
        session, "thread_tracked", now, conversation_id=found.id if found else None, agent_id=agent.id
    )
    return True


def untrack(session: Session, slack_user_id: str, thread: Thread, now: datetime) -> None:
    """Leave a thread alone: its case ends, and nothing said there makes a card until it is tracked again.

    Said again, nothing changes. Raises Refused for strangers, and while a reply is on its way.
    """
    agent = acting(session, slack_user_id)
    if not watching.listens_to(session, thread):
        return
    watching.decide(session, thread, watched=False, now=now)
    found = conversations.by_thread(session, thread.team, thread.channel, thread.ts)
    audit.record(
        session, "thread_untracked", now, conversation_id=found.id if found else None, agent_id=agent.id
    )
    if found is None or found.id is None:
        return
    conversation = conversation_of(session, found.id)
    latest = conversations.latest_suggestion(session, found.id)
    if latest is not None and latest.state is CardState.SENDING:
        raise Refused(say(ON_ITS_WAY))
    follow_ups.cancel(session, found.id, say_to_all("the thread is not tracked any more"), now)
    conversations.withdraw_live(session, found.id, now)
    if conversation.state is not ConversationState.RESOLVED:
        conversation.state, conversation.resolved_at = ConversationState.RESOLVED, now
    conversation.version += 1
    session.add(conversation)
    refresh_card(session, found.id, now)


def ask_draft(session: Session, slack_user_id: str, conversation_id: int, now: datetime) -> bool:
    """Somebody wants an answer drafted; False where the card has one that can be pressed.

    A solved case is open again. The caller has the draft made. Raises Refused for strangers.
    """
    agent = acting(session, slack_user_id)
    conversation = conversation_of(session, conversation_id)
    latest = conversations.latest_suggestion(session, conversation_id)
    if latest is not None and latest.state in _ANSWERABLE:
        return False
    conversation.state, conversation.resolved_at = ConversationState.OPEN, None
    conversation.waiting_on = WaitingOn.US
    conversation.version += 1
    outdated.mark(session, conversation, now)
    audit.record(session, "draft_asked", now, conversation_id=conversation_id, agent_id=agent.id)
    return True
