"""The next case for a colleague: never the same for two of them, and put back when it is passed over."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import Desk, acting
from bot.rules.queueing import Waiting, in_turn
from bot.together import on_cards
from storage import audit, queue
from storage.queue import WaitingCase
from storage.tables import Agent


def take_next(
    session: Session, desk: Desk, slack_user_id: str, now: datetime, passed: Sequence[int] = ()
) -> int | None:
    """Give the colleague the most pressing case that is theirs or nobody's; its number, or None where nobody waits.

    `passed` are the cases they have just looked at and left, the last one last: it is nobody's again, unless they
    have written in it before.
    """
    agent = acting(session, slack_user_id)
    assert agent.id is not None
    for each in passed[-1:]:
        _put_back(session, each, agent, now)
    for case in in_order(session, desk, agent, passed, now):
        number = case.conversation_id
        if case.agent_id == agent.id:
            return number
        if queue.take(session, number, agent.id):
            audit.record(session, "case_taken", now, conversation_id=number, agent_id=agent.id)
            refresh_card(session, number, now)
            return number
    return None


def in_order(
    session: Session, desk: Desk, agent: Agent, passed: Sequence[int], now: datetime
) -> list[WaitingCase]:
    """The waiting cases that are the colleague's or nobody's, the most pressing first, `passed` left out.

    Several open cases of one person that are answered on one card are one, and wait as long as the oldest of them.
    """
    mine = [
        case
        for case in on_cards(session, queue.waiting(session))
        if case.conversation_id not in passed
        and case.agent_id in (None, agent.id)
        # Only a named person answers these.
        and (not case.owner_only or desk.house.owner in ("", agent.slack_user_id))
    ]
    by_number = {case.conversation_id: case for case in mine}
    speaks = desk.house.speaks.get(agent.slack_user_id, frozenset())
    order = in_turn([_waiting(case, agent) for case in mine], speaks, now)
    return [by_number[each.conversation_id] for each in order]


def _waiting(case: WaitingCase, agent: Agent) -> Waiting:
    return Waiting(
        conversation_id=case.conversation_id,
        since=case.since.astimezone(UTC),
        language=case.language,
        urgent=case.urgent,
        second_chance=case.second_chance,
        promised_until=case.promised_until.astimezone(UTC) if case.promised_until else None,
        is_back=case.back_since is not None and case.agent_id == agent.id,
    )


def _put_back(session: Session, conversation_id: int, agent: Agent, now: datetime) -> None:
    assert agent.id is not None
    if queue.put_back(session, conversation_id, agent.id):
        audit.record(session, "case_put_back", now, conversation_id=conversation_id, agent_id=agent.id)
        refresh_card(session, conversation_id, now)
