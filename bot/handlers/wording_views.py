"""What the windows about wordings are made of: how a letter stands, what was asked, and the window for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot import desk
from bot.cards import wording_modals
from bot.cards.shapes import Block
from bot.cards.texts import cut, line, spelled
from bot.cards.wording_fields import LABELS
from bot.cards.wording_modals import LetterShown, Preview, VersionLine
from bot.errors import Refused
from bot.handlers.slack_views import finding_lines
from bot.house import House
from bot.house_templates import EXAMPLE
from bot.trying_wordings import Case, Trial, saying
from bot.views.wordings import VersionRow, WordingState, file_text, recent_cases, wording_state
from bot.wording_parts import parts_of


@dataclass(frozen=True, slots=True)
class Look:
    """How a letter stands at one moment, and the real cases it is shown in."""

    state: WordingState
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A window that was sent off: what it remembers, and what was typed by part."""

    remembered: Mapping[str, Any]
    typed: Mapping[str, str]

    @property
    def letter(self) -> str:
        return str(self.remembered["n"])

    @property
    def language(self) -> str:
        return str(self.remembered["l"])


def look(session: Session, house: House, who: str, letter: str, language: str) -> Look:
    """Read a letter for a lead. Raises Refused for everybody else, and where there is no such letter."""
    agent = desk.leading(session, who)
    try:
        state = wording_state(session, house, letter, language)
    except KeyError:
        raise Refused("There is no such letter.") from None
    return Look(state, recent_cases(session, house, letter, language, agent.name))


def edit_window(
    seen: Look,
    remembered: Mapping[str, Any],
    typed: Mapping[str, str] | None = None,
    preview: Preview | None = None,
) -> Block:
    """The window for a letter: as it stands, or with what was typed; what was published meanwhile is told."""
    state = seen.state
    base = int(remembered.get("b", state.seen))
    kept = {**remembered, "n": state.letter, "l": state.language, "b": state.seen}
    kept["r"] = int(remembered.get("r", 0)) + 1
    shown = typed if typed is not None else parts_of(state.text)
    return wording_modals.edit_wording(
        shown,
        kept,
        standing=_standing(state),
        names=sorted(EXAMPLE),
        news=_meanwhile(state, shown) if base != state.seen else (),
        preview=preview,
    )


def _standing(state: WordingState) -> str:
    file = f"templates/{state.language}/{state.letter}.j2"
    if state.is_published:
        newest = state.versions[0]
        also = f" Without one, the house's file {file} counts." if state.house_has_file else ""
        by = f"{line(newest.who, 80)}, {spelled(newest.at)}"
        return f"In force: version {newest.number}, published here by {by}.{also}"
    return (
        f"In force: the house's file {file}." if state.house_has_file else "In force: what came with Tillid."
    )


def _meanwhile(state: WordingState, typed: Mapping[str, str]) -> list[str]:
    """Who was faster, and what they wrote where it differs."""
    newest = state.versions[0]
    said = [
        f"{line(newest.who, 80)} published version {newest.number} while you were writing. Your text is still here; "
        "publishing it now replaces theirs. This is where theirs differs:"
    ]
    theirs = parts_of(state.text)
    differs = [name for name in LABELS if theirs.get(name, "").strip() != typed.get(name, "").strip()]
    said += [f"{LABELS[name]}: {cut(theirs.get(name, '').strip() or '(empty)', 800)}" for name in differs]
    return said


def preview_of(trial: Trial, *, asks_again: bool) -> Preview:
    """What a wording says, for its window."""
    shown = tuple(
        LetterShown(
            case.name if case else "With sample facts: this letter was not drafted in this language yet",
            case.at if case else None,
            rendered.subject,
            rendered.text,
        )
        for case, rendered in trial.letters
    )
    return Preview(shown, finding_lines(trial.findings), asks_again)


def versions_window(house: House, state: WordingState, news: str = "") -> Block:
    """The versions of a letter, each with what it says with sample facts."""
    lines = [_version(house, state, each) for each in state.versions]
    file = "The house's file" if state.house_has_file else "What came with Tillid"
    says = saying(house, state.letter, state.language, file_text(house, state.letter, state.language))
    title = file if state.is_published else f"{file}, in force"
    words = f"{says.subject}\n\n{says.text}" if says else "It cannot be written any more."
    lines.append(VersionLine(title, "", None, words, 0 if state.is_published else None))
    return wording_modals.versions(
        state.letter, state.language, lines, seen=state.seen, undo=state.before is not None, news=news
    )


def _version(house: House, state: WordingState, row: VersionRow) -> VersionLine:
    in_force = row.number == state.seen
    title = f"Version {row.number}"
    if row.brings_back is not None:
        title += f": version {row.brings_back} again" if row.brings_back else ": the files again"
    if row.overridden:
        title += ", published against the trust check"
    if in_force and row.text:
        title += ", in force"
    says = saying(house, state.letter, state.language, row.text) if row.text else None
    words = f"{says.subject}\n\n{says.text}" if says else "As the files say it."
    if row.text and says is None:
        words = "It cannot be written any more."
    can_come_back = bool(row.text) and row.brings_back is None and not in_force
    return VersionLine(title, row.who, row.at, words, row.number if can_come_back else None)
