"""Raw bytes of a mail -> `IncomingMessage`. Pure: the same bytes give the same message, always.

One mail is bounded: 40 MB, 24 levels, 1,000 parts, 256 KiB of header, 400,000 characters of text, and
50 references. What was cut or guessed is named in `defects` (see `bot.mail.defects`).
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from bot.errors import MalformedMessage
from bot.mail import addresses, bodies, bounces, headers, machines, parts, replies
from bot.mail.addresses import Mailbox
from bot.mail.authentication import authentication
from bot.mail.defects import Defect, Defects
from bot.mail.fields import Fields
from bot.messages import Attachment, Bounce, Channel, IncomingMessage

MAX_SUBJECT_CHARS = 1_000
#: More control characters than this share, in a thing without headers, is no writing.
NOISE_SHARE = 0.05


def parse_mail(
    raw: bytes,
    *,
    own_addresses: frozenset[str] = frozenset(),
    trusted_authserv_ids: frozenset[str] = frozenset(),
    form_senders: frozenset[str] = frozenset(),
) -> IncomingMessage:
    """Everything we know of one mail. `own_addresses` are our mailboxes, in lower case.

    `form_senders` are addresses and "@domains", in lower case, of contact forms and marketplaces: there Reply-To
    names the customer, if the mail is known to come from its From.
    Raises MalformedMessage, and nothing else, only where there is no sender and nothing a person could read.
    """
    defects = Defects()
    mail = parts.read_parts(raw, defects)
    own = frozenset(address.lower() for address in own_addresses)
    author = _sender(mail.fields, defects)
    verdict = authentication(mail.fields, author.address, trusted_authserv_ids)
    is_form = _is_form(author.address, form_senders, verdict, defects)
    sender, seen = _customer(mail, author, own, is_form, defects)
    body, files = bodies.read_body(mail, defects)
    text, own_text = bodies.cut(body.text, defects), body.own_text
    subject = mail.fields.text("subject")[:MAX_SUBJECT_CHARS]
    _refuse_noise(mail, raw, sender, subject, text, defects)
    bounce = bounces.read_bounce(mail, own_text or text, own)
    in_reply_to = headers.message_ids(mail.fields.every("in-reply-to"))[: headers.LAST_REFERENCES]
    references = headers.reference_ids(mail.fields, defects)
    return IncomingMessage(
        channel=Channel.EMAIL,
        message_id=headers.own_message_id(mail.fields, defects),
        sender=sender.address,
        sender_name=sender.name,
        subject=subject,
        text=text,
        reply=replies.newly_written(own_text or text),
        sent_at=headers.sent_at(mail.fields, defects),
        reply_to=_reply_to(mail.fields, own, defects) if sender is author else sender.address,
        to=addresses.addresses(mail.fields, "to"),
        cc=addresses.addresses(mail.fields, "cc"),
        in_reply_to=in_reply_to,
        references=references,
        automatic=machines.automatic_kind(seen, own_text or text, sender.address, bounce, own),
        bounce=bounce,
        authentication=verdict,
        attachments=tuple(Attachment(file.name, file.type, file.size_bytes) for file in files),
        body_hash=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        reply_token=_reply_token(mail, in_reply_to, references, bounce),
        defects=defects.names(),
    )


def _sender(fields: Fields, defects: Defects) -> Mailbox:
    """The first usable address of From; of Sender where there is no From; otherwise only a name."""
    named = addresses.mailboxes(fields, "from")
    if "from" not in fields:
        defects.add(Defect.NO_FROM)
        named = addresses.mailboxes(fields, "sender")
    usable = [mailbox for mailbox in named if mailbox.address]
    if "from" in fields and not usable:
        defects.add(Defect.FROM_WITHOUT_ADDRESS)
    if len({mailbox.address for mailbox in usable}) > 1:
        defects.add(Defect.SEVERAL_FROM)
    sender = next(iter(usable or named), Mailbox("", ""))
    if sender.name_shows_other_address:
        defects.add(Defect.NAME_SHOWS_OTHER_ADDRESS)
    return sender


def _is_form(author: str, form_senders: frozenset[str], verdict: str, defects: Defects) -> bool:
    """Whether one of the declared forms wrote this. Anybody can write its address: that is not enough."""
    declared = author and not form_senders.isdisjoint((author, "@" + author.rpartition("@")[2]))
    if declared and verdict != "pass":
        defects.add(Defect.FORM_NOT_AUTHENTICATED)
    return bool(declared) and verdict == "pass"


def _customer(
    mail: parts.Part, author: Mailbox, own: frozenset[str], is_form: bool, defects: Defects
) -> tuple[Mailbox, parts.Part]:
    """Who wrote, and the mail by which to tell machines: a form's address is one ("noreply"), and a person wrote."""
    sender = _form_sender(mail.fields, author, own, is_form, defects)
    if sender is None or not is_form:
        return sender or author, mail
    kept = tuple(item for item in mail.fields.items if item[0] not in ("from", "sender"))
    return sender, replace(mail, fields=Fields(kept))


