"""Everybody who is not staff, what they hand to the program, and what of it they get to see."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from case_scenes import Case, Office
from slack_bolt.async_app import AsyncApp
from sqlalchemy import create_engine, select, update
from sqlmodel import Session, SQLModel, col

from bot import handlers
from bot.house import open_house
from bot.parts import Parts, Places
from bot.sandbox import payloads
from bot.sandbox.records import Json, User
from bot.sandbox.slack_api.views import new_view
from bot.sandbox.stage import MORNING, Stage
from storage.engine import commit
from storage.tables import Agent, Nudge
from storage.tables import Message as Said

WAIT_SECONDS = 5.0


@dataclass
class Registry:
    """Notes what is registered instead of connecting it."""

    actions: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def _into(self, names: list[str]) -> Callable[[Any], Callable[[Any], Any]]:
        def note(name: Any) -> Callable[[Any], Any]:
            if isinstance(name, str):
                names.append(name)
            return lambda listener: listener

        return note

    def __getattr__(self, name: str) -> Any:
        kinds = {"action": self.actions, "view": self.views, "message_shortcut": self.shortcuts}
        kinds |= {"command": self.commands, "shortcut": self.shortcuts, "options": self.actions}
        return self._into(kinds[name]) if name in kinds else lambda *_: lambda listener: listener


def registered() -> Registry:
    """Everything the program listens to by name."""
    registry = Registry()
    parts = Parts(create_engine("sqlite://"), lambda: MORNING, open_house(), Places())
    handlers.register(cast(AsyncApp, registry), parts)
    return registry


@dataclass
class Scenery:
    """A case with a card and a remark, and people who have nothing to do with it."""

    office: Office
    case: Case
    ids: Json
    people: dict[str, Json]

    @classmethod
    async def made(cls, office: Office, case: Case) -> "Scenery":
        stage = office.stage
        workspace = stage.workspace
        nils = stage.nils
        guest = workspace.add_user("gro", is_restricted=True)
        olav = workspace.add_user("olav", real_name="Olav Dal")
        robot = workspace.add_user("robot", is_bot=True)
        await commit(stage.running.parts.engine, _remark, nils.id, case.id, stage)
        stage.slack.upkeep.leave(nils.id, stage.triage.id)

        async def gone() -> bool:
            return all(
                not each.active for each in await office.rows(Agent, col(Agent.slack_user_id) == nils.id)
            )

        async def all_done() -> bool:
            return not stage.running.in_hand

        await stage.until(gone)
        await stage.until(all_done)  # who leaves is taken out of more than one table
        await stage.running.remind_all()
        await stage.idle()
        (row,) = await office.rows(Said, col(Said.conversation_id) == case.id)
        ids = dict.fromkeys("jnropsmqtuwxyzabdefghi", 1) | {"c": case.id, "v": 1, "k": row.customer_id}
        forged = _user(stage.freja) | {"team_id": stage.nordlys}
        people = {
            "of another company": _user(stage.guest),
            "a guest": _user(guest),
            "a colleague outside triage": _user(olav),
            "a bot": _user(robot),
            "who has just left triage": _user(nils),
            "an agent's name from elsewhere": forged,
            "without a workspace": {"id": "UNOBODY01", "name": "x", "username": "x"},
            "nobody": {"id": "", "name": "", "username": "", "team_id": workspace.team_id},
        }
        return cls(office, case, ids, people)

    async def pressed(self, who: Json, sent: Json, kind: str = "interactive") -> str:
        """Hand it to the program; all that whoever pressed gets to see."""
        stage = self.office.stage
        begun = len(stage.slack.calls)
        before = await self.office.read(_everything)
        delivery = await stage.slack.socket_mode.deliver(kind, sent)
        assert delivery.acknowledged, "it broke"
        seen = json.dumps(delivery.answer)

        def told(_: object) -> bool:
            calls = [call.arguments for call in stage.slack.calls[begun:]]
            return "support staff" in seen + json.dumps(calls)

        try:
            await stage.slack.wait_for(told, WAIT_SECONDS)
        except TimeoutError:
            pytest.fail(f"{who} was not refused: {seen} {stage.slack.calls[begun:]}")
        await asyncio.sleep(0)
        await stage.idle()
        after = await self.office.read(_everything)
        done = {name: rows for name, rows in after.items() if rows != before[name]}
        assert not done, "something was done all the same"
        return seen + json.dumps([call.arguments for call in stage.slack.calls[begun:]])

    def interaction(self, kind: str, who: Json) -> Json:
        stage = self.office.stage
        trigger = stage.workspace.new_trigger(str(who["id"]), stage.slack._context.trigger_lifetime)
        sent = payloads.interaction(stage.workspace, kind, stage.freja, trigger.id)
        channel = payloads.channel_reference(stage.triage)
        url = stage.workspace.new_response_url(str(who["id"]), stage.triage.id)
        return {
            **sent,
            "user": who,
            "channel": channel,
            "response_url": f"{stage.slack.root_url}/response/{url.id}",
        }

    def window(self, who: Json, callback: str, remembered: Any) -> Json:
        """A window that stands open on their screen, everything in it filled in."""
        stage = self.office.stage
        view = new_view(stage.workspace, str(who["id"]), _modal(callback, remembered))
        stage.workspace.views[str(who["id"])] = [view]
        shown = payloads.in_view(stage.workspace, view)["view"]
        return {**shown, "state": {"values": _filled(int(stage.clock().timestamp()))}}

    def refused(self, seen: str) -> None:
        """Nothing of the customer, and nothing of ours, stands in what they saw."""
        secrets = (self.case.name.split()[1], self.case.address, self.case.order, "499", "Freja Holm")
        assert [each for each in secrets if each in seen] == []


def _user(user: User) -> Json:
    return {"id": user.id, "name": user.name, "username": user.name, "team_id": user.team_id}


def _remark(session: Session, who: str, case: int, stage: Stage) -> None:
    agent = session.execute(select(Agent).where(col(Agent.slack_user_id) == who)).scalar_one()
    message = session.execute(select(Said).where(col(Said.conversation_id) == case)).scalars().first()
    assert message is not None
    session.add(
        Nudge(
            agent_id=agent.id or 0,
            conversation_id=case,
            message_row_id=message.id or 0,
            category="demands_proof",
            created_at=stage.clock(),
        )
    )
    session.execute(update(Agent).where(col(Agent.id) == agent.id).values(quiet_until=None))


def _everything(session: Session) -> dict[str, list[Any]]:
    """All rows of all tables but those of the mailbox, which is looked into all the time."""
    tables = [each for each in SQLModel.metadata.sorted_tables if not each.name.startswith("mailbox_")]
    return {each.name: [tuple(row) for row in session.execute(select(each))] for each in tables}


def _modal(callback: str, remembered: Any) -> Json:
    plain: Json = {"type": "plain_text", "text": "Window"}
    blocks = [{"type": "section", "text": plain}]
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps(remembered),
        "title": plain,
        "close": plain,
        "blocks": blocks,
    }


def _filled(now: int) -> Json:
    """Every field of every window, filled in well."""
    chosen = {"note": "Hej", "text": "Hej", "reason": "Hej", "amount": "10", "reply": "Hej"}
    values: Json = {"reply:1": {"text": {"type": "plain_text_input", "value": "Hej"}}}
    values |= {name: {name: {"type": "plain_text_input", "value": text}} for name, text in chosen.items()}
    options = {
        "intent": "praise", "kind": "refund", "lasts": "90", "letter": "reply/declined", "language": "da",
        "when": "tomorrow",
    }  # fmt: skip
    for name, value in options.items():
        option = {"text": {"type": "plain_text", "text": value}, "value": value}
        values[name] = {name: {"type": "static_select", "selected_option": option}}
    later = {"type": "datetimepicker", "selected_date_time": now + 86_400}
    return values | {"due": {"due": later}, "own": {"own": later}}
