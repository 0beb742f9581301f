"""What an App Home is made from: frozen values, amounts and names already formatted."""

from dataclasses import dataclass
from datetime import datetime

from bot.cards.shapes import QueueRow


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One follow-up in somebody's name. `link` leads to the case's card, or is empty."""

    customer_name: str
    kind: str
    due_at: datetime
    why: str
    #: False: planned, and nobody has set it yet.
    is_set: bool = True
    link: str = ""


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """One date that was promised to a customer, and is open. `link` leads to the case's card, or is empty."""

    customer_name: str
    #: As the customer read it; empty where it is not kept any more.
    sentence: str
    #: On the customer's wall: "Wednesday 4 March" or "Wednesday 4 March, 12:00".
    until: str
    is_broken: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """One remark on what the reader wrote by hand, made anew from their message."""

    nudge_id: int
    at: datetime
    category: str
    sentence: str
    why: str
    #: Empty where we have no better words for the sentence alone.
    kinder: str = ""
    #: The reader stands by these words.
    is_fine: bool = False


@dataclass(frozen=True, slots=True)
class SentRow:
    """One text that went to a customer in somebody's name."""

    customer_name: str
    headline: str
    at: datetime
    is_follow_up: bool = False
    edited: bool = False
    #: It did not arrive, or nobody knows.
    problem: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """One refund that waits for a lead's yes."""

    #: As people read it, such as "499 kr.".
    amount: str
    kind: str
    customer_name: str
    #: A Slack user id.
    asked_by: str
    since: datetime
    #: The reader asked for it: another lead decides.
    is_own: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One door customers come by, in figures."""

    #: What people call it; for Slack, the channel's id stands in `slack_channel`.
    name: str
    slack_channel: str
    conversations: int
    waiting: int
    #: Such as "14 min (n = 30)".
    first_answer: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """The figures of a period. `sentence` carries them, each with its count."""

    sentence: str
    source: str
    channels: tuple[ChannelRow, ...] = ()


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything one person's Home shows."""

    #: agent, lead or manager; empty for everybody else, and then nothing below is shown.
    role: str
    updated_at: datetime
    #: Where the cards are; empty where it is not known.
    triage_channel: str = ""
    waiting: tuple[QueueRow, ...] = ()
    waiting_in_all: int = 0
    planned: tuple[PlannedRow, ...] = ()
    planned_in_all: int = 0
    sent: tuple[SentRow, ...] = ()
    asked: tuple[AskedRefund, ...] = ()
    asked_in_all: int = 0
    week: WeekView | None = None
    #: What the reader has promised, or whose case they have: soonest first.
    promised: tuple[PromisedRow, ...] = ()
    promised_in_all: int = 0
    #: Only the reader's own, newest first.
    remarks: tuple[RemarkRow, ...] = ()
    #: What the reader chose: en, da, nb, sv; empty: as in the channel.
    language: str = ""
