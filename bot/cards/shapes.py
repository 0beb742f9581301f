"""What cards are made from and what they come out as: frozen values, amounts and names already formatted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: A block, an element or a text object of Slack's Block Kit.
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `text` carries the whole point and what to do: screen readers read it, not the blocks."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """Words of ours a customer may hear as distrust; `rewrite` can stand in for the sentence around them."""

    category: str
    #: high, medium or low.
    severity: str
    text: str
    why: str
    rewrite: str


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One refund. The `*_by` fields hold Slack user ids, or are empty."""

    refund_id: int
    #: As people read it, such as "499 kr.".
    amount: str
    #: refund, release, shipping_refund, price_difference or credit.
    kind: str
    #: requested, approved, settled, declined or failed.
    state: str
    requested_by: str
    decided_by: str
    settled_by: str
    needs_second_check: bool
    #: False when no order fact supports the amount.
    known: bool


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """The personal message after a solved case."""

    kind: str
    due_at: datetime
    why: str
    #: planned (would be set), scheduled, sent or cancelled.
    state: str


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A date we gave the customer, and have not kept yet."""

    promise_id: int
    sentence: str
    #: On the customer's wall: "Wednesday 4 March" or "Wednesday 4 March, 12:00".
    until: str
    is_broken: bool
    #: So many others of this case are open, all later.
    others: int = 0
    #: The day it was promised for before it was put off; empty where it was not.
    at_first: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file that came or goes along."""

    name: str
    size_bytes: int
    #: image, pdf, text, document, archive, program, page, mail, calendar, media or unknown: by its bytes.
    kind: str
    #: Its name says another kind than its bytes.
    disguised: bool = False
    #: Why we do not have it: too_large, too_many or empty.
    left_out: str = ""
    #: A copy can be shown in the card's thread.
    can_be_shown: bool = False
    #: The id of that copy in Slack, if it is there and a picture.
    shown_as: str = ""
    #: Of one that a colleague picked for a reply and took back with it: ours to send.
    kept_id: int = 0


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """One of several orders that the message may be about."""

    order_id: int
    #: Such as "10432, 27 February, 499 kr., Bordlampe".
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another open conversation of the same person. `link` leads to its card, or is empty."""

    #: email or slack.
    channel: str
    #: The Slack channel's id; empty for mail.
    slack_channel: str
    headline: str
    since: datetime
    link: str = ""
    case_id: int = 0


@dataclass(frozen=True, slots=True)
class SharedCase:
    """Another open case of the same person that stands on this card. `link` leads to its own, or is empty."""

    case_id: int
    #: email or slack.
    channel: str
    #: The Slack channel's id; empty for mail.
    slack_channel: str
    by_form: bool
    opened_at: datetime
    #: Their newest words.
    words: str
    link: str = ""
    #: Send answers it too, unless that is taken out.
    answered_too: bool = False
    #: It came another way, and people who have not read it would read this answer.
    read_by_others: bool = False
    #: What its own draft would give, as one sentence, or empty: this reply does not.
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Leading:
    """The case on whose card this one stands, or whose reply answered it. `link` leads there, or is empty."""

    case_id: int
    link: str
    #: It was answered there; else it is answered when somebody sends that reply.
    answered: bool
    resolved: bool
    #: The reply there did not go out.
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same person, or was found to be."""

    join_id: int
    name: str
    #: How we reach that one.
    address: str
    #: One sentence.
    because: str


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything the card of one conversation shows."""

    conversation_id: int
    version: int
    #: new, sending, sent, failed, dismissed, withdrawn or shown.
    state: str
    #: email or slack.
    channel: str
    customer_name: str
    address: str
    subject: str
    #: Short, such as "charged twice".
    headline: str
    customer_text: str
    received_at: datetime
    attachments: tuple[str, ...]
    permalink: str
    language: str
    language_name: str
    #: 0 calm, 1 annoyed or disappointed, 2 angry or threatens to leave.
    feeling: int
    urgent: bool
    second_chance: bool
    open_cases: int
    customer_type: str | None
    customer_type_because: tuple[str, ...]
    #: None, or auto_reply, bounce, delay, list, own.
    automatic: str | None
    #: Why only a named person may answer, or None.
    owner_only: str | None
    #: The Slack id of that person, or empty.
    owner_id: str
    draft: str
    #: The subject the reply goes out with; empty where there is none.
    subject_line: str
    findings: tuple[FindingLine, ...]
    hints: tuple[str, ...]
    rule: str
    passed: tuple[str, ...]
    because: tuple[str, ...]
    facts: tuple[str, ...]
    intent: str
    #: Name and percent, most likely first.
    intents: tuple[tuple[str, int], ...]
    #: One sentence, or empty.
    remedy: str
    remedy_amount: str
    remedy_kind: str
    within_authority: bool
    needs_second_check: bool
    known: bool
    #: Pressing Send also writes the refund.
    send_refunds: bool
    follow_up: FollowUpLine | None
    refunds: tuple[RefundLine, ...]
    #: Slack id or empty.
    assigned_to: str
    #: The customer's message answers our follow-up.
    answers_follow_up: bool
    #: need, accepted, solution, accept_asked, accepted_by_customer or reopened.
    bala: str
    decided_by: str
    decided_at: datetime | None
    #: What went out, where it differs from the draft.
    sent_text: str
    edited: bool
    #: Why sending failed or the card was withdrawn, or a note on an uncertain outcome.
    problem: str
    waiting_since: datetime
    #: Files of this message that we have; then they stand in for `attachments`.
    files: tuple[FileLine, ...] = ()
    #: How many came with earlier messages of the case.
    earlier_files: int = 0
    #: What goes, or went, along with the reply.
    enclosed: tuple[FileLine, ...] = ()
    #: The orders it may be about, where several fit.
    order_choices: tuple[OrderChoice, ...] = ()
    #: 0: there is no customer to show.
    customer_id: int = 0
    #: Why facts are hidden until a colleague is sure who writes, in a sentence; empty where none are.
    doubt: str = ""
    #: The address that a confirmation is about.
    doubted_address: str = ""
    likenesses: tuple[Likeness, ...] = ()
    other_cases: tuple[OtherCase, ...] = ()
    #: Other open cases that stand on this card.
    shared: tuple[SharedCase, ...] = ()
    #: Set where this case stands on another's card.
    leading: Leading | None = None
    #: The soonest that is open.
    promise: PromiseLine | None = None
    #: The version whose reply can still be taken back, and for how many seconds from Send; 0: none.
    undo_version: int = 0
    undo_seconds: int = 0
    #: When the mail server, or Slack, had the reply.
    delivered_at: datetime | None = None
    resolved: bool = False
    #: When it comes back, while it is put off.
    snoozed_until: datetime | None = None
    #: Dismissed because it asks for nothing.
    not_a_request: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One conversation that waits for us. `link` leads to its card, or is empty."""

    customer_name: str
    headline: str
    channel: str
    waiting_since: datetime
    urgent: bool = False
    assigned_to: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    """One follow-up or promise that is due. `link` leads to the conversation's card, or is empty."""

    customer_name: str
    kind: str
    due_at: datetime
    why: str
    assigned_to: str = ""
    link: str = ""
    #: How the day is told, where the instant alone would not do.
    day: str = ""
