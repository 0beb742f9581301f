"""The windows in which leads change how letters are worded: choose one, edit it, look at it, its versions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards import labels
from bot.cards.elements import (
    actions,
    button,
    confirm,
    context,
    header,
    leaf,
    mrkdwn,
    option,
    paragraph,
    plain,
    quote,
    rich_text,
)
from bot.cards.shapes import Block, FindingLine
from bot.cards.texts import cut, escaped, instant, line, passage, quoted
from bot.cards.views import input_block, modal
from bot.cards.wording_fields import part_fields
from bot.cards.wording_labels import LANGUAGES, grouped, letter_label
from bot.speech import mark, say, say_number

CHOOSE, EDIT, VERSIONS = "wording_choose", "wording_edit", "wording_versions"
MOST_VERSIONS, MOST_FINDINGS = 10, 6
_ORDER = mark(
    "What is published here counts before the house's own files, and those before what came with Tillid. "
    "It counts from the next draft on; cards that are there keep theirs."
)
#: How grave a finding is, by the word the lexicon has for it.
_GRAVITY = {"high": mark("high"), "medium": mark("medium"), "low": mark("low")}


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as a customer would get it. `about` says in which case; `at` is None with sample facts."""

    about: str
    at: datetime | None
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wording says, and what may be heard in it."""

    letters: tuple[LetterShown, ...]
    findings: tuple[FindingLine, ...]
    #: The next press publishes although a customer may hear distrust.
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version. `what` is said of it; `brings_back` is its number, or None where it cannot come back."""

    title: str
    who: str
    at: datetime | None
    says: str
    brings_back: int | None


def choose_letter(letters: Sequence[str], language: str, note: str = "") -> Block:
    """Which letter, in which language. The first of `letters` is chosen where there are few."""
    groups = [
        {"label": plain(name, 75), "options": [option(letter_label(each), each) for each in held[:100]]}
        for name, held in grouped(letters)
    ]
    menu: Block = {
        "type": "static_select",
        "action_id": "letter",
        "placeholder": plain(say("Type to search"), 150),
        "option_groups": groups,
    }
    if len(letters) == 1:
        menu["initial_option"] = option(letter_label(letters[0]), letters[0])
    languages = [option(say(name), code) for code, name in LANGUAGES.items()]
    offered: Block = {
        "type": "static_select",
        "action_id": "language",
        "options": languages,
        "initial_option": next((each for each in languages if each["value"] == language), languages[0]),
    }
    blocks = [
        *([paragraph(note)] if note else []),
        input_block("letter", say("Letter"), menu),
        input_block("language", say("Language"), offered),
        context(say(_ORDER)),
    ]
    return modal(say("Wording of a letter"), CHOOSE, "", blocks, submit=say("Open"))


def edit_wording(
    parts: Mapping[str, str],
    remembered: Mapping[str, object],
    *,
    standing: str,
    names: Sequence[str],
    news: Sequence[str] = (),
    preview: Preview | None = None,
) -> Block:
    """The parts to change; with a preview what they say stands above them, and the next press publishes.

    `remembered` holds the letter (n), the language (l) and the number of the window (r), and comes back as it is.
    `standing` says what is in force, `names` what a text may use, `news` what happened meanwhile.
    """
    letter, language = str(remembered["n"]), str(remembered["l"])
    blocks: list[Block] = [
        _letter(letter, language),
        context(standing),
        context(say(_ORDER)),
        *(paragraph(each) for each in news),
        *(_shown(preview) if preview else []),
        *part_fields(parts, int(str(remembered["r"]))),
        context(_may_use(names)),
        actions(
            "wording:versions",
            button(say("Versions"), VERSIONS, json.dumps({"n": letter, "l": language})),
        ),
    ]
    submit = say("Preview")
    if preview is not None:
        submit = say("Publish Anyway") if preview.asks_again else say("Publish")
    return modal(say("Edit wording"), EDIT, json.dumps(dict(remembered)), blocks, submit=submit)


