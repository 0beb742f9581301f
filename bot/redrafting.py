"""A draft made anew: after a person corrected the intent, a lead said yes, a refund failed, or a case was passed on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.alike_cases import among_alike
from bot.bursts import said_before
from bot.card_rows import Moved, add_suggestion, refresh_card
from bot.drafting import DECLINED, Draft, compose
from bot.errors import BotError
from bot.gathering import Snapshot, of_conversation
from bot.parts import Parts
from bot.rules.decisions import Remedy
from bot.stored_messages import as_incoming
from bot.together import group, no_longer
from bot.wordings import keep_up
from storage import audit, conversations, outdated, refunds, together
from storage.engine import commit, read
from storage.tables import CardState, Conversation, Direction, Join, JoinState, Message, Refund, RefundState

log = logs.get(__name__)
TURNS = 5
#: Money that was promised could not be moved.
CORRECTED = "reply/refund_corrected"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The customer's latest words, what they wrote just before, and what we know; no words where no draft is wanted."""

    message: Message | None = None
    before: str = ""
    snapshot: Snapshot = field(default_factory=Snapshot)
    given: Refund | None = None
    template: str = ""


async def redraft_asked(parts: Parts, cases: Sequence[int] | None = None) -> int:
    """Make the drafts anew of which somebody's press has written down that they are out of date; how many.

    Of these cases, or of all: whoever died after the press is made up for. One that the database refuses, or for
    which no letter can be written, waits and holds up no other.
    """
    made = 0
    for each in cases if cases is not None else await read(parts.engine, outdated.cases):
        try:
            made += await redraft(parts, each, if_asked=True)
        except (DBAPIError, BotError) as error:
            log.error("redraft_put_back", conversation=each, error=type(error).__name__)
    return made


async def redraft(parts: Parts, conversation_id: int, *, if_asked: bool = False) -> bool:
    """Draft an answer to the customer's latest words again. The card gets a new version; old buttons are refused.

    What has been decided about money since the draft was out of date is told in it. `if_asked`: only while a press
    on the case waits for it. False where no draft was made.
    """
    await keep_up(parts)
    for _ in range(TURNS):
        now = parts.clock()
        wanted = await read(parts.engine, _latest, conversation_id, if_asked)
        if (message := wanted.message) is None:
            # Where nobody waits for it by now, a press that comes this moment is not forgotten.
            if wanted.snapshot.conversation_id is not None:
                await commit(parts.engine, outdated.clear, conversation_id)
            return False
        incoming = replace(as_incoming(message), said_before=wanted.before)
        draft = await asyncio.to_thread(
            compose,
            parts.house,
            incoming,
            wanted.snapshot,
            now,
            given=_told(wanted.given),
            template=wanted.template,
        )
        try:
            write = partial(_write, message=message, version=wanted.snapshot.version, draft=draft, now=now)
            await commit(parts.engine, among_alike, write, draft, parts.house.policy.stack_from, now)
        except Moved:
            continue
        parts.written.set()
        return True
    return False


async def redraft_lead(parts: Parts, conversation_id: int) -> None:
    """Have the draft that leads this customer's open cases made anew, where it names one that it does not answer."""
    lead_id = await read(parts.engine, _outdated_lead, conversation_id)
    if lead_id is not None:
        await redraft(parts, lead_id)


def _outdated_lead(session: Session, conversation_id: int) -> int | None:
    conversation = session.get(Conversation, conversation_id)
    lead = next(iter(group(session, conversation.customer_id)), None) if conversation else None
    latest = conversations.latest_suggestion(session, lead.id or 0) if lead else None
    return lead.id if lead and latest and no_longer(session, lead, latest) else None


def _outdated_leads(session: Session, join_id: int) -> list[int]:
    """The leading cases of two who were joined or parted whose drafts speak for too few cases, or too many."""
    join = session.get(Join, join_id)
    found = []
    for customer_id in (join.kept_id, join.gone_id) if join else ():
        members = group(session, customer_id)
        latest = conversations.latest_suggestion(session, members[0].id or 0) if members else None
        joined = join is not None and join.state is JoinState.JOINED and len(members) > 1
        if latest is not None and (joined or no_longer(session, members[0], latest)):
            found.append(members[0].id or 0)
    return found


def mark_outdated(session: Session, join_id: int, there: int | None, now: datetime) -> list[int]:
    """Two were joined or parted: the cases whose drafts that outdates, with `there` where it has one; all marked."""
    latest = conversations.latest_suggestion(session, there) if there else None
    here = [there] if there and latest is not None and latest.state is CardState.NEW else []
    cases = list(dict.fromkeys((*here, *_outdated_leads(session, join_id))))
    for each in cases:
        outdated.mark(session, session.get_one(Conversation, each), now)
    return cases


def _told(refund: Refund | None) -> Remedy | None:
    """A refund as the draft tells it. A credit is no money on its way, and is told in a person's own words."""
    if refund is None or refund.kind == "credit":
        return None
    known = refund.order_id is not None
    return Remedy(refund.kind, refund.tier, refund.amount_minor, refund.currency, known=known, given=True)


def _latest(session: Session, conversation_id: int, if_asked: bool) -> _Wanted:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or (if_asked and conversation.redraft_since is None):
        return _Wanted()
    said = conversations.messages(session, conversation_id)
    human = [each for each in said if each.direction is Direction.IN and each.automatic is None]
    # A case that we began holds what the shop told us.
    human = human or [each for each in said if each.kind == "event"]
    # Nothing new was said: the order is the one the case has, also where a person chose it.
    snapshot = replace(of_conversation(session, conversation), order_settled=True)
    latest = human[-1] if human else None
    before = said_before(said, latest.at, but=latest.id) if latest and latest.ts else ""
    return _Wanted(latest, before, snapshot, *_decided(session, conversation))


def _decided(session: Session, conversation: Conversation) -> tuple[Refund | None, str]:
    """The refund that the draft is to tell of, and the letter that tells it, where it is not the usual one."""
    since = conversation.redraft_since
    refund = refunds.decided_since(session, conversation.id or 0, since) if since else None
    if refund is None or refund.state is RefundState.DECLINED:
        return None, DECLINED if refund else ""
    return refund, CORRECTED if refund.state is RefundState.FAILED else ""


def _write(session: Session, message: Message, version: int, draft: Draft, now: datetime) -> int:
    conversation_id = message.conversation_id
    if not conversations.claim_version(session, conversation_id, version):
        raise Moved
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    together.hold_person(session, conversation.customer_id)
    add_suggestion(session, conversation_id, message.id or 0, draft, now)
    audit.record(session, "draft_made_anew", now, conversation_id=conversation_id, rule=draft.decision.rule)
    refresh_card(session, conversation_id, now)
    return conversation_id
