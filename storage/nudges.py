"""Private remarks on a colleague's wording: when one may be made, what was said to it, and what is muted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import Agent, MutedCategory, Nudge, NudgeAnswer

#: At most one a thread in this time, whoever wrote.
THREAD_REST = timedelta(minutes=30)
MOST_A_DAY = 5
#: So often "fine" to one category within this time mutes it.
FINE_WITHIN, FINE_MUTES = timedelta(days=7), 2
#: How long we remember that a remark was made.
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark to be made."""

    agent_id: int
    conversation_id: int
    message_row_id: int
    category: str


def hold_agent(session: Session, agent_id: int) -> Agent | None:
    """The active colleague, held until the transaction ends: of two remarks at once each sees the other."""
    # KEY SHARE: others may still write rows that point at them.
    agent = session.get(Agent, agent_id, with_for_update={"key_share": True}, populate_existing=True)
    return agent if agent is not None and agent.active else None


def is_quiet(agent: Agent, now: datetime) -> bool:
    """Whether they asked to be left alone for now."""
    return agent.quiet_until is not None and agent.quiet_until > now


def has_room(
    session: Session, agent_id: int, conversation_id: int, day_began_at: datetime, now: datetime
) -> bool:
    """Whether one more remark is within the limits; `day_began_at` is the colleague's midnight."""
    here = (col(Nudge.conversation_id) == conversation_id, col(Nudge.created_at) > now - THREAD_REST)
    if session.execute(select(col(Nudge.id)).where(*here).limit(1)).first() is not None:
        return False
    today = (col(Nudge.agent_id) == agent_id, col(Nudge.created_at) >= day_began_at)
    return int(session.execute(select(func.count()).where(*today)).scalar_one()) < MOST_A_DAY


def add(session: Session, remark: Remark, now: datetime) -> int | None:
    """Note a remark; its number, or None when one was made on this message before. Old ones are forgotten."""
    session.execute(delete(Nudge).where(col(Nudge.created_at) < now - KEPT))
    values = {
        "agent_id": remark.agent_id,
        "conversation_id": remark.conversation_id,
        "message_row_id": remark.message_row_id,
        "category": remark.category,
        "answer": NudgeAnswer.NONE,
        "created_at": now,
    }
    return insert_once(session, Nudge, values, ["message_row_id"])


def recent(session: Session, agent_id: int, since: datetime, limit: int) -> Sequence[Nudge]:
    """What was remarked on to one colleague since then, the newest first, without what they do not want to hear of."""
    here = (
        col(Nudge.agent_id) == agent_id,
        col(Nudge.created_at) >= since,
        col(Nudge.category).not_in(muted(session, agent_id)),
    )
    newest = select(Nudge).where(*here).order_by(col(Nudge.created_at).desc(), col(Nudge.id).desc())
    return session.execute(newest.limit(limit)).scalars().all()


def answer(session: Session, nudge_id: int, said: NudgeAnswer, now: datetime) -> bool:
    """Note what was said to a remark, once; False when something was said before."""
    unsaid = (col(Nudge.id) == nudge_id, col(Nudge.answer) == NudgeAnswer.NONE)
    return changed(session, update(Nudge).where(*unsaid).values(answer=said, answered_at=now)) == 1


def is_fine_by_habit(session: Session, agent_id: int, category: str, now: datetime) -> bool:
    """Whether the colleague has found this category fine often enough lately, counted from when it was lifted."""
    lifted_at = session.execute(
        select(col(MutedCategory.lifted_at)).where(
            col(MutedCategory.agent_id) == agent_id, col(MutedCategory.category) == category
        )
    ).scalar()
    since = max(now - FINE_WITHIN, lifted_at) if lifted_at is not None else now - FINE_WITHIN
    here = (
        col(Nudge.agent_id) == agent_id,
        col(Nudge.category) == category,
        col(Nudge.answer) == NudgeAnswer.FINE,
        col(Nudge.answered_at) > since,
    )
    return int(session.execute(select(func.count()).where(*here)).scalar_one()) >= FINE_MUTES


def mute(session: Session, agent_id: int, category: str, now: datetime) -> None:
    """Never again about this, until it is lifted; said again, nothing changes."""
    values = {"agent_id": agent_id, "category": category, "muted_at": now, "lifted_at": None}
    if insert_once(session, MutedCategory, values, ["agent_id", "category"]) is None:
        here = _mine(agent_id, category)
        lifted = update(MutedCategory).where(*here, col(MutedCategory.lifted_at).is_not(None))
        session.execute(lifted.values(muted_at=now, lifted_at=None))


def lift(session: Session, agent_id: int, category: str, now: datetime) -> bool:
    """Speak of this again; False where it was not muted."""
    muted = update(MutedCategory).where(*_mine(agent_id, category), col(MutedCategory.lifted_at).is_(None))
    return changed(session, muted.values(lifted_at=now)) == 1


def _mine(agent_id: int, category: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (col(MutedCategory.agent_id) == agent_id, col(MutedCategory.category) == category)


def muted(session: Session, agent_id: int) -> Collection[str]:
    """The categories they do not want to hear of, in alphabetical order."""
    here = (col(MutedCategory.agent_id) == agent_id, col(MutedCategory.lifted_at).is_(None))
    found = select(col(MutedCategory.category)).where(*here).order_by(col(MutedCategory.category))
    return tuple(session.execute(found).scalars())


def by_category(session: Session, start: datetime, end: datetime) -> dict[str, int]:
    """How many remarks were made to the whole team, by category, the most frequent first. Nobody is named."""
    count = func.count()
    here = (col(Nudge.created_at) >= start, col(Nudge.created_at) < end)
    statement = select(col(Nudge.category), count).where(*here).group_by(col(Nudge.category))
    rows = session.execute(statement.order_by(count.desc(), col(Nudge.category)))
    return {row[0]: int(row[1]) for row in rows}
