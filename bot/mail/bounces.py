"""Delivery reports: which recipients a mail of ours did not reach, and which mail it was. Pure; never raises.

A report counts only where the mail itself is one: a person who quotes or forwards a report is not a machine.
"""

import re
from collections.abc import Iterable, Iterator

from bot.mail import addresses, headers
from bot.mail.bounce_phrases import DELAYED, EVIDENCE, FAILED_SUBJECTS, MACHINE_NAMES, ORIGINAL_BEGINS
from bot.mail.defects import Defects
from bot.mail.fields import Fields, split_fields
from bot.mail.parts import Part
from bot.messages import Bounce, BouncedRecipient

MAX_RECIPIENTS = 200
MAX_NOTICE_LINES = 200

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?:^|[\s(:>])([45])[0-5]\d(?= |-[A-Za-z#<(]|-[245]\.\d)", re.MULTILINE)
_HEADER_LINE = re.compile(
    r"[>\s*]{0,8}(?:to|cc|from|subject|sent|date|reply-to|til|fra|till|från)\s*:", re.IGNORECASE
)
_ANGLE = re.compile(r"<([^<>\s]{3,254})>")
_ADDRESS = re.compile(
    r"(?<![^\s<>(\"'\[:,;=])([^\s<>()\"'\[\]:,;=]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10})"
)
_GATEKEEPERS = ("@boxbe.com", ".boxbe.com", "@spamarrest.com", ".spamarrest.com")
_GATEKEEPERS_WITH_PEOPLE = ("@bluebottle.com", "@earthlink.net")
_CHALLENGE = re.compile(
    r"\bverif(?:y|ication)\b|\bconfirm(?:ation)?\b.{0,60}\b(?:sender|human|person|message|deliver)"
    r"|allowed senders?|guest list|waiting list|spam ?blocker|challenge",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"^[> \t]*message-id:\s*<([^<>\s]{3,998})>", re.IGNORECASE | re.MULTILINE)


def read_bounce(mail: Part, text: str, own_addresses: frozenset[str] = frozenset()) -> Bounce | None:
    """The report that this mail is, or None. `text` is everything readable in it.

    A recipient is permanent unless it is only delayed or its status is 4.x.x.
    Deliveries that succeeded are left out.
    """
    if is_challenge(mail, text):
        return None
    statuses = list(_status_parts(mail))
    recipients = [found for part in statuses for found in _recipients(part)]
    if not statuses and _is_clear_notice(mail, text):
        recipients = list(_recipients_in_notice(mail.fields, text, own_addresses))
    unique = {(found.address, found.status, found.permanent): found for found in recipients}
    if not unique:
        return None
    return Bounce(tuple(unique.values())[:MAX_RECIPIENTS], _original_id(mail, text))


def is_challenge(mail: Part, text: str) -> bool:
    """A gatekeeper asks whoever wrote to prove that they are a person: our mail waits there, and has not come back."""
    senders = addresses.addresses(mail.fields, "from")
    if any(sender.endswith(_GATEKEEPERS) for sender in senders):
        return True
    # People write from there too.
    at_home = any(sender.endswith(_GATEKEEPERS_WITH_PEOPLE) for sender in senders)
    return at_home and bool(_CHALLENGE.search(mail.fields.text("subject") + "\n" + text[:4000]))


def returned_fields(mail: Part) -> Fields:
    """The header of the mail that is being reported on; empty where the report does not carry it."""
    for part in _outer_parts(mail):
        if part.is_message and part.children:
            return part.children[0].fields
        if part.content.type == "text/rfc822-headers":
            return split_fields(part.octets(Defects()).lstrip(b"\n"), Defects())[0]
    return Fields()


def _outer_parts(part: Part) -> Iterator[Part]:
    """Every part of this mail, without looking into the mails that are enclosed in it."""
    yield part
    if not part.is_message:
        for child in part.children:
            yield from _outer_parts(child)


def _status_parts(mail: Part) -> Iterator[Part]:
    for part in _outer_parts(mail):
        if part.content.type in ("message/delivery-status", "message/global-delivery-status"):
            yield part


def _recipients(part: Part) -> Iterator[BouncedRecipient]:
    """The groups of a delivery-status part; the first, about the whole message, names no recipient."""
    for fields in _groups(part):
        action = fields.text("action").split("(")[0].strip().lower()
        address = _recipient_address(fields)
        if not address or action in ("delivered", "relayed", "expanded", "delivered-mail"):
            continue
        status = _status(fields.text("status")) or _status(fields.text("diagnostic-code"))
        delayed = action == "delayed"
        status = status or ("4.0.0" if delayed else "5.0.0")
        if not status.startswith("2"):
            yield BouncedRecipient(address, status, not delayed and status.startswith("5"), delayed)


def _groups(part: Part) -> list[Fields]:
    blocks = re.split(
        rb"\n[ \t]*\n", part.octets(Defects()).replace(b"\r\n", b"\n").strip(), maxsplit=MAX_RECIPIENTS + 1
    )
    return [split_fields(block, Defects())[0] for block in blocks[: MAX_RECIPIENTS + 1]]


def _recipient_address(fields: Fields) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        text = fields.text(name)
        if address := addresses.clean_address(text.rpartition(";")[2].split("(")[0]):
            return address
        if inside := _ADDRESS.search(text):
            return inside[1].lower()
    return ""


def _status(text: str) -> str:
    if found := _STATUS.search(text):
        return ".".join(found.groups())
    if found := _REPLY_CODE.search(text + " "):
        return f"{found[1]}.0.0"
    return ""


def _is_clear_notice(mail: Part, text: str) -> bool:
    """A report in no standard form: written by a machine, and saying what such reports say."""
    if "x-failed-recipients" in mail.fields:
        return True
    senders = addresses.mailboxes(mail.fields, "from")
    return_path = mail.fields.raw("return-path").replace(" ", "")
    by_machine = return_path == "<>" or any(
        MACHINE_NAMES.search(f"{sender.name} {sender.address}") for sender in senders
    )
    # Customers write "not delivered" in subjects too, about parcels: words alone prove nothing.
    subject = mail.fields.text("subject")
    return by_machine and bool(FAILED_SUBJECTS.search(subject) or EVIDENCE.search(text[:4000]))


def _recipients_in_notice(fields: Fields, text: str, own: frozenset[str]) -> Iterator[BouncedRecipient]:
    notice = _notice(text)
    delayed = _speaks_of_delay(fields, notice)
    status = "4.0.0" if delayed else _status(notice) or "5.0.0"
    named = addresses.addresses(fields, "x-failed-recipients") or tuple(_named_in(notice))
    ignored = own.union(addresses.addresses(fields, "from"), addresses.addresses(fields, "to"))
    for address in [address for address in dict.fromkeys(named) if address not in ignored][:MAX_RECIPIENTS]:
        yield BouncedRecipient(address, status, not delayed and status.startswith("5"), delayed)


def _notice(text: str) -> str:
    """The words of the machine, up to where the copy of our own mail begins."""
    lines: list[str] = []
    for line in text.split("\n", MAX_NOTICE_LINES)[:MAX_NOTICE_LINES]:
        if lines and ORIGINAL_BEGINS.search(line):
            break
        if not _HEADER_LINE.match(line):
            lines.append(line[:1000])
    return "\n".join(lines)


def _named_in(notice: str) -> Iterable[str]:
    """Addresses at the start of a line are the failed ones; without any, every address in the notice is."""
    found: list[str] = []
    others: list[str] = []
    for line in notice.split("\n"):
        for address in (match.lower() for match in [*_ANGLE.findall(line), *_ADDRESS.findall(line)]):
            if address := addresses.clean_address(address):
                starts = line.lower().lstrip(" \t<\"'(*-").startswith(address)
                (found if starts else others).append(address)
    return [address for address in found or others if not MACHINE_NAMES.search(address)]


def _original_id(mail: Part, text: str) -> str:
    ids = headers.message_ids(returned_fields(mail).every("message-id"))
    if ids:
        return ids[0]
    if found := _MESSAGE_ID.search(text):
        return found[1]
    answered = headers.message_ids((*mail.fields.every("in-reply-to"), *mail.fields.every("references")))
    return answered[-1] if answered else ""


def is_only_delayed(mail: Part, text: str) -> bool:
    """Whether the report says that delivery is still being tried, for every recipient it names."""
    actions = [
        action.strip().lower()
        for part in _status_parts(mail)
        for fields in _groups(part)
        for action in fields.every("action")
    ]
    if actions:
        return all(action.startswith(b"delayed") for action in actions)
    return _speaks_of_delay(mail.fields, _notice(text))


def _speaks_of_delay(fields: Fields, notice: str) -> bool:
    return bool(DELAYED.search(fields.text("subject") + "\n" + notice))
