"""Addresses of people who were forgotten, as fingerprints: a file of the shop does not bring them back."""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import ForgottenAddress, HouseKey

_KEY = "fingerprints"


def remember(session: Session, addresses: Collection[str], now: datetime) -> int:
    """Keep a fingerprint of each address; how many. One that is there already counts from now."""
    if not addresses:
        return 0
    fingerprints = set(_fingerprints(_key(session, now), addresses).values())
    session.execute(delete(ForgottenAddress).where(col(ForgottenAddress.fingerprint).in_(fingerprints)))
    session.add_all(ForgottenAddress(fingerprint=each, erased_at=now) for each in sorted(fingerprints))
    session.flush()
    return len(fingerprints)


def among(session: Session, addresses: Collection[str]) -> dict[str, datetime]:
    """Those of the lower-case addresses whose person was forgotten, and when."""
    key = _known_key(session) if addresses else None
    if key is None:
        return {}
    fingerprints = _fingerprints(key, addresses)
    here = select(col(ForgottenAddress.fingerprint), col(ForgottenAddress.erased_at))
    rows = session.execute(here.where(col(ForgottenAddress.fingerprint).in_(fingerprints.values())))
    when = {row[0]: row[1] for row in rows}
    return {address: when[each] for address, each in fingerprints.items() if each in when}


def forget(session: Session, before: datetime, limit: int) -> int:
    """Drop the fingerprints of people forgotten before then, so many at most; how many."""
    old = select(col(ForgottenAddress.id)).where(col(ForgottenAddress.erased_at) < before).limit(limit)
    return changed(session, delete(ForgottenAddress).where(col(ForgottenAddress.id).in_(old)))


def _fingerprints(key: bytes, addresses: Collection[str]) -> dict[str, str]:
    return {
        each: hmac.digest(key, each.lower().encode("utf-8", "surrogatepass"), "sha256").hex()
        for each in addresses
    }


def _known_key(session: Session) -> bytes | None:
    found = session.execute(select(col(HouseKey.value)).where(col(HouseKey.name) == _KEY)).scalar()
    return bytes.fromhex(found) if found else None


def _key(session: Session, now: datetime) -> bytes:
    """The house's key; whoever needs it first draws it."""
    values = {"name": _KEY, "value": secrets.token_hex(32), "made_at": now}
    insert_once(session, HouseKey, values, ["name"])
    key = _known_key(session)
    assert key is not None
    return key
