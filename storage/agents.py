"""Colleagues in the workspace: members of the triage channel, with a role from the house file."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.engine import insert_once
from storage.tables import Agent, Conversation, Role, WatchedChannel


def by_slack_id(session: Session, slack_user_id: str) -> Agent | None:
    """The active colleague with that Slack id."""
    wanted = (col(Agent.slack_user_id) == slack_user_id, col(Agent.active))
    return session.execute(select(Agent).where(*wanted)).scalar_one_or_none()


def in_charge(session: Session, conversation: Conversation) -> Agent | None:
    """The colleague who has the case; None while nobody has."""
    return session.get(Agent, conversation.agent_id) if conversation.agent_id else None


def everyone(session: Session) -> list[Agent]:
    """All active colleagues, oldest first."""
    return list(session.execute(select(Agent).where(col(Agent.active)).order_by(col(Agent.id))).scalars())


def keep(session: Session, members: Mapping[str, str], roles: Mapping[str, Role], now: datetime) -> None:
    """Make the table say what the triage channel says: `members` maps Slack id to name."""
    for slack_user_id, name in members.items():
        role = roles.get(slack_user_id, Role.AGENT)
        values = {
            "slack_user_id": slack_user_id,
            "name": name,
            "role": role,
            "active": True,
            "created_at": now,
        }
        if insert_once(session, Agent, values, ["slack_user_id"]) is None:
            known = session.execute(
                select(Agent).where(col(Agent.slack_user_id) == slack_user_id)
            ).scalar_one()
            known.name, known.role, known.active = name, role, True
    for agent in everyone(session):
        agent.active = agent.slack_user_id in members


def watch(session: Session, team: str, channel: str, now: datetime) -> bool:
    """Listen to a channel; False when we did already."""
    values = {"team": team, "channel": channel, "watched_since_at": now}
    return insert_once(session, WatchedChannel, values, ["team", "channel"]) is not None


def unwatch(session: Session, team: str, channel: str) -> bool:
    """Stop listening to a channel; False when we did not listen."""
    here = (col(WatchedChannel.team) == team, col(WatchedChannel.channel) == channel)
    row = session.execute(select(WatchedChannel).where(*here)).scalar_one_or_none()
    if row is not None:
        session.delete(row)
    return row is not None


def watched(session: Session, team: str) -> Collection[str]:
    """The channels of a workspace that we listen to."""
    here = col(WatchedChannel.team) == team
    return frozenset(session.execute(select(col(WatchedChannel.channel)).where(here)).scalars())


def be_quiet(session: Session, agent: Agent, until: datetime | None) -> None:
    """Leave a colleague alone until then; None: no longer."""
    agent.quiet_until = until
    session.add(agent)


def choose_language(session: Session, agent: Agent, language: str) -> None:
    """What a colleague reads from us alone is in that language from now on; empty: as in the channel."""
    agent.language = language
    session.add(agent)
