"""Links by which a customer stops our follow-ups. They stop nothing else: answers to their own questions still go."""

import re
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage import audit
from storage.engine import changed
from storage.tables import Customer, UnsubscribeLink

#: Bytes of chance in a link.
TOKEN_BYTES = 24
#: What a token looks like: nothing else reaches the database.
TOKEN = re.compile(r"[\w-]{1,100}", re.ASCII)


def new_link(session: Session, customer_id: int, now: datetime) -> str:
    """An unguessable token for one mail to this customer."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(UnsubscribeLink(token=token, customer_id=customer_id, created_at=now))
    session.flush()
    return token


def language(session: Session, token: str) -> str | None:
    """The language of the customer whose link it is, empty where unknown; None for a link that nobody has."""
    if not TOKEN.fullmatch(token):
        return None
    mine = col(UnsubscribeLink.token) == token
    statement = select(col(Customer.language)).join(UnsubscribeLink).where(mine)
    return session.execute(statement).scalar_one_or_none()


def opt_out(session: Session, token: str, now: datetime) -> str | None:
    """Stop this customer's follow-ups; as often as somebody asks, and recorded once. Returns as `language` does."""
    if not TOKEN.fullmatch(token):
        return None
    mine = col(UnsubscribeLink.token) == token
    customer_id = session.execute(select(col(UnsubscribeLink.customer_id)).where(mine)).scalar_one_or_none()
    if customer_id is None:
        return None
    unused = update(UnsubscribeLink).where(mine, col(UnsubscribeLink.used_at).is_(None)).values(used_at=now)
    session.execute(unused)
    wanting = (col(Customer.id) == customer_id, col(Customer.no_follow_ups).is_(False))
    if changed(session, update(Customer).where(*wanting).values(no_follow_ups=True)):
        audit.record(session, "follow_ups_declined", now, subject_id=customer_id)
    return language(session, token)
