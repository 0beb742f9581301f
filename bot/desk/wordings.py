"""The wording of letters: published, and taken back, by leads. Every step is a version of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.desk.press import acting
from bot.errors import Refused
from bot.speech import say
from storage import agents, audit, wordings
from storage.tables import Agent, Role

LEADING = (Role.LEAD, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wording that somebody wants in force, and the version they saw before (0: none was ever published)."""

    letter: str
    language: str
    text: str
    seen: int
    #: Serious findings of the trust check that they were shown, and keep.
    overridden: int = 0


class Overtaken(Refused):
    """Somebody else published meanwhile; nothing was changed."""


def leading(session: Session, slack_user_id: str) -> Agent:
    """The lead or manager who asks. Raises Refused, naming who may, for everybody else."""
    agent = acting(session, slack_user_id)
    if agent.role in LEADING:
        return agent
    names = [each.name for each in agents.everyone(session) if each.role in LEADING]
    if not names:
        raise Refused(
            say(
                "Leads and managers choose how letters are worded. Ask whoever set this up to name a lead: "
                "they can change it in a minute."
            )
        )
    raise Refused(
        say(
            "Leads and managers choose how letters are worded. Ask {names}: they can change it in a minute.",
            names=_either(names[:3]),
        )
    )


def _either(names: list[str]) -> str:
    return (
        names[0] if len(names) == 1 else say("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])
    )


def publish_wording(session: Session, slack_user_id: str, proposal: Proposal, now: datetime) -> int:
    """Put a wording in force from the next draft on, in every process; its version.

    The caller has tried it. Raises Overtaken where another version came meanwhile, and Refused.
    """
    agent = leading(session, slack_user_id)
    assert agent.id is not None
    new = wordings.Version(
        proposal.letter, proposal.language, proposal.text, agent.id, overridden=proposal.overridden
    )
    number = wordings.publish(session, new, seen=proposal.seen, now=now)
    if number is None:
        raise Overtaken(_who_was_faster(session, proposal.letter, proposal.language))
    _record(session, "wording_published", agent, new, number, now)
    return number


def bring_back(
    session: Session,
    slack_user_id: str,
    letter: str,
    language: str,
    *,
    version: int,
    seen: int,
    now: datetime,
) -> int:
    """Put an earlier version (0: the files) in force again, as a version of its own; its number.

    Raises Overtaken where `seen` is not the latest any more, and Refused where there is no such version.
    """
    agent = leading(session, slack_user_id)
    assert agent.id is not None
    rows = {row.version: row for row in wordings.history(session, letter, language)}
    if version and (version not in rows or not rows[version].text):
        raise Refused(say("There is no such version."))
    text = rows[version].text if version else ""
    new = wordings.Version(letter, language, text, agent.id, brings_back=version)
    number = wordings.publish(session, new, seen=seen, now=now)
    if number is None:
        raise Overtaken(_who_was_faster(session, letter, language))
    _record(session, "wording_brought_back", agent, new, number, now)
    return number


def _who_was_faster(session: Session, letter: str, language: str) -> str:
    newest = wordings.latest(session, letter, language)
    who = session.get(Agent, newest.agent_id) if newest else None
    name = who.name if who else say("Somebody")
    return say("{name} published another version meanwhile.", name=name)


def _record(
    session: Session, action: str, agent: Agent, new: wordings.Version, number: int, now: datetime
) -> None:
    details: dict[str, Any] = {"letter": new.letter, "language": new.language, "version": number}
    if new.overridden:
        details["overridden"] = new.overridden
    if new.brings_back is not None:
        details["brings_back"] = new.brings_back
    audit.record(session, action, now, agent_id=agent.id, **details)
