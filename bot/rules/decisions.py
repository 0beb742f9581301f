"""Everything a rule may say: frozen values that the pipeline writes down as rows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: What a customer may want. These names are stored, and scripted against.
INTENTS = (
    "double_charge", "duplicate_fee", "damaged_item", "missing_item", "wrong_item", "late_delivery", "return",
    "refund_status", "cancellation", "price_discount", "billing_question", "account_access",
    "product_question", "service_complaint", "praise", "technical_fault", "address_change", "data_request",
    "other",
)  # fmt: skip
REMEDY_KINDS = (
    "refund", "release", "replacement", "choice", "credit", "shipping_refund", "price_difference", "cancel",
)  # fmt: skip
FOLLOW_UP_KINDS = ("money_arrived", "item_fine", "delivered", "return_received", "heard", "how_is_it")


class Action(StrEnum):
    """What the pipeline does with a message."""

    #: A card with a drafted reply.
    SUGGEST = "suggest"
    #: A card without a draft: a named person answers.
    CALL_OWNER = "call_owner"
    #: Shown in the conversation, nothing drafted (a bounce, a bare thanks).
    SHOW = "show"
    #: Kept, neither shown as work nor answered.
    KEEP = "keep"


class Situation(StrEnum):
    """What the draft can say about the remedy. With the intent it names the template."""

    #: Known facts, within the agent's authority: done when the agent presses Send.
    GRANTED = "granted"
    #: Known facts, above the authority: a lead is asked first.
    APPROVAL = "approval"
    #: No fact in our books yet: the draft promises a dated look-up.
    LOOKING = "looking"
    #: The need is not clear: one open question.
    OPEN = "open"
    #: We have answered, and it still is not in order.
    UNSOLVED = "unsolved"
    #: The customer is content: a warm line, and nothing else.
    THANKS = "thanks"
    #: An honest no, with what we can do instead. Only a person chooses it.
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What we may do about it. `amount_minor`, in the smallest unit of `currency`, is None without money.

    `known` is False when no order fact supports the amount: it is a proposal and counts against the limit.
    """

    #: One of REMEDY_KINDS.
    kind: str
    #: A restitution, B make it right, C goodwill, D identity or law first.
    tier: str
    amount_minor: int | None = None
    currency: str | None = None
    options: tuple[str, ...] = ()
    within_authority: bool = True
    needs_second_check: bool = False
    known: bool = True
    #: True where the draft does not speak of it: pressing Send alone must not carry it out.
    optional: bool = False
    #: A person has given it already: the draft says so, and sending it carries nothing out.
    given: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """The personal follow-up a resolved case would get. `kind` names its template; `why` is for the agent."""

    kind: str
    due_at: datetime
    why: str
    #: Second-chance mode: it cannot be skipped without a reason (R2-12).
    compulsory: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step for one message, with the rule that said so and those that passed before it."""

    action: Action
    rule: str
    passed: tuple[str, ...] = ()
    #: The main intent the draft answers.
    intent: str = "other"
    situation: Situation = Situation.OPEN
    #: Template name under templates/<language>/, such as reply/double_charge_granted; None without a draft.
    template: str | None = None
    #: The language of the draft: the customer's, or English where we have no templates (de, fi).
    language: str = "en"
    remedy: Remedy | None = None
    follow_up: FollowUpPlan | None = None
    hints: tuple[str, ...] = ()
    #: What the template may say; see composing.context().
    context: dict[str, object] = field(default_factory=dict)
    owner_only: str | None = None
    #: We let this customer down before: goodwill is doubled and the follow-up is compulsory (R2-12).
    second_chance: bool = False
    #: The message tells of a failure of ours. The caller writes down one strike a conversation.
    is_strike: bool = False
    #: This failure is at least the second on record: a named person calls by then (R2-09).
    call_by: datetime | None = None
