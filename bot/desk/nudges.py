"""What colleagues say to remarks on their wording, and for how long they want to be left alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.desk.press import acting
from bot.errors import Refused
from bot.speech import mark, say
from storage import agents, audit, nudges
from storage.tables import Agent, Nudge, NudgeAnswer

NOT_YOURS = mark("This remark was for a colleague.")
GONE = mark("This remark is not here any more.")


@dataclass(frozen=True, slots=True)
class Quiet:
    """How somebody's reminders stand."""

    #: None: they are not quiet.
    until: datetime | None
    muted: tuple[str, ...]


def own_nudge(session: Session, slack_user_id: str, nudge_id: int) -> Nudge:
    """A remark that was made to whoever asks. Raises Refused for everybody else."""
    return _theirs(session, acting(session, slack_user_id), nudge_id)


def _theirs(session: Session, agent: Agent, nudge_id: int) -> Nudge:
    nudge = session.get(Nudge, nudge_id)
    if nudge is None:
        raise Refused(say(GONE))
    if nudge.agent_id != agent.id:
        raise Refused(say(NOT_YOURS))
    return nudge


def fine_as_is(session: Session, slack_user_id: str, nudge_id: int, now: datetime) -> str:
    """They stand by their words; the category that is muted by it, where that is one time too many, else nothing."""
    agent = _held(session, slack_user_id)
    assert agent.id is not None
    nudge = _theirs(session, agent, nudge_id)
    if not nudges.answer(session, nudge_id, NudgeAnswer.FINE, now):
        return ""
    if not nudges.is_fine_by_habit(session, agent.id, nudge.category, now):
        return ""
    nudges.mute(session, agent.id, nudge.category, now)
    return nudge.category


def mute_category(session: Session, slack_user_id: str, nudge_id: int, now: datetime) -> str:
    """Not again about this; the category. Said again, nothing changes."""
    agent = _held(session, slack_user_id)
    assert agent.id is not None
    nudge = _theirs(session, agent, nudge_id)
    nudges.answer(session, nudge_id, NudgeAnswer.MUTED, now)
    nudges.mute(session, agent.id, nudge.category, now)
    return nudge.category


def lift_category(session: Session, slack_user_id: str, category: str, now: datetime) -> bool:
    """Remind of this again; False where it was not muted."""
    agent = _held(session, slack_user_id)
    assert agent.id is not None
    return nudges.lift(session, agent.id, category, now)


def be_quiet(session: Session, slack_user_id: str, until: datetime | None, now: datetime) -> Quiet:
    """No remarks and no personal reminders until then; None: they come again. Mentions in notes are work, and stay."""
    agent = _held(session, slack_user_id)
    agents.be_quiet(session, agent, until)
    audit.record(session, "quiet_set" if until else "quiet_ended", now, agent_id=agent.id)
    return _standing(session, agent, now)


def quiet_of(session: Session, slack_user_id: str, now: datetime) -> Quiet:
    """How it stands. Reads only."""
    return _standing(session, acting(session, slack_user_id), now)


def _standing(session: Session, agent: Agent, now: datetime) -> Quiet:
    until = agent.quiet_until if nudges.is_quiet(agent, now) else None
    muted: Collection[str] = nudges.muted(session, agent.id or 0)
    return Quiet(until, tuple(muted))


def _held(session: Session, slack_user_id: str) -> Agent:
    """The colleague, held until the transaction ends: two presses at once count as two."""
    agent = acting(session, slack_user_id)
    held = nudges.hold_agent(session, agent.id or 0)
    return held if held is not None else acting(session, slack_user_id)
