"""The life of one message: accept -> process -> deliver, and remind for what comes later.

1. `accept` stores what arrived, once. Only then is it acknowledged.
2. `process` understands, decides and writes it down as rows: nothing has left the house yet.
3. `deliver` sends the rows, and is the only stage that talks to the outside.

People act on the rows in between, at the desk (`bot.desk`).
"""

import asyncio
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.alike_cases import among_alike
from bot.bursts import in_full
from bot.by_hand import answered_by_hand
from bot.card_rows import Moved
from bot.drafting import Draft, compose
from bot.errors import DeliveryError, HeldBack, PermanentFailure, Refused, TemporaryFailure, UnknownOutcome
from bot.failures import in_short
from bot.gathering import Snapshot, gather
from bot.homes import built
from bot.messages import IncomingMessage, Outgoing
from bot.outgoing import consequences, withdrawn
from bot.parts import Parts
from bot.previews import files_with
from bot.reminding import send_due
from bot.rules.decisions import Action
from bot.rules.retries import next_attempt
from bot.slack_profiles import has_address, meet
from bot.speech import mark, say_to_all
from bot.translating import translate
from bot.wordings import keep_up
from bot.writing_down import finish_quietly, write_down
from bot.writing_quietly import QUIET, unread, write_quietly
from storage import audit, held, inbox, outbox
from storage.engine import commit, read
from storage.files import NewFile

log = logs.get(__name__)
#: How often a conversation may move under our hands before the item waits for the next tick.
TURNS = 5
#: How long one send may take in all.
SEND_DEADLINE = outbox.LEASE - timedelta(seconds=15)
#: Attempts at an item before an error that looked passing is taken for a lasting one.
PATIENCE = 20
#: Attempts at a row before we stop asking a side that never says whether it took it.
UNKNOWN_ATTEMPTS = 10


# ---- accept -----------------------------------------------------------------------------------------------


async def accept(
    parts: Parts, arrivals: Sequence[inbox.Arrived], also: Callable[[Session], None] | None = None
) -> int:
    """Store what arrived, each thing once; how many were new. When this returns, they may be acknowledged.

    `also` runs in the same transaction: a mailbox's cursor moves together with the mails it passed.
    """
    new = await commit(parts.engine, _store, arrivals, also, parts.clock())
    if new:
        parts.arrived.set()
    return new


def _store(
    session: Session,
    arrivals: Sequence[inbox.Arrived],
    also: Callable[[Session], None] | None,
    now: datetime,
) -> int:
    new = sum(inbox.add(session, arrived, now) is not None for arrived in arrivals)
    if also is not None:
        also(session)
    return new


# ---- process ----------------------------------------------------------------------------------------------


async def process(parts: Parts) -> int:
    """Process what waits, one item of each lane at a time; how many items were taken."""
    items = await commit(parts.engine, inbox.claim, parts.clock())
    await asyncio.gather(*(process_item(parts, item) for item in items))
    if items:
        parts.written.set()
    return len(items)


async def process_item(parts: Parts, item: inbox.Claimed) -> None:
    """One item, whole or not at all. What cannot be processed is put aside; the next one is not held up."""
    try:
        await _process_item(parts, item)
    except (DBAPIError, Moved) as error:
        # Another worker was in the way, or the database was: the row is still `new`.
        log.warning("item_put_back", inbox=item.id, attempts=item.attempts, error=type(error).__name__)
        if item.attempts >= PATIENCE:
            await _quarantine(parts, item, error)
        else:
            wait = timedelta(seconds=0 if item.attempts < TURNS else 2 ** min(item.attempts - TURNS, 6))
            await commit(parts.engine, inbox.release, item.id, parts.clock() + wait)
    except Exception as error:  # noqa: BLE001  # any fault of one item is quarantined; the rest go on
        await _quarantine(parts, item, error)


