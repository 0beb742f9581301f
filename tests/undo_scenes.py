"""Replies that wait for their seconds, and every row of a case."""

from dataclasses import replace
from typing import Any

from scenes import Scene
from sqlalchemy import select
from sqlmodel import SQLModel

from bot import desk
from bot.cards.suggestion import suggestion_card
from bot.views import card_view
from storage.engine import reading

#: What is no part of how a case stands: the record, what waits to go, and the count of changes.
_ASIDE = {"audit_events", "outbox", "inbox"}


def waits(scene: Scene, seconds: int = 15) -> Scene:
    ours = scene.parts.house
    ours = replace(ours, policy=replace(ours.policy, undo_seconds=seconds))
    scene.parts = replace(scene.parts, house=ours)
    scene.desk = desk.Desk(ours, scene.desk.places)
    return scene


def undo(scene: Scene, press: desk.Press) -> desk.Undone:
    done = scene.do(desk.undo, press, scene.now)
    assert isinstance(done, desk.Undone)
    return done


def everything(scene: Scene) -> dict[str, list[dict[str, Any]]]:
    """Every row but the newest card's, without its count of changes."""
    found = {}
    with reading(scene.parts.engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in _ASIDE:
                continue
            rows = [dict(each) for each in session.execute(select(table).order_by(table.c.id)).mappings()]
            found[table.name] = [
                {key: value for key, value in each.items() if key not in ("version", "stored_at")}
                for each in rows
            ]
    newest = found.pop("suggestions")[-1]
    found["card"] = [{key: newest[key] for key in ("state", "text", "final_text", "speaks_for", "remedy")}]
    return found


def told(scene: Scene) -> str:
    """The card as it stands."""
    with reading(scene.parts.engine) as session:
        view = card_view(session, scene.card().conversation_id, scene.parts.house, scene.now)
    assert view is not None
    card = suggestion_card(view)
    return f"{card.text}\n{card.blocks}"