def _form_sender(
    fields: Fields, author: Mailbox, own: frozenset[str], is_form: bool, defects: Defects
) -> Mailbox | None:
    """Whom a contact form is written for: it sends in our name or is declared, and Reply-To names the customer.

    None for everybody else's mail, and for a mail that we wrote ourselves.
    """
    if (author.address not in own and not is_form) or headers.has_own_id(fields):
        return None
    for mailbox in addresses.mailboxes(fields, "reply-to"):
        ours = own.union((author.address,))
        if mailbox.address and ours.isdisjoint((mailbox.address, addresses.without_tag(mailbox.address))):
            defects.add(Defect.FORM_SENDER)
            if mailbox.name_shows_other_address:
                defects.add(Defect.NAME_SHOWS_OTHER_ADDRESS)
            return mailbox
    return None


def _reply_to(fields: Fields, own: frozenset[str], defects: Defects) -> str:
    """The first usable address that is not ours: a group that is our mailbox names itself, and we would answer us."""
    usable = addresses.addresses(fields, "reply-to")
    theirs = [each for each in usable if own.isdisjoint((each, addresses.without_tag(each)))]
    if not usable and fields.text("reply-to"):
        defects.add(Defect.REPLY_TO_INVALID)
    return theirs[0] if theirs else ""


def _reply_token(
    mail: parts.Part, in_reply_to: tuple[str, ...], references: tuple[str, ...], bounce: Bounce | None
) -> str:
    """Nearest first: the plus-address, In-Reply-To, References from the last;
    for a report, the mail it returns.
    """
    token = headers.reply_token(mail.fields, (*in_reply_to, *reversed(references)))
    if token or bounce is None:
        return token
    return headers.reply_token(bounces.returned_fields(mail), (bounce.original_message_id,))


def _refuse_noise(
    mail: parts.Part, raw: bytes, sender: Mailbox, subject: str, text: str, defects: Defects
) -> None:
    if not mail.fields.items:
        defects.add(Defect.NO_HEADERS)
    if sender.address or sender.name or subject:
        return
    start = raw[:4096]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in start)
    unknown = not any(
        name in mail.fields for name in ("date", "message-id", "received", "to", "content-type")
    )
    if unknown and controls > len(start) * NOISE_SHARE and Defect.UTF16_MAIL not in defects.names():
        raise MalformedMessage("no headers and no writing in it")
    if not text.strip() and unknown:
        raise MalformedMessage("no sender and nothing to read")


def as_json(message: IncomingMessage, file: str) -> dict[str, object]:
    """The line of `tillid mail parse --json`; `file` is given back as it came."""
    return {
        "file": file,
        "message_id": message.message_id,
        "from": {"name": message.sender_name, "address": message.sender},
        "reply_to": message.reply_to,
        "to": list(message.to),
        "cc": list(message.cc),
        "subject": message.subject,
        "date": _iso(message.sent_at),
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "text": message.text,
        "reply": message.reply,
        "attachments": [
            {"name": file_.name, "type": file_.type, "size_bytes": file_.size_bytes}
            for file_ in message.attachments
        ],
        "automatic": message.automatic,
        "bounce": _bounce_json(message.bounce),
        "authentication": message.authentication,
        "defects": list(message.defects),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _bounce_json(bounce: Bounce | None) -> dict[str, object] | None:
    if bounce is None:
        return None
    recipients = [
        {"address": found.address, "status": found.status, "permanent": found.permanent}
        for found in bounce.recipients
    ]
    return {"recipients": recipients, "original_message_id": bounce.original_message_id}
