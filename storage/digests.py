"""The morning's message to each colleague: one outbox row for a person and day, which holds no words."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from storage import agents, outbox
from storage.tables import (
    FollowUp,
    FollowUpState,
    OutboxItem,
    OutboxState,
    Refund,
    RefundState,
)

KIND = "digest"
#: What may go to one person alone without being asked for.
_DIRECT = (KIND, "alert")
#: Direct messages that nobody asked for, to one person in a day.
MOST_DIRECT = 3
#: How long we remember that a morning's message went.
KEPT = timedelta(days=30)
_ENDED = (OutboxState.SENT, OutboxState.FAILED, OutboxState.WITHDRAWN)


def key_of(slack_user_id: str, day: date) -> str:
    """The one row of a person and a day."""
    return f"{KIND}:{slack_user_id}:{day.isoformat()}"


def unwritten(session: Session, day: date) -> list[str]:
    """The active colleagues who have no row for that day yet, by Slack id."""
    here = [each.slack_user_id for each in agents.everyone(session)]
    keys = {key_of(each, day): each for each in here}
    written = set(session.execute(select(col(OutboxItem.key)).where(col(OutboxItem.key).in_(keys))).scalars())
    return [each for key, each in keys.items() if key not in written]


def put(session: Session, slack_user_ids: list[str], day: date, now: datetime) -> int:
    """Write their rows, each once whoever writes too; how many are new. Rows of long ago go."""
    old = (col(OutboxItem.kind) == KIND, col(OutboxItem.state).in_(_ENDED))
    session.execute(delete(OutboxItem).where(*old, col(OutboxItem.created_at) < now - KEPT))
    written = 0
    for each in slack_user_ids:
        payload = {"user": each, "day": day.isoformat()}
        row = outbox.put(session, key_of(each, day), KIND, payload, now, lane=f"direct:{each}")
        written += row is not None
    return written


def has_room(session: Session, slack_user_id: str, day_began_at: datetime) -> bool:
    """Whether this person may get one more direct message today. Warnings about our channels count too."""
    lanes = (f"direct:{slack_user_id}", f"standing:{slack_user_id}")
    sent = (
        col(OutboxItem.kind).in_(_DIRECT),
        col(OutboxItem.lane).in_(lanes),
        col(OutboxItem.sent_at) >= day_began_at,
    )
    return int(session.execute(select(func.count()).where(*sent)).scalar_one()) < MOST_DIRECT


def follow_ups(session: Session, agent_id: int, since: datetime, until: datetime) -> list[FollowUp]:
    """A colleague's follow-ups that are due in that time and have not gone, also those only proposed; soonest first."""
    here = (
        col(FollowUp.agent_id) == agent_id,
        col(FollowUp.state).in_((FollowUpState.SCHEDULED, FollowUpState.PROPOSED)),
        col(FollowUp.due_at) >= since,
        col(FollowUp.due_at) < until,
    )
    found = select(FollowUp).where(*here).order_by(col(FollowUp.due_at), col(FollowUp.id))
    return list(session.execute(found).scalars())


def asked_refunds(session: Session, agent_id: int) -> list[Refund]:
    """Refunds that wait for a yes and that somebody else has asked for, the longest waiting first."""
    here = (
        col(Refund.state) == RefundState.REQUESTED,
        col(Refund.requested_by).is_distinct_from(agent_id),
    )
    found = select(Refund).where(*here).order_by(col(Refund.created_at), col(Refund.id))
    return list(session.execute(found).scalars())
