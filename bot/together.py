"""Which open cases of one person share a card: the case with the newest message leads, the others stand on its card.

Nothing of this is stored. It follows from the rows at the moment somebody asks, so that it holds whatever else
happens: a new message, a solved case, two persons joined or parted. Stored is what people did: `answered_with_id`
and `stands_alone`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.messages import Channel, IncomingMessage
from bot.rules.facts import Promised
from bot.writers import doubt
from storage import conversations, refunds, together
from storage.queue import WaitingCase
from storage.tables import CardState, Conversation, Message, Order, RefundState, Suggestion

#: The law sets a date for these: each keeps a card and an answer of its own.
ON_ITS_OWN = frozenset({"data_request"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is read: by the customer alone, or by everybody in a channel."""

    channel: str
    team: str | None = None
    slack_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another open case of the same person, for the letter that may answer both."""

    case_id: int
    intent: str
    order_id: int | None


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Money promised on an order in another case."""

    order_id: int
    promised: Promised


def place_of(conversation: Conversation) -> Place:
    """Where this case is answered."""
    return Place(conversation.channel, conversation.team, conversation.slack_channel)


def place_of_answer(incoming: IncomingMessage) -> Place:
    """Where a message that has just come in is answered."""
    if incoming.channel is Channel.EMAIL:
        return Place(incoming.channel.value)
    return Place(incoming.channel.value, incoming.team, incoming.slack_channel)


def read_by_others(answer: Place, other: Place) -> bool:
    """Whether an answer there is read by people who have not read the other case: a channel has many readers."""
    return answer.channel == Channel.SLACK.value and answer != other


def group(session: Session, customer_id: int) -> list[Conversation]:
    """The cases that share a card, the leading one first. One alone shares it with nobody."""
    return [each for each in together.waiting(session, customer_id) if _shares(session, each)]


def _shares(session: Session, case: Conversation) -> bool:
    """It has a draft that anybody may send, to somebody of whom there is no doubt."""
    latest = conversations.latest_suggestion(session, case.id or 0)
    if latest is None or latest.state is not CardState.NEW or latest.owner_only:
        return False
    if case.intent in ON_ITS_OWN:
        return False
    return is_theirs(session, case, latest)


def is_theirs(session: Session, case: Conversation, latest: Suggestion) -> bool:
    """Whether the customer wrote it, as far as anybody can tell."""
    message = session.get(Message, latest.message_row_id)
    numbers = latest.reading.get("order_numbers") or ()
    return (
        message is not None and message.automatic is None and doubt(session, case, message, numbers) is None
    )


def others(session: Session, conversation: Conversation) -> list[Conversation]:
    """The cases that stand on this one's card; empty where it does not lead."""
    members = group(session, conversation.customer_id)
    return members[1:] if members and members[0].id == conversation.id else []


def lead_of(session: Session, conversation: Conversation) -> Conversation | None:
    """The case on whose card this one stands, or whose reply answered it; None where it has a card of its own."""
    return leads_of(session, [conversation]).get(conversation.id or 0)


def leads_of(session: Session, cases: Iterable[Conversation]) -> dict[int, Conversation]:
    """`lead_of` many cases at once, by case; those with a card of their own are left out."""
    groups: dict[int, list[Conversation]] = {}
    leads = {}
    for each in cases:
        if each.answered_with_id is not None:
            lead = session.get(Conversation, each.answered_with_id)
            lead = lead if lead is not None and lead.customer_id == each.customer_id else None
        else:
            if each.customer_id not in groups:
                groups[each.customer_id] = group(session, each.customer_id)
            members = groups[each.customer_id]
            lead = members[0] if any(other.id == each.id for other in members[1:]) else None
        if lead is not None:
            leads[each.id or 0] = lead
    return leads


def on_cards(session: Session, waiting: Sequence[WaitingCase]) -> list[WaitingCase]:
    """These cases as they are answered: one for each card, with what presses most in any case that stands on it."""
    persons = Counter(each.customer_id for each in waiting)
    several = [each.conversation_id for each in waiting if persons[each.customer_id] > 1]
    found = session.execute(select(Conversation).where(col(Conversation.id).in_(several))).scalars()
    leads = leads_of(session, found.all()) if several else {}
    cards: dict[int, list[WaitingCase]] = {}
    for each in waiting:
        lead = leads.get(each.conversation_id)
        number = each.conversation_id if lead is None else lead.id or 0
        cards.setdefault(number, []).append(each)
    return [_as_one(number, cases) for number, cases in cards.items()]


def _as_one(number: int, cases: Sequence[WaitingCase]) -> WaitingCase:
    lead = next((each for each in cases if each.conversation_id == number), cases[0])
    return lead._replace(
        conversation_id=number,
        since=min(each.since for each in cases),
        urgent=any(each.urgent for each in cases),
        second_chance=any(each.second_chance for each in cases),
        promised_until=min((each.promised_until for each in cases if each.promised_until), default=None),
        back_since=min((each.back_since for each in cases if each.back_since), default=None),
    )


def beside(
    session: Session, customer_id: int | None, answer: Place, except_id: int | None
) -> tuple[Beside, ...]:
    """The cases whose matters a letter there may name. What one wrote by mail is not told in a channel."""
    if customer_id is None:
        return ()
    members = (each for each in group(session, customer_id) if each.id != except_id)
    return tuple(
        Beside(each.id or 0, each.intent, each.order_id)
        for each in members
        if not read_by_others(answer, place_of(each))
    )


def no_longer(session: Session, conversation: Conversation, suggestion: Suggestion) -> list[int]:
    """The cases that this draft names and that do not wait with it any more."""
    if not suggestion.speaks_for:
        return []
    now = {each.id for each in group(session, conversation.customer_id)}
    return [each for each in suggestion.speaks_for if each not in now]


def promised(session: Session, order_ids: Collection[int], except_id: int | None) -> tuple[OnOrder, ...]:
    """Money on these orders that is promised, asked for or sent in other cases, whoever's they are."""
    found = []
    for each in refunds.live_on(session, order_ids):
        case = session.get(Conversation, each.conversation_id)
        if each.conversation_id == except_id or each.order_id is None:
            continue
        told = Promised(
            each.kind,
            each.tier,
            each.amount_minor,
            each.currency,
            case.intent if case else "",
            each.conversation_id,
            asked_only=each.state is RefundState.REQUESTED,
            sent=each.state is RefundState.SETTLED,
        )
        found.append(OnOrder(each.order_id, told))
    return tuple(found)


def order_number(session: Session, order_id: int) -> str:
    """What people call the order."""
    return session.execute(select(col(Order.number)).where(col(Order.id) == order_id)).scalar() or "?"
