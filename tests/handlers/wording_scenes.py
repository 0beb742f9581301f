"""Leads at the window in which a letter is worded."""

import itertools

from case_scenes import Office
from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import User, View
from bot.wordings import keep_up
from storage.engine import commit
from storage.tables import Agent, PublishedWording, Role

LOOKING = "reply/double_charge_looking"


UNKIND = "Send et billede som bevis."


HOSTILE = "<!channel> <@U1> *b* |> \u202e&lt; 👩‍👩‍👧 <https://evil.example|bank>"


_numbers = itertools.count(1)


async def run(office: Office, user: User, words: str) -> InteractionResult:
    return await office.people.command(user.id, office.stage.triage.id, "/tillid", words)


def shown(office: Office, user: User) -> View:
    view = office.people.screen(user.id)
    assert view is not None
    return view


def title(view: View) -> str:
    return str(view.payload["title"]["text"])


def submit(view: View) -> str:
    return str((view.payload.get("submit") or {}).get("text"))


def field(view: View, part: str) -> str:
    """The block id of a part's first field."""
    return next(each for each in view.values if each.split(":")[2:3] == [part])


async def edit(
    office: Office, user: User, letter: str = "double_charge_looking", language: str = "da"
) -> View:
    """Open a letter with a word and a language."""
    await run(office, user, f"template {letter} {language}")
    view = shown(office, user)
    assert title(view) == "Edit wording"
    return view


async def send_off(office: Office, user: User, **typed: str) -> InteractionResult:
    """Type into parts of the window on top, and send it off."""
    view = shown(office, user)
    fields = {field(view, part): {"text": value} for part, value in typed.items()}
    result = await office.people.submit(user.id, view.id, fields)
    assert result.acknowledged
    return result


async def publish(office: Office, user: User, **typed: str) -> View:
    """Preview, and publish what was seen."""
    assert (await send_off(office, user, **typed)).errors == {}
    assert submit(shown(office, user)) == "Publish"
    await send_off(office, user)
    return shown(office, user)


async def press(office: Office, user: User, action: str, value: str | None = None) -> View:
    """Press a button in the window on top; the window once it shows something."""
    before = shown(office, user)
    old = before.hash
    await office.people.click_view(user.id, before.id, action, value=value)

    def there(_: object) -> View | None:
        now = office.people.screen(user.id)
        is_new = now is not None and (now.id, now.hash) != (before.id, old)
        return now if is_new and now is not None and "One moment" not in str(now.blocks) else None

    found = await office.stage.slack.wait_for(there)
    assert found is not None
    return found


async def make(office: Office, user: User, role: Role) -> None:
    def change(session: Session) -> None:
        session.execute(update(Agent).where(col(Agent.slack_user_id) == user.id).values(role=role))

    await commit(office.stage.running.parts.engine, change)


async def versions(office: Office) -> list[PublishedWording]:
    return await office.rows(PublishedWording)


async def forget_all(office: Office) -> None:
    """Nothing is published. Rows are never deleted in earnest: the program is told."""
    parts = office.stage.running.parts
    await commit(parts.engine, lambda session: session.execute(delete(PublishedWording)))
    await keep_up(parts)
