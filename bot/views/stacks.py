"""Rows -> what the card and the window of a stack show. Reads only."""

from dataclasses import asdict

from sqlalchemy import select
from sqlmodel import Session, col

from bot.cards.stack_cards import ALIKE, PAGE, StackLine, StackPage, StackView, title
from bot.cards.stack_window import MOST_WORDS
from bot.cards.texts import clean, width
from bot.drafting import signed
from bot.rules.composing import format_money
from bot.rules.decisions import Situation
from bot.shop_events import in_words
from bot.speech import say
from bot.views.remedies import remedy_of, sends_refund
from storage import alike, customers, shop_events, stacks, taking_back
from storage.stacks import Live, Place
from storage.tables import Customer, Message, Stack, StackedDraft


def stack_view(session: Session, stack_id: int) -> StackView | None:
    """How a stack stands; None when it is gone."""
    stack = session.get(Stack, stack_id)
    if stack is None:
        return None
    return StackView(
        stack_id,
        stack.kind,
        stack.happened_at,
        intent=stack.intent,
        tie=stack.tie,
        cause=stack.cause,
        about=_about(session, stack_id) if stack.kind != ALIKE else "",
        can_be_undone=len(taking_back.waiting_in_stack(session, stack_id)),
        **asdict(stacks.counts(session, stack_id)),
    )


def _about(session: Session, stack_id: int) -> str:
    """What we were told, where it is the same for everybody: what differs is in each letter."""
    here = select(col(StackedDraft.conversation_id)).where(col(StackedDraft.stack_id) == stack_id)
    told = set()
    for conversation_id in session.execute(here.order_by(col(StackedDraft.id)).limit(PAGE)).scalars():
        event = shop_events.of_conversation(session, conversation_id)
        if event is not None:
            told.add(in_words(event.kind, event.details, event.happened_at))
    return say("The shop told us: {event}", event=told.pop()) if len(told) == 1 else ""


def stack_of_case(session: Session, conversation_id: int) -> StackView | None:
    """The stack of alike drafts in which this case's draft stands, to be sent from there; None where it does not."""
    stack_id = alike.standing_in(session, conversation_id)
    return stack_view(session, stack_id) if stack_id is not None else None


def stack_page(
    session: Session,
    stack_id: int,
    agent_name: str,
    after: Place | None,
    news: tuple[str, ...] = (),
    *,
    can_be_undone: bool = False,
) -> tuple[StackPage, Place | None] | None:
    """The next drafts behind a place, and the place of the last one; None when the stack is gone."""
    view = stack_view(session, stack_id)
    if view is None:
        return None
    found = stacks.live(session, stack_id, PAGE, after=after)
    lines = tuple(_line(session, each, agent_name) for each in found)
    page = StackPage(title(view), lines, view.waiting, news, stack_id if can_be_undone else 0)
    return page, found[-1].place if found else after


def _line(session: Session, each: Live, agent_name: str) -> StackLine:
    suggestion, case = each.suggestion, each.conversation
    customer = session.get(Customer, case.customer_id)
    message = session.get(Message, suggestion.message_row_id) if each.row.wrote_first else None
    remedy = remedy_of(suggestion)
    gives = sends_refund(suggestion) and remedy is not None and remedy.amount_minor is not None
    unnamed = suggestion.template == "event/price_drop" and suggestion.situation != Situation.GRANTED
    words = (message.reply or message.text) if message else ""
    files = len(message.attachments) if message else 0
    unread = width(clean(words)) > MOST_WORDS or files > 0
    return StackLine(
        case.id or 0,
        suggestion.version,
        name=customer.preferred_name if customer else "",
        address=case.answer_to or customers.email_of(session, case.customer_id),
        text=signed(suggestion.text, agent_name),
        amount=format_money(remedy.amount_minor or 0, remedy.currency or "", suggestion.language)
        if gives and remedy
        else "",
        words=words,
        files=files,
        findings=suggestion.findings_drafted,
        hints=tuple(suggestion.hints),
        is_doubtful=bool(suggestion.findings_drafted) or unnamed or unread,
    )