async def _process_item(parts: Parts, item: inbox.Claimed) -> None:
    incoming = await translate(parts, item)
    if item.kind in QUIET:
        await _write_quietly(parts, item, incoming)
        return
    files = await files_with(incoming, item.raw)
    told = await parts.find_orders(incoming) if parts.find_orders else ()
    if has_address(incoming):
        ours = parts.places.own_addresses
        await commit(parts.engine, meet, incoming, own_addresses=ours, now=parts.clock())
    await keep_up(parts)
    for _ in range(TURNS):
        now = parts.clock()
        incoming = await read(parts.engine, in_full, incoming, now)
        snapshot = await read(parts.engine, gather, incoming, now)
        snapshot = replace(snapshot, hints=(*snapshot.hints, *told))
        if incoming.automatic == "own" or snapshot.is_nobody:
            await commit(parts.engine, finish_quietly, item.id, "message_kept", now)
            return
        if snapshot.colleague_id is not None:
            await answered_by_hand(parts, item.id, incoming, snapshot, now)
            return
        draft = await asyncio.to_thread(compose, parts.house, incoming, snapshot, now)
        if item.kind == inbox.TOO_LARGE_MAIL:
            draft = unread(draft, item.raw)
        if draft.decision.action is Action.KEEP:
            await commit(parts.engine, finish_quietly, item.id, "message_kept", now)
            return
        try:
            await _write(parts, item, incoming, snapshot, draft, files)
        except Moved:
            continue
        return
    raise Moved


async def _write(
    parts: Parts,
    item: inbox.Claimed,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    draft: Draft,
    files: Sequence[NewFile],
) -> None:
    now, least = parts.clock(), parts.house.policy.stack_from
    write = partial(
        write_down, item=item, incoming=incoming, snapshot=snapshot, draft=draft, now=now, files=files
    )
    conversation = await commit(parts.engine, among_alike, write, draft, least, now)
    log.info("message_processed", inbox=item.id, conversation=conversation, rule=draft.decision.rule)


async def _write_quietly(parts: Parts, item: inbox.Claimed, incoming: IncomingMessage) -> None:
    """History, and what colleagues sent from another program: it leads to no draft."""
    now = parts.clock()
    snapshot = await read(parts.engine, gather, incoming, now)
    await commit(parts.engine, write_quietly, item, incoming, snapshot, parts.house, now)


async def _quarantine(parts: Parts, item: inbox.Claimed, error: BaseException) -> None:
    where = "".join(traceback.format_tb(error.__traceback__))
    summary = in_short(error)
    log.error("item_quarantined", inbox=item.id, error=type(error).__name__)
    await commit(parts.engine, _put_aside, item, summary, where, parts)
    parts.written.set()


def _put_aside(session: Session, item: inbox.Claimed, summary: str, where: str, parts: Parts) -> None:
    now = parts.clock()
    number = inbox.quarantine(session, item.id, summary, where, now)
    if number is not None:
        payload = {"quarantine_id": number, "error": summary}
        # Told once each time it is put aside: a person who ran it again wants to know.
        key = f"quarantined:{number}:{now.isoformat()}"
        outbox.put(session, key, "alert", payload, now, lane="alerts")
        audit.record(session, "message_quarantined", now, subject_id=item.id)


# ---- remind -----------------------------------------------------------------------------------------------


async def remind(parts: Parts) -> int:
    """Send the follow-ups whose time has come and that are still wanted; how many."""
    sent = await send_due(parts)
    if sent:
        parts.written.set()
    return sent


# ---- deliver ----------------------------------------------------------------------------------------------


async def deliver(parts: Parts, but: Collection[str] = ()) -> int:
    """Send what is due, one row of each lane at a time, of all kinds `but` some; how many rows were taken."""
    claimed = await commit(parts.engine, outbox.claim, parts.clock(), but=but)
    await asyncio.gather(*(deliver_row(parts, row) for row in claimed))
    return len(claimed)


