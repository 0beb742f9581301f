"""What leads published in chat, brought to where letters are written: in this process and in every other."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from bot import logs
from bot.house import House
from bot.house_templates import problem_of
from bot.parts import Parts
from bot.published import PublishedTexts
from bot.rendering import environment_of
from storage import wordings
from storage.engine import read
from storage.tables import PublishedWording

log = logs.get(__name__)


async def keep_up(parts: Parts) -> None:
    """Have the next letter written in the words that are in force now. Cheap where nothing was published since."""
    house, here = parts.house, parts.engine.url
    if house.published.seen == (here, await read(parts.engine, wordings.state)):
        return
    now, rows = await read(parts.engine, _in_force)
    texts = await asyncio.to_thread(working, house, rows)
    house.published.exchange(texts, (here, now))
    log.info("wordings_taken_up", letters=len(texts))


def _in_force(session: Session) -> tuple[tuple[int, int], list[PublishedWording]]:
    return wordings.state(session), wordings.in_force(session)


def working(house: House, rows: Sequence[PublishedWording]) -> Mapping[str, str]:
    """The published texts by template name; one that does not work any more gives way to the files."""
    assert house.file_templates.loader is not None
    texts: dict[str, str] = {}
    for row in (each for each in rows if each.text):
        name = f"{row.language}/{row.letter}.j2"
        env = environment_of(PublishedTexts(house.file_templates.loader, {name: row.text}))
        if problem := problem_of(env, name, row.text):
            log.warning("wording_left_out", letter=name, version=row.version, line=problem.line)
        else:
            texts[name] = row.text
    return texts
