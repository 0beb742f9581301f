"""A case that passes to a colleague, or to nobody, with what was promised in it."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.gathering import first_name
from bot.rules.introductions import introduced, introduction, signed_anew
from storage import conversations, follow_ups, handovers, outdated
from storage.tables import Agent, CardState, Conversation


def pass_on(
    session: Session, conversation: Conversation, to: Agent | None, now: datetime, *, follow_up: bool = True
) -> None:
    """The case is with that colleague, or nobody's, with its promises; the follow-up that is set is signed by them.

    Where the customer has an answer of somebody else, the next letter says who writes now (R1-15).
    """
    assert conversation.id is not None
    known = handovers.last_signer(session, conversation.id)
    to_id = to.id if to is not None else None
    conversation.agent_id = to_id
    conversation.known_agent_id = known if known != to_id else None
    conversation.version += 1
    session.add(conversation)
    handovers.give_promises(session, conversation.id, to_id)
    if follow_up and to is not None:
        _sign_follow_up(session, conversation, to)
    session.flush()
    if conversations.latest_suggestion(session, conversation.id) is not None:
        refresh_card(session, conversation.id, now)


def outdate_drafts(session: Session, passed: Iterable[Conversation], now: datetime) -> tuple[int, ...]:
    """The drafts that wait in these cases name somebody else: they are to be made anew; in which cases.

    A colleague's own words, taken back before they went, are left as they are.
    """
    found = []
    for each in passed:
        latest = conversations.latest_suggestion(session, each.id or 0)
        if latest is not None and latest.state is CardState.NEW and latest.text and not latest.final_text:
            outdated.mark(session, each, now)
            found.append(each.id or 0)
    return tuple(found)


def _sign_follow_up(session: Session, conversation: Conversation, to: Agent) -> None:
    planned = follow_ups.scheduled(session, conversation.id or 0)
    if planned is None or planned.agent_id == to.id:
        return
    former = session.get_one(Agent, planned.agent_id)
    names = (first_name(former.name), first_name(to.name))
    text = signed_anew(planned.text, *names)
    if conversation.known_agent_id is not None:
        known = session.get_one(Agent, conversation.known_agent_id)
        text = introduced(text, introduction(planned.language, first_name(known.name), names[1]))
    assert to.id is not None
    handovers.give_follow_up(session, planned, to.id, text)
