"""A case as a window has it: what is read of it, what the trust check says of a text, and the reply's window."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot import desk
from bot.cards import reply_modals
from bot.cards.files import HOUSE_FILE, KEPT, enclosing, named
from bot.cards.presses import send_label
from bot.cards.shapes import CardView, FindingLine
from bot.cards.together import closing
from bot.checking import check
from bot.desk import Press
from bot.errors import Refused
from bot.gathering import first_name
from bot.parts import Parts
from bot.rules.linting import Finding
from bot.speech import say
from bot.views import card_view
from storage import conversations, orders
from storage.orders import OrderBook
from storage.tables import Conversation, Suggestion


@dataclass(frozen=True, slots=True)
class Opened:
    """What a window needs to know of a case."""

    agent: str
    view: CardView
    suggestion: Suggestion
    book: OrderBook | None
    #: The letter's language where the customer knows this agent, and the draft introduces somebody.
    known_in: str = ""


def open_case(session: Session, press: Press, parts: Parts) -> Opened:
    """Read a case for a window. Raises Refused for strangers, and when there is no card."""
    agent = desk.acting(session, press.slack_user_id)
    view = card_view(session, press.conversation_id, parts.house, parts.clock())
    suggestion = conversations.latest_suggestion(session, press.conversation_id)
    if view is None or suggestion is None:
        raise Refused(say("This conversation is not here any more."))
    conversation = session.get(Conversation, press.conversation_id)
    assert conversation is not None
    book = orders.book(session, conversation.order_id) if conversation.order_id else None
    known_in = suggestion.language if conversation.known_agent_id == agent.id else ""
    return Opened(first_name(agent.name), view, suggestion, book, known_in)


def findings(parts: Parts, suggestion: Suggestion, text: str) -> tuple[Finding, ...]:
    """What the trust check says of a text that an agent wrote."""
    return check(parts.house, text, language=suggestion.language, intent=suggestion.intent)


def finding_lines(found: tuple[Finding, ...]) -> tuple[FindingLine, ...]:
    """Findings as a window shows them."""
    return tuple(
        FindingLine(each.category, each.severity, each.text, each.why, each.rewrite) for each in found
    )


def reply_window(parts: Parts, opened: Opened, text: str, remembered: dict[str, Any]) -> dict[str, Any]:
    """The reply window for a text: with its findings while it has any, plain again when it has none."""
    found = findings(parts, opened.suggestion, text)
    view = opened.view
    amount = view.remedy_amount if view.send_refunds else ""
    kept = json.dumps(remembered)
    files = enclosing(remembered["round"], offered(opened, remembered), by_mail=view.channel == "email")
    files += closing(view)
    if found:
        return reply_modals.kinder_wording(
            text, finding_lines(found), kept, remembered["round"], amount=amount, enclosing=files
        )
    return reply_modals.edit_reply(
        text,
        kept,
        target=view.customer_name,
        amount=amount,
        version=remembered["round"],
        send_label=send_label(view),
        enclosing=files,
    )


def offered(opened: Opened, remembered: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What goes along with the reply as the window stands: the letter's own file, and what was picked before."""
    if "files" in remembered:
        return [(str(value), str(label)) for value, label in remembered["files"]]
    if opened.view.state != "new":
        return []
    return [
        (f"{KEPT}{file.kept_id}" if file.kept_id else HOUSE_FILE, named(file))
        for file in opened.view.enclosed
    ]
