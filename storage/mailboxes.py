"""How far each mailbox has been read. The cursor moves in the transaction that stores the mails."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.engine import insert_once
from storage.tables import MailboxCursor


def cursor(session: Session, mailbox: str, folder: str) -> MailboxCursor | None:
    """Where we are in it; None at the first contact."""
    here = (col(MailboxCursor.mailbox) == mailbox, col(MailboxCursor.folder) == folder)
    return session.execute(select(MailboxCursor).where(*here)).scalar_one_or_none()


def move(
    session: Session, mailbox: str, folder: str, *, uid_validity: int, last_uid: int, now: datetime
) -> None:
    """Say that everything up to and with `last_uid` is stored; never goes back within one UIDVALIDITY."""
    values = {
        "mailbox": mailbox,
        "folder": folder,
        "uid_validity": uid_validity,
        "last_uid": last_uid,
        "read_at": now,
    }
    if insert_once(session, MailboxCursor, values, ["mailbox", "folder"]) is not None:
        return
    # Locked, and read anew: another process may be moving it just now.
    where = (col(MailboxCursor.mailbox) == mailbox, col(MailboxCursor.folder) == folder)
    locked = select(MailboxCursor).where(*where).with_for_update()
    here = session.execute(locked.execution_options(populate_existing=True)).scalar_one()
    if here.uid_validity != uid_validity:
        here.last_uid = last_uid
    here.last_uid = max(here.last_uid, last_uid)
    here.uid_validity = uid_validity
    here.read_at = now