async def deliver_row(parts: Parts, row: outbox.Claimed) -> None:
    """One attempt at one row, and its outcome written down."""
    try:
        item = await read(parts.engine, built, row, parts)
        if item is None:
            await commit(parts.engine, _withdraw, row, parts)
            parts.written.set()
            return
        receipt = await _send(parts, row, item)
    except HeldBack as error:
        await commit(parts.engine, held.hold, row, parts.clock(), str(error))
        return
    except UnknownOutcome as error:
        await _ask_again(parts, row, error)
        return
    except TemporaryFailure as error:
        await _again(parts, row, error)
        return
    except (PermanentFailure, Refused) as error:  # Refused: its text does not fit into a message
        await _give_up(parts, row, str(error))
        return
    except Exception as error:  # noqa: BLE001  # any fault of one row is settled and told; the rest go on
        log.error("send_raised", kind=row.kind, outbox=row.id, error=type(error).__name__)
        await _again(parts, row, DeliveryError(in_short(error)))
        return
    await commit(parts.engine, _settle, row, receipt, parts)
    log.info("sent", kind=row.kind, outbox=row.id, attempt=row.attempts)


async def _send(parts: Parts, row: outbox.Claimed, item: Outgoing) -> dict[str, object]:
    sender = parts.senders.get(row.kind)
    if sender is None:
        raise PermanentFailure(
            say_to_all("nothing here sends {kind}: is its part of the settings missing?", kind=row.kind)
        )
    if parts.places.shadow and row.kind in ("mail", "slack_reply"):
        raise PermanentFailure(mark("shadow mode sends nothing to customers"))
    if row.kind == "mail" and row.uncertain > 1:
        raise PermanentFailure(mark("the mail server fell silent twice; it may have gone out, please look"))
    try:
        # Shorter than the lease: nobody else takes the row while we still hold on to the other side.
        async with asyncio.timeout(SEND_DEADLINE.total_seconds()):
            return await sender(item)
    except TimeoutError as error:
        raise UnknownOutcome(mark("the other side did not answer in time; it may have taken it")) from error


async def _ask_again(parts: Parts, row: outbox.Claimed, error: UnknownOutcome) -> None:
    log.warning("outcome_unknown", kind=row.kind, outbox=row.id, attempt=row.attempts)
    if row.attempts >= UNKNOWN_ATTEMPTS:
        await _give_up(parts, replace(row, uncertain=row.uncertain + 1), str(error))
        return
    due_at = parts.clock() + timedelta(minutes=1)
    await commit(parts.engine, outbox.settle_unknown, row, due_at, str(error))


async def _again(parts: Parts, row: outbox.Claimed, error: DeliveryError) -> None:
    wait = error.retry_after if isinstance(error, TemporaryFailure) else None
    due_at = next_attempt(row.attempts, parts.clock(), row.key, wait)
    if due_at is None:
        await _give_up(parts, row, str(error))
        return
    await commit(parts.engine, outbox.settle_retry, row, due_at, str(error))
    log.warning("send_put_off", kind=row.kind, outbox=row.id, attempt=row.attempts)


async def _give_up(parts: Parts, row: outbox.Claimed, error: str) -> None:
    log.error("send_failed", kind=row.kind, outbox=row.id, attempt=row.attempts)
    await commit(parts.engine, _fail, row, error, parts)
    parts.written.set()


def _settle(session: Session, row: outbox.Claimed, receipt: dict[str, object], parts: Parts) -> None:
    now = parts.clock()
    if not outbox.settle_sent(session, row, receipt, now):
        return  # our lease ran out: whoever took the row since settles it
    consequences(session, row, sent=True, now=now)


def _fail(session: Session, row: outbox.Claimed, error: str, parts: Parts) -> None:
    if outbox.settle_failed(session, row, error):
        consequences(session, row, sent=False, now=parts.clock(), reason=error)


def _withdraw(session: Session, row: outbox.Claimed, parts: Parts) -> None:
    if outbox.settle_withdrawn(session, row):
        withdrawn(session, row, parts.clock())
