"""What the outside said, in one shape for every channel, and what we hand to a sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """Where a customer talks to us."""

    EMAIL = "email"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along; only its name, type and size are kept here."""

    name: str
    type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """One recipient of a delivery report. `status` is the enhanced code (RFC 3463), such as 5.1.1."""

    address: str
    status: str
    permanent: bool
    #: Delivery is still being tried; otherwise the mail did not arrive, for good or for now.
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. `original_message_id` is the mail it speaks of, without angle brackets, or empty."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message as its sender wrote it.

    `text` is everything a person could read, `reply` what this sender newly wrote; both are always strings.
    Message ids carry no angle brackets. Addresses are lower case.
    """

    channel: Channel
    #: Mail: the Message-ID, or empty. Slack: the message's ts.
    message_id: str
    #: Mail: the address in From, or of a form of ours the one in Reply-To. Slack: the user id.
    sender: str
    sender_name: str
    subject: str
    text: str
    reply: str
    #: What the message says of itself; None where it says nothing usable.
    sent_at: datetime | None = None
    reply_to: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    #: None, or one of auto_reply, bounce, delay, list, own.
    automatic: str | None = None
    bounce: Bounce | None = None
    #: pass, fail or unknown.
    authentication: str = "unknown"
    attachments: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()
    #: sha256 of `text`, hex: two mails may share a Message-ID and still be two mails.
    body_hash: str = ""
    #: The unguessable token from the plus-address or header of our own mail, or empty.
    reply_token: str = ""
    #: Slack only: team and channel ids, and the ts of the thread's first message.
    team: str = ""
    #: Slack only: the team the author belongs to; empty where Slack does not say.
    sender_team: str = ""
    #: Slack only: the address in the author's profile; empty where we may not see it.
    sender_email: str = ""
    #: Slack only: a guest of our own workspace. Guests who are no colleagues are customers.
    sender_is_guest: bool = False
    slack_channel: str = ""
    thread_ts: str = ""
    #: Slack only: a colleague asked for an answer to it. Whoever of us wrote it then counts as a customer.
    asked_for: bool = False
    #: Slack only: what its author wrote in the two minutes before and nobody has answered.
    said_before: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed outbox row, as its sender sees it."""

    #: Unique and stable over attempts: the idempotency key towards the other side.
    key: str
    payload: Mapping[str, Any]
    #: 1 for the first attempt.
    attempt: int
    #: How many earlier attempts ended with nobody knowing whether the other side took them.
    uncertain: int = 0
    #: What the last success of this row returned; empty before the first.
    receipt: Mapping[str, Any] = field(default_factory=dict)
