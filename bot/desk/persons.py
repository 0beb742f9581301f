"""Who somebody is: confirmed by a colleague, joined to somebody else, parted again; and notes about them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up
from bot.errors import Refused
from bot.masking import mask
from bot.speech import mark, say
from bot.writers import doubt
from storage import audit, conversations, customers, joining, knowledge, likenesses, outdated, persons
from storage.tables import ConversationState, Customer, Join, JoinState, Message

#: Why storage cannot join or part two. It knows nothing of us, so its sentences are marked here.
CANNOT_JOIN = (
    mark("One of them is joined to somebody already."),
    mark("These two are not joined."),
    mark("They were joined to somebody else since then: undo that first."),
    mark("That is one and the same customer."),
    mark("One of them is not here any more."),
    mark("One of them has been forgotten on request."),
)


def confirm_person(session: Session, press: Press, now: datetime) -> None:
    """Say that one knows who writes: facts are used from here on. Its draft is made anew.

    Raises Refused for strangers, on an older card, and where nothing is hidden.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    suggestion = conversations.latest_suggestion(session, press.conversation_id)
    message = session.get(Message, suggestion.message_row_id) if suggestion else None
    numbers = suggestion.reading.get("order_numbers") or () if suggestion else ()
    found = doubt(session, conversation, message, numbers) if message else None
    if found is None:
        raise Refused(say("Nothing is hidden here any more."))
    assert conversation.id is not None and agent.id is not None
    row = knowledge.confirm(session, conversation.id, found.customer_id, found.address, agent.id, now)
    if conversation.order_id is None:
        conversation.order_id = found.order_id
    if found.customer_id != conversation.customer_id:
        likenesses.look_for(session, conversation.customer_id, now, numbers)
    outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
    audit.record(
        session,
        "person_confirmed",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=found.customer_id,
        confirmation=row.id,
    )


def same_person(session: Session, slack_user_id: str, join_id: int, now: datetime) -> Join:
    """The two who were proposed are one. Raises Refused when that was settled before, or cannot be."""
    agent = acting(session, slack_user_id)
    row = session.get(Join, join_id)
    if row is None or row.state is not JoinState.PROPOSED:
        raise Refused(say("Somebody has answered this already."))
    try:
        row = joining.join(session, row.kept_id, row.gone_id, row.because, now, agent_id=agent.id)
    except joining.CannotJoin as refusal:
        raise Refused(say(str(refusal))) from None
    _show_again(session, row, now)
    return row


def somebody_else(session: Session, slack_user_id: str, join_id: int, now: datetime) -> Join:
    """They are two. Raises Refused when that was settled before."""
    agent = acting(session, slack_user_id)
    assert agent.id is not None
    row = session.get(Join, join_id)
    if row is None or not joining.refuse(session, join_id, agent.id, now):
        raise Refused(say("Somebody has answered this already."))
    _show_again(session, row, now)
    return row


def part(session: Session, slack_user_id: str, join_id: int, now: datetime) -> Join:
    """Two who were joined are two again. Raises Refused where they are not joined any more."""
    agent = acting(session, slack_user_id)
    try:
        row = joining.undo(session, join_id, now, agent_id=agent.id)
    except joining.CannotJoin as refusal:
        raise Refused(say(str(refusal))) from None
    _show_again(session, row, now)
    return row


def _show_again(session: Session, row: Join, now: datetime) -> None:
    """Every open card of the two says what is true now."""
    for customer_id in (row.kept_id, row.gone_id):
        for case in persons.conversations_of(session, persons.WholePerson((customer_id,), ())):
            live = case.state is not ConversationState.RESOLVED
            if live and case.id and conversations.latest_suggestion(session, case.id) is not None:
                refresh_card(session, case.id, now)


def view_customer(session: Session, slack_user_id: str, customer_id: int, now: datetime) -> int:
    """Look at a person's card: recorded with who looked. The customer to show; raises Refused for strangers."""
    agent = acting(session, slack_user_id)
    customer_id = _there(session, customer_id)
    likenesses.look_for(session, customer_id, now)
    audit.record(session, "customer_viewed", now, agent_id=agent.id, subject_id=customer_id)
    return customer_id


def _there(session: Session, customer_id: int) -> int:
    found = session.get(Customer, customer_id)
    customer = customers.kept(session, found) if found else None
    if customer is None or customer.id is None or customer.erased_at is not None:
        raise Refused(say("This customer is not here any more."))
    return customer.id


def add_note(
    session: Session, slack_user_id: str, customer_id: int, text: str, lasts: timedelta, now: datetime
) -> None:
    """Have something remembered about a person. Raises Refused where five notes are there, or nothing is said."""
    agent = acting(session, slack_user_id)
    customer_id = _there(session, customer_id)
    # Two colleagues at once are still at most five notes.
    session.get(Customer, customer_id, with_for_update={"key_share": True})
    text = mask(" ".join(text.split()))
    if not text:
        raise Refused(say("Write what is to be remembered."))
    if len(text) > knowledge.LONGEST_NOTE:
        raise Refused(say("At most {number} characters, please.", number=knowledge.LONGEST_NOTE))
    assert agent.id is not None
    try:
        note = knowledge.add_note(session, customer_id, text, agent.id, now, lasts)
    except knowledge.TooManyNotes:
        raise Refused(say("Five notes are there. Remove one first.")) from None
    audit.record(session, "customer_note_added", now, agent_id=agent.id, subject_id=customer_id, note=note.id)


def remove_note(session: Session, slack_user_id: str, customer_id: int, note_id: int, now: datetime) -> None:
    """Have a note forgotten. Raises Refused when it is gone already."""
    agent = acting(session, slack_user_id)
    if not knowledge.remove_note(session, _there(session, customer_id), note_id):
        raise Refused(say("That note is gone already."))
    audit.record(
        session, "customer_note_removed", now, agent_id=agent.id, subject_id=customer_id, note=note_id
    )
