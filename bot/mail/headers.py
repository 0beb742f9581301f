"""Message ids, dates and reply tokens out of header fields. Never raises.

Caps: 64 KiB of a field; of References the first 5 and the last 45 ids.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from bot.mail import addresses, charsets
from bot.mail.defects import Defect, Defects
from bot.mail.fields import Fields

FIRST_REFERENCES = 5
LAST_REFERENCES = 45
MAX_ID_CHARS = 998

_IN_BRACKETS = re.compile(r"<([^<>]{0,2000})>?")
_COMMENT = re.compile(r"\([^()<>]*\)")
_SPACES = re.compile(r"\s+")
_TOKEN_ADDRESS = re.compile(r"[^@]*\+t-([a-z0-9]{16,64})@")
_TOKEN_ID = re.compile(r"t-([a-z0-9]{16,64})\.[^@]*@")
_TOKEN = re.compile(r"[a-z0-9]{16,64}")
_TOKEN_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_ZONE = re.compile(r"[+-]\d{4}|\d\s*(?:[A-Z]{2,5}|Z)\b")
_EARLIEST_YEAR, _LATEST_YEAR = 1980, 2100


def message_ids(values: Iterable[bytes]) -> tuple[str, ...]:
    """All ids, without angle brackets, each once, in order; also ids that were written without brackets."""
    found: dict[str, None] = {}
    for value in values:
        text = charsets.decode(value)[0]
        bracketed = _IN_BRACKETS.findall(text)
        bare = _COMMENT.sub(" ", text).split() if not bracketed else []
        for candidate in bracketed or [word.strip(",;\"'<>") for word in bare if "@" in word]:
            identifier = _SPACES.sub("", candidate)[:MAX_ID_CHARS]
            if _is_usable(identifier):
                found.setdefault(identifier)
    return tuple(found)


def _is_usable(identifier: str) -> bool:
    """`<>` and `<@>` would join strangers into one thread."""
    return len(identifier) >= 3 and any(character.isalnum() for character in identifier)


def own_message_id(fields: Fields, defects: Defects) -> str:
    """The Message-ID, or empty. An id without brackets or without @ is kept: it is only compared."""
    value = fields.raw("message-id")
    if not value.strip():
        defects.add(Defect.NO_MESSAGE_ID)
        return ""
    ids = message_ids((value.encode("utf-8", "replace"),))
    if len(ids) != 1 or "@" not in ids[0].strip("@") or not value.strip().startswith("<"):
        defects.add(Defect.MESSAGE_ID_MALFORMED)
    bare = _SPACES.sub("", value).strip("<>")[:MAX_ID_CHARS]
    return ids[0] if ids else (bare if _is_usable(bare) else "")


def reference_ids(fields: Fields, defects: Defects) -> tuple[str, ...]:
    ids = message_ids(fields.every("references"))
    if len(ids) <= FIRST_REFERENCES + LAST_REFERENCES:
        return ids
    defects.add(Defect.REFERENCES_CUT)
    return ids[:FIRST_REFERENCES] + ids[-LAST_REFERENCES:]


def sent_at(fields: Fields, defects: Defects) -> datetime | None:
    """The Date field in UTC; None where it is absent, unreadable, or before 1980 or after 2100.

    A date without a zone is taken as UTC and named as a defect.
    """
    value = fields.text("date")[:200]
    if not value:
        defects.add(Defect.NO_DATE)
        return None
    moment = _moment(value)
    if moment is None or not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        defects.add(Defect.DATE_UNREADABLE)
        return None
    if not _ZONE.search(value):
        defects.add(Defect.DATE_WITHOUT_ZONE)
    return moment


def _moment(value: str) -> datetime | None:
    """The standard parser raises five kinds of errors on real dates, and lets seconds of 60 through."""
    try:
        parts = parsedate_tz(value)
        if parts is None:
            return None
        year, month, day, hour, minute, second, *_, offset = parts
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(
            seconds=offset or 0
        )
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def reply_token(fields: Fields, ids: tuple[str, ...]) -> str:
    """The token of our own mail that this one answers, or empty.

    Looked for in the plus-address it was sent to, in X-Tillid-Thread, and in `ids`, the first that has one.
    """
    for name in _TOKEN_FIELDS:
        for address in addresses.addresses(fields, name):
            if found := _TOKEN_ADDRESS.match(address):
                return found[1]
    thread = fields.text("x-tillid-thread").strip("<> ").lower()
    if _TOKEN.fullmatch(thread):
        return thread
    return next((found[1] for identifier in ids if (found := own_id_token(identifier))), "")


def has_own_id(fields: Fields, own_addresses: frozenset[str] = frozenset()) -> bool:
    """Whether the mail's own id is one that we write: it is a mail of ours, coming back.

    Where our addresses are known, at one of their domains only: other houses write such ids as well.
    """
    domains = {address.rpartition("@")[2] for address in own_addresses}
    return any(
        own_id_token(identifier) and (not domains or identifier.lower().rpartition("@")[2] in domains)
        for identifier in message_ids(fields.every("message-id"))
    )


def own_id_token(identifier: str) -> re.Match[str] | None:
    """A match whose first group is the token, where the id is one that we write."""
    return _TOKEN_ID.match(identifier.lower())
