"""Stored files -> what people are shown of them."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.cards.shapes import FileLine
from bot.files import Kind, is_disguised, kind_of, posted_name
from bot.house import House
from bot.mail import charsets
from bot.masking import mask
from storage import files, outbox
from storage.files import FileLine as StoredLine
from storage.tables import CardState, Conversation, Message, Suggestion


def file_key(file_id: int) -> str:
    """The outbox row that brings a file into its card's thread, once."""
    return f"file:{file_id}"


def file_line(stored: StoredLine, shown_as: str = "") -> FileLine:
    """A stored file as cards and windows show it."""
    kind = kind_of(stored.name, stored.type)
    return FileLine(
        name=stored.name,
        size_bytes=stored.size_bytes,
        kind=kind.value,
        disguised=is_disguised(stored.name, stored.type),
        left_out=stored.left_out,
        can_be_shown=can_be_shown(stored),
        shown_as=shown_as if kind is Kind.IMAGE else "",
    )


def can_be_shown(stored: StoredLine) -> bool:
    """Pictures as our own copy, PDF and text; nothing else is ever posted."""
    kind = kind_of(stored.name, stored.type)
    return not stored.left_out and (stored.has_preview or kind in (Kind.PDF, Kind.TEXT))


def files_of_card(session: Session, conversation: Conversation, message: Message) -> dict[str, Any]:
    """What came with the message on the card, and how much came before."""
    here = files.of_message(session, message.id or 0)
    before = len(files.received(session, conversation.id or 0)) - len(here)
    return {"files": tuple(file_line(each) for each in here), "earlier_files": max(before, 0)}


def enclosed(
    session: Session, house: House, conversation: Conversation, suggestion: Suggestion
) -> tuple[FileLine, ...]:
    """What goes along with the draft, or went along with the reply."""
    item = outbox.by_key(session, f"reply:{conversation.id}:{suggestion.version}")
    if item is not None:
        return tuple(file_line(each) for each in files.lines(session, item.payload.get("files") or []))
    if conversation.channel != "email" or suggestion.state is not CardState.NEW:
        return ()
    kept = [replace(file_line(each), kept_id=each.id) for each in files.lines(session, suggestion.kept_files)]
    file = house.attachments.get(suggestion.template or "") if suggestion.with_house_file else None
    if file is None:
        return tuple(kept)
    kind = kind_of(file.name, file.type)
    return (FileLine(name=file.name, size_bytes=file.size_bytes, kind=kind.value), *kept)


def received_files(session: Session, conversation_id: int) -> tuple[FileLine, ...]:
    """Every file of a case, those of the newest message first, with their pictures in Slack."""
    return tuple(
        file_line(each, str(outbox.receipt(session, file_key(each.id)).get("file") or ""))
        for each in files.received(session, conversation_id)
    )


def copy_to_show(session: Session, file_id: int) -> dict[str, Any] | None:
    """What of a file may be posted among colleagues: a picture drawn anew, a PDF, a text with its numbers masked."""
    stored = files.get(session, file_id)
    lines = files.lines(session, [file_id])
    if stored is None or not lines or not can_be_shown(lines[0]):
        return None
    type_, content = stored.type, stored.content
    if stored.preview:
        type_ = "image/png" if stored.preview.startswith(b"\x89PNG") else "image/jpeg"
        content = stored.preview
    elif type_ == "text/plain":
        content = mask(charsets.decode(content)[0]).encode()
    return {"filename": posted_name(file_id, stored.name, type_), "title": stored.name, "content": content}
