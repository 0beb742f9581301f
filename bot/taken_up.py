"""A solved case that is taken up again, or continued in a new one: whoever solved it hears of it."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import note
from bot.speech import say_to_all
from bot.views.days import day_and_year
from storage import agents, audit, conversations
from storage.tables import Conversation, Message


def reopened(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """Whoever solved it hears of it: the card itself stands far up in the channel by now."""
    assert conversation.id is not None
    if conversations.latest_suggestion(session, conversation.id) is None:
        return  # a bare hello or a machine's mail came first, and had no card
    agent = agents.in_charge(session, conversation)
    text = say_to_all("The customer wrote again: this case is open once more.")
    key = f"reopened:{message.id}"
    note(session, key, conversation.id, text, now, mention=agent.slack_user_id if agent else "")


def continues(session: Session, conversation: Conversation, earlier_id: int, now: datetime) -> None:
    """The link to the case this one continues: a note here for people, an event for the record."""
    assert conversation.id is not None
    audit.record(
        session, "conversation_continued", now, conversation_id=conversation.id, subject_id=earlier_id
    )
    earlier = session.get(Conversation, earlier_id)
    if earlier is None or conversations.latest_suggestion(session, conversation.id) is None:
        return  # a bare thanks after all that time has no card to hang a note below
    agent = agents.in_charge(session, conversation)
    day = day_and_year(earlier.opened_at)
    text = (
        say_to_all(
            "This answers an earlier case “{subject}” from {day}, solved long ago.",
            subject=earlier.subject,
            day=day,
        )
        if earlier.subject
        else say_to_all("This answers an earlier case from {day}, solved long ago.", day=day)
    )
    key = f"continues:{conversation.id}"
    note(session, key, conversation.id, text, now, mention=agent.slack_user_id if agent else "")
