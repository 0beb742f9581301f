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
from bot.handlers.opened_cases import finding_lines
from bot.house import House
from bot.house_templates import EXAMPLE
from bot.speech import say
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
        raise Refused(say("There is no such letter.")) from None
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
        said = say(
            "In force: version {number}, published here by {who}, {when}.",
            number=newest.number,
            who=line(newest.who, 80),
            when=spelled(newest.at),
        )
        if not state.house_has_file:
            return said
        also = say("Without one, the house's file {file} counts.", file=file)
        return f"{said} {also}"
    if state.house_has_file:
        return say("In force: the house's file {file}.", file=file)
    return say("In force: what came with Tillid.")


def _meanwhile(state: WordingState, typed: Mapping[str, str]) -> list[str]:
    """Who was faster, and what they wrote where it differs."""
    newest = state.versions[0]
    said = [
        say(
            "{who} published version {number} while you were writing. Your text is still here; "
            "publishing it now replaces theirs. This is where theirs differs:",
            who=line(newest.who, 80),
            number=newest.number,
        )
    ]
    theirs = parts_of(state.text)
    differs = [name for name in LABELS if theirs.get(name, "").strip() != typed.get(name, "").strip()]
    for name in differs:
        words = cut(theirs.get(name, "").strip() or say("(empty)"), 800)
        said.append(f"{say(LABELS[name])}: {words}")
    return said


def preview_of(trial: Trial, *, asks_again: bool) -> Preview:
    """What a wording says, for its window."""
    shown = tuple(
        LetterShown(
            case.name if case else say("With sample facts: this letter was not drafted in this language yet"),
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
    file = say("The house's file") if state.house_has_file else say("What came with Tillid")
    says = saying(house, state.letter, state.language, file_text(house, state.letter, state.language))
    title = file if state.is_published else say("{version}, in force", version=file)
    words = f"{says.subject}\n\n{says.text}" if says else say("It cannot be written any more.")
    lines.append(VersionLine(title, "", None, words, 0 if state.is_published else None))
    return wording_modals.versions(
        state.letter, state.language, lines, seen=state.seen, undo=state.before is not None, news=news
    )


def _version(house: House, state: WordingState, row: VersionRow) -> VersionLine:
    in_force = row.number == state.seen
    title = _title(row)
    if row.overridden:
        title = say("{version}, published against the trust check", version=title)
    if in_force and row.text:
        title = say("{version}, in force", version=title)
    says = saying(house, state.letter, state.language, row.text) if row.text else None
    words = f"{says.subject}\n\n{says.text}" if says else say("As the files say it.")
    if row.text and says is None:
        words = say("It cannot be written any more.")
    can_come_back = bool(row.text) and row.brings_back is None and not in_force
    return VersionLine(title, row.who, row.at, words, row.number if can_come_back else None)


def _title(row: VersionRow) -> str:
    if row.brings_back is None:
        return say("Version {number}", number=row.number)
    if not row.brings_back:
        return say("Version {number}: the files again", number=row.number)
    return say("Version {number}: version {other} again", number=row.number, other=row.brings_back)
