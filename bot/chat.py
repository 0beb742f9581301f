"""A Slack event -> IncomingMessage. Pure."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.errors import MalformedMessage
from bot.messages import Attachment, Channel, IncomingMessage
from bot.speech import say_to_all

#: Message subtypes that carry something a person wrote; all others are housekeeping.
SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
#: Stands in a stored event that came in because a colleague asked for it.
ASKED_FOR = "tillid_asked_for"
LINK = re.compile(r"<(https?://[^|>\s]{1,2000}|mailto:[^|>\s]{1,300})(?:\|([^>]{0,500}))?>")
REFERENCE = re.compile(r"<(?:[@#!][^|>]{1,100})(?:\|([^>]{0,200}))?>")


def is_message(event: Mapping[str, Any]) -> bool:
    """Whether a person wrote something here (not a join, an edit, an unfurl or a bot)."""
    return (
        event.get("type") == "message"
        and event.get("subtype") in SPOKEN
        and bool(event.get("user"))
        and not event.get("bot_id")
    )


def own_team(body: Mapping[str, Any], fallback: str = "") -> str:
    """Our workspace, through which we hear of this event; `fallback` where the event does not say.

    The event's own `team_id` comes last: in a channel shared with others it may be the author's workspace.
    """
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else None
    heard_through = first.get("team_id") if isinstance(first, Mapping) else None
    return str(heard_through or fallback or body.get("team_id") or "")


def names_us(body: Mapping[str, Any]) -> bool:
    """Whether the message mentions this program."""
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else None
    ours = first.get("user_id") if isinstance(first, Mapping) and first.get("is_bot") else None
    return bool(ours) and f"<@{ours}" in str((body.get("event") or {}).get("text") or "")


def parse_event(body: Mapping[str, Any]) -> IncomingMessage:
    """Read the `event_callback` of a message. Raises MalformedMessage, naming what is missing."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        raise MalformedMessage(say_to_all("the Slack event has no `event`"))
    for name in ("user", "channel", "ts"):
        if not isinstance(event.get(name), str):
            raise MalformedMessage(say_to_all("the Slack message has no `{name}`", name=name))
    team = own_team(body) or str(event.get("team") or "")
    text = plain(str(event.get("text") or ""))
    sender_team = event.get("user_team") or event.get("source_team") or event.get("team")
    external = bool(body.get("is_ext_shared_channel"))
    return IncomingMessage(
        channel=Channel.SLACK,
        message_id=event["ts"],
        sender=event["user"],
        sender_name="",
        subject="",
        text=text,
        reply=text,
        sent_at=_instant(event["ts"]),
        attachments=tuple(_attachments(event.get("files"))),
        team=team,
        # In a shared channel an author without a team is somebody else's until proven otherwise.
        sender_team=str(sender_team or ("" if external else team)),
        slack_channel=event["channel"],
        thread_ts=str(event.get("thread_ts") or event["ts"]),
        # Ours: Slack's own events do not hold it.
        asked_for=bool(body.get(ASKED_FOR)),
    )


def plain(text: str) -> str:
    """Slack's markup as people read it: links as their label and address, mentions without brackets."""
    text = LINK.sub(lambda found: _link(found.group(1), found.group(2)), text)
    text = REFERENCE.sub(lambda found: f"@{found.group(1)}" if found.group(1) else "", text)
    return html.unescape(text).strip()


def _link(address: str, label: str | None) -> str:
    address = address.removeprefix("mailto:")
    return address if not label or label == address else f"{label} ({address})"


def _attachments(files: object) -> Iterator[Attachment]:
    """The files that can be named; an odd one never costs us the customer's words."""
    for file in files if isinstance(files, list) else ():
        if isinstance(file, Mapping):
            size = file.get("size")
            yield Attachment(
                name=str(file.get("name") or file.get("title") or file.get("id") or "file"),
                type=str(file.get("mimetype") or "application/octet-stream"),
                size_bytes=size if isinstance(size, int) else 0,
            )


def _instant(ts: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(ts), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedMessage(say_to_all("the Slack message's `ts` is not a time")) from error
