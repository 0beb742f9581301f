"""Everything a rule may look at: frozen values, filled from rows, the message and the clock."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.decisions import INTENTS, Remedy
from bot.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's smallest unit (øre, öre, cent), ISO 4217 code."""

    amount_minor: int
    currency: str


#: How sure a reading must be to leave what the conversation is about.
CHANGES_THE_SUBJECT = 0.6


@dataclass(frozen=True, slots=True)
class Intent:
    """What the customer may want, with the words that made us think so; confidence is 0..1."""

    name: str
    confidence: float
    because: tuple[str, ...] = ()
    #: The customer names it in so many words: sure enough to be answered beside the main matter.
    named: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the customer wrote, understood. Intents come most likely first and are never empty."""

    language: str
    language_confidence: float
    intents: tuple[Intent, ...]
    #: 0 calm, 1 annoyed or disappointed, 2 angry or threatens to leave.
    feeling: int = 0
    urgent: bool = False
    second_bad_experience: bool = False
    amounts: tuple[Money, ...] = ()
    order_numbers: tuple[str, ...] = ()
    #: Those of them that no word calls one: they may be a phone's or a parcel's.
    bare_numbers: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    #: thinker, feeler, doer or None; `customer_type_because` holds the words that showed it.
    customer_type: str | None = None
    customer_type_because: tuple[str, ...] = ()
    #: Why only a named person may answer (injury, fire, lawyer ...), or None.
    owner_only: str | None = None
    #: A bare "thanks" or "hello": no request in it.
    thanks_only: bool = False
    greeting_only: bool = False
    #: Thanks us, says it is settled or good, and asks for nothing: no answer is waited for in a case we answered.
    content: bool = False
    #: The customer's own word for the thing, in the form that fits a sentence ("jakken"), or empty.
    noun: str = ""
    #: What the customer asks for already: replacement, refund, or empty.
    wish: str = ""
    #: After an answer of ours: it still is not in order.
    unsolved: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One order line."""

    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """The latest shipment of an order. `status`: pending, sent, delivered or lost."""

    status: str
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    #: The carrier's new date, where there is one.
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentRefund:
    """Money that went back, in the order's currency."""

    amount_minor: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What our books say about one order. Amounts are in the smallest unit of `currency`."""

    number: str
    currency: str
    #: All captured money, and what of it has not been given back or promised back yet.
    paid_minor: int
    refundable_minor: int
    captures_minor: tuple[int, ...] = ()
    reservations_minor: tuple[int, ...] = ()
    #: Each shipping fee charged on the order.
    shipping_minor: tuple[int, ...] = ()
    items: tuple[Item, ...] = ()
    delivery: Delivery | None = None
    #: What has gone back already, by the shop's books or ours.
    refunds: tuple[SentRefund, ...] = ()
    #: ISO 3166 alpha-2 of the delivery address, or empty: no country, no legal statement.
    country: str = ""
    #: When these facts were last read from the shop.
    facts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What we know of the person. What somebody spends is no fact here (R2-05)."""

    preferred_name: str = ""
    language: str = ""
    past_languages: tuple[str, ...] = ()
    country: str = ""
    #: The dates on which we let this customer down before, oldest first.
    strikes: tuple[date, ...] = ()
    open_cases: int = 0
    customer_since: date | None = None


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """Who will answer. `role` is agent, lead or manager."""

    name: str
    role: str = "agent"


@dataclass(frozen=True, slots=True)
class Promised:
    """Money on the order of this message that is promised in another case: the customer may count on it once."""

    #: A kind of Remedy.
    kind: str
    tier: str
    amount_minor: int
    currency: str
    #: What that case is about, and its number.
    intent: str
    case_id: int
    #: A lead has not said yes yet.
    asked_only: bool = False
    #: A person has moved the money.
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One message with everything known around it. `order` is None where the sender is not on it."""

    reading: Reading
    policy: Policy
    now: datetime
    channel: str = "email"
    customer: CustomerFacts = field(default_factory=CustomerFacts)
    order: OrderFacts | None = None
    agent: AgentFacts = field(default_factory=lambda: AgentFacts(name=""))
    #: None, or auto_reply, bounce, delay, list, own.
    automatic: str | None = None
    #: Mail authentication: pass, fail or unknown.
    authentication: str = "unknown"
    #: False when we have already answered in this conversation.
    first_answer: bool = True
    #: The intent this conversation was opened with, where the new message names none of its own.
    earlier_intent: str | None = None
    #: A person corrected the intent by hand: it wins over the reading.
    corrected_intent: str | None = None
    #: What a person has just given in this case: the draft tells the customer.
    given: Remedy | None = None
    #: What the person's other open cases are about that the same letter answers, the newest first.
    beside: tuple[str, ...] = ()
    #: What is promised on this order in other cases.
    promised: tuple[Promised, ...] = ()

    @property
    def intent(self) -> str:
        """What to answer: a person's correction, else the reading, else what the conversation began with.

        "Any news?" could be about anything: within a conversation it is about what that is about.
        """
        if self.corrected_intent in INTENTS:
            return str(self.corrected_intent)
        read = self.reading.intents[0] if self.reading.intents else None
        earlier = self.earlier_intent if self.earlier_intent in INTENTS else None
        if read is None or read.name not in INTENTS or read.name == "other":
            return earlier or "other"
        return earlier if earlier and read.confidence < CHANGES_THE_SUBJECT else read.name

    @property
    def trusted_order(self) -> OrderFacts | None:
        """The order, unless the mail failed authentication: then anybody may have written it."""
        return None if self.authentication == "fail" else self.order

    @property
    def country(self) -> str:
        """Whose working days and currency count: the order's, the customer's, or the house's own country."""
        order = self.trusted_order
        return (order.country if order else "") or self.customer.country or self.policy.hours.home_country