def _letter(letter: str, language: str) -> Block:
    named = LANGUAGES.get(language)
    return header(f"{letter_label(letter)} · {say(named) if named else language}")


def _may_use(names: Sequence[str]) -> str:
    known = ", ".join(f"{{{{ {name} }}}}" for name in names)
    return say(
        "A text may use {names}. What does not apply is empty: {example}.",
        names=known,
        example="{% if amount %} ... {% endif %}",
    )


def _shown(preview: Preview) -> list[Block]:
    blocks: list[Block] = []
    if preview.findings:
        blocks += _findings(preview)
    for each in preview.letters:
        when = mrkdwn(instant(each.at)) if each.at else ""
        blocks.append(context(line(each.about, 150, otherwise=say("A customer")), when))
        blocks.append(quote(passage(f"{each.subject}\n\n{each.text}", 2500)))
    if not preview.findings:
        blocks.append(context(say("Trust check: no findings")))
    return blocks


def _findings(preview: Preview) -> list[Block]:
    found = preview.findings
    lead = say_number(
        len(found),
        "A customer may hear distrust in this: {number} place.",
        "A customer may hear distrust in this: {number} places.",
    )
    if preview.asks_again:
        again = say("Press Publish Anyway to keep your words; that is written down.")
        lead = f"{lead} {again}"
    blocks: list[Block] = [paragraph(lead)]
    for each in found[:MOST_FINDINGS]:
        category = labels.named(labels.CATEGORIES, line(each.category, 40))
        shown = [
            leaf(quoted(line(each.text, 300)), bold=True),
            leaf(f"\n{category} ({_gravity(each.severity)}). {line(each.why, 300)}"),
        ]
        if each.rewrite.strip():
            kinder = say("Kinder: “{words}”", words=line(each.rewrite, 500))
            shown.append(leaf(f"\n{kinder}"))
        blocks.append(rich_text(*shown))
    return blocks


def _gravity(severity: str) -> str:
    named = _GRAVITY.get(severity)
    return say(named) if named else line(severity, 10)


def versions(
    letter: str, language: str, lines: Sequence[VersionLine], *, seen: int, undo: bool, news: str = ""
) -> Block:
    """The versions of a letter, newest first, each with a button that brings it back. `seen` is the newest."""
    where = {"n": letter, "l": language, "b": seen}
    blocks: list[Block] = [
        *([paragraph(news)] if news else []),
        _letter(letter, language),
    ]
    if undo:
        sure = confirm(say("Undo?"), say("What was in force before counts again."), say("Undo"), say("Keep"))
        press = button(say("Undo"), "wording_undo", json.dumps(where), confirm=sure)
        blocks.append(actions("wording:undo", press))
    # The last one is what the files say.
    for each in lines if len(lines) <= MOST_VERSIONS else [*lines[: MOST_VERSIONS - 1], lines[-1]]:
        blocks += _version(each, where)
    if len(lines) > MOST_VERSIONS:
        blocks.append(context(say("And {number} more between, all kept", number=len(lines) - MOST_VERSIONS)))
    return modal(say("Versions"), VERSIONS, json.dumps(where), blocks, close=say("Close"))


def _version(each: VersionLine, where: Mapping[str, object]) -> list[Block]:
    by = f"{escaped(line(each.who, 80))}, {instant(each.at)}" if each.at else ""
    blocks: list[Block] = [
        context(line(each.title, 200), mrkdwn(by) if by else ""),
        quote(cut(passage(each.says, 800), 800)),
    ]
    if each.brings_back is not None:
        sure = confirm(
            say("Bring it back?"),
            say("It counts from the next draft on."),
            say("Bring Back"),
            say("Leave It"),
        )
        value = json.dumps({**where, "v": each.brings_back})
        press = button(say("Bring Back"), "wording_bring_back", value, confirm=sure)
        blocks.append(actions(f"wording:version:{each.brings_back}", press))
    return blocks
