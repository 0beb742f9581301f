"""How far each mailbox has been read, and whether it can be.

A cursor moves in the transaction that stores the mails.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlmodel import Session, col

from storage import outbox
from storage.engine import changed, insert_once
from storage.tables import MailboxCursor, MailboxHealth

#: Beside a folder's own cursor: up to where its mails were there before we came.
HISTORY = "history of "


def cursor(session: Session, mailbox: str, folder: str) -> MailboxCursor | None:
    """Where we are in it; None at the first contact."""
    return session.execute(_cursor_of(mailbox, folder)).scalar_one_or_none()


def _cursor_of(mailbox: str, folder: str) -> Select[MailboxCursor]:
    here = (col(MailboxCursor.mailbox) == mailbox, col(MailboxCursor.folder) == folder)
    return select(MailboxCursor).where(*here)


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
    locked = _cursor_of(mailbox, folder).with_for_update()
    here = session.execute(locked.execution_options(populate_existing=True)).scalar_one()
    here.last_uid = max(here.last_uid, last_uid) if here.uid_validity == uid_validity else last_uid
    here.uid_validity = uid_validity
    here.read_at = now


def last_of_history(session: Session, mailbox: str, folder: str, uid_validity: int) -> int:
    """The last mail that was there before our first contact, where that was told a day; else 0."""
    mark = cursor(session, mailbox, HISTORY + folder)
    return mark.last_uid if mark is not None and mark.uid_validity == uid_validity else 0


def meet(
    session: Session, mailbox: str, folder: str, *, uid_validity: int, last_uid: int, now: datetime
) -> None:
    """The first contact with a folder whose mails up to `last_uid` are history that is still to be taken."""
    move(session, mailbox, folder, uid_validity=uid_validity, last_uid=0, now=now)
    move(session, mailbox, HISTORY + folder, uid_validity=uid_validity, last_uid=last_uid, now=now)


def unreadable(
    session: Session, mailbox: str, reason: str, now: datetime, alert_after: timedelta | None
) -> bool:
    """It could not be looked into, and why. The first to say so after `alert_after` writes the alert: True.

    None: only note it. However many processes and restarts there are, one trouble is told once.
    """
    values = {"mailbox": mailbox, "read_at": now, "trouble": reason, "told_at": None}
    insert_once(session, MailboxHealth, values, ["mailbox"])
    here = update(MailboxHealth).where(col(MailboxHealth.mailbox) == mailbox)
    session.execute(here.values(trouble=reason).execution_options(synchronize_session=False))
    if alert_after is None:
        return False
    due = (col(MailboxHealth.told_at).is_(None), col(MailboxHealth.read_at) <= now - alert_after)
    if not changed(
        session, here.where(*due).values(told_at=now).execution_options(synchronize_session=False)
    ):
        return False
    _alert(session, mailbox, reason, _read_at(session, mailbox), now)
    return True


def readable(session: Session, mailbox: str, now: datetime) -> bool:
    """It was looked into. Where people know of a trouble, they hear once that it is over: True."""
    values = {"mailbox": mailbox, "read_at": now, "trouble": "", "told_at": None}
    if insert_once(session, MailboxHealth, values, ["mailbox"]) is not None:
        return False
    since = _read_at(session, mailbox)
    here = update(MailboxHealth).where(col(MailboxHealth.mailbox) == mailbox)
    told = here.where(col(MailboxHealth.told_at).is_not(None)).values(told_at=None)
    over = changed(session, told.execution_options(synchronize_session=False)) == 1
    session.execute(here.values(read_at=now, trouble="").execution_options(synchronize_session=False))
    if over:
        _alert(session, mailbox, "", since, now)
    return over


def _read_at(session: Session, mailbox: str) -> datetime:
    where = col(MailboxHealth.mailbox) == mailbox
    read_at: datetime = session.execute(select(col(MailboxHealth.read_at)).where(where)).scalar_one()
    return read_at


def _alert(session: Session, mailbox: str, reason: str, since: datetime, now: datetime) -> None:
    payload = {"mailbox": mailbox, "reason": reason, "since": since.isoformat()}
    state = "unreadable" if reason else "readable"
    outbox.put(session, f"mailbox:{mailbox}:{state}:{now.isoformat()}", "alert", payload, now, lane="alerts")
