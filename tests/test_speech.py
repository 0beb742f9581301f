"""What Tillid says to colleagues: whole and sound in every language, and to each in their own."""

import ast
import asyncio
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bench.speech import said_in_code, untranslated
from bot.speech import SPOKEN, mark, nearest, say, say_number, say_to_all, speak, speaking, spoken

HERE = Path(__file__).parent.parent
TRANSLATED = [language for language in SPOKEN if language != "en"]
#: Words of a neighbour's language that this one does not have.
FOREIGN_WORDS = {
    "da": {"hva", "noe", "noen", "etter", "uken", "och", "inte", "från", "ikkje"},
    "nb": {"hvad", "noget", "af", "efter", "mig", "dig", "hvornår", "uge", "och", "inte", "från", "ikkje"},
    "sv": {"og", "ikke", "ikkje", "jeg", "fra", "etter", "hvad", "hva", "noget", "uke", "uge"},
}
MARKS = re.compile(r"[*`~]|<[^>]*>|/tillid")


@cache
def catalogue(language: str) -> Catalog:
    with (HERE / "bot" / "speech" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every English text with its translation; of plurals both forms."""
    for message in catalogue(language):
        if message.id:
            yield from zip(_texts(message.id), _texts(message.string), strict=True)


def _texts(text: Message | str | tuple[str, ...] | list[str]) -> list[str]:
    return [str(each) for each in text] if isinstance(text, tuple | list) else [str(text)]


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_the_code_says_is_said_in_every_language(language: str) -> None:
    said = {message.id if isinstance(message.id, str) else message.id[0] for message in said_in_code()}
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue(language)}
    assert len(said) > 500
    assert said - known == set(), "run python -m bench.speech, and translate"
    assert known - said == set(), "run python -m bench.speech"
    assert untranslated(catalogue(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_holds_what_the_english_text_holds(language: str) -> None:
    for english, translated in pairs(language):
        assert places(translated) == places(english), english
        assert sorted(MARKS.findall(translated)) == sorted(MARKS.findall(english)), english
        assert translated[:1].isspace() == english[:1].isspace(), english
        assert translated[-1:].isspace() == english[-1:].isspace(), english
        assert translated.count("\n") == english.count("\n"), english


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_ends_as_the_english_text_does(language: str) -> None:
    marks = ".?:,…"
    for english, translated in pairs(language):
        ends = [each[-1:] if each[-1:] in marks else "" for each in (english, translated)]
        assert ends[0] == ends[1], (english, translated)
        assert "!" not in translated, translated


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_neighbours_words_stand_in_it(language: str) -> None:
    for _, translated in pairs(language):
        words = set(re.findall(r"\w+", translated.lower()))
        assert words & FOREIGN_WORDS[language] == set(), translated


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((HERE / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("say", "say_to_all", "say_number", "mark"):
                yield f"{path.name}:{node.lineno}", node


def test_what_is_said_is_a_constant_that_can_be_found() -> None:
    """A text put together from pieces stands in no catalogue."""
    made = [
        place for place, call in calls() for each in call.args if isinstance(each, ast.JoinedStr | ast.BinOp)
    ]
    assert made == []
    unmarked = [
        place
        for place, call in calls()
        if isinstance(call.func, ast.Name)
        and call.func.id == "mark"
        and not isinstance(call.args[0], ast.Constant | ast.Subscript)
    ]
    assert unmarked == []


def test_nothing_is_said_before_anybody_reads() -> None:
    """At import nobody knows the language yet."""
    early = []
    for path in sorted((HERE / "bot").rglob("*.py")):
        if path.parent.name == "speech":
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        early += [f"{path.name}:{call.lineno}" for call in _at_import(module)]
    assert early == []


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for default in defaults:
                yield from _at_import(ast.Expression(default))
            continue
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Name)
            and child.func.id.startswith("say")
        ):
            yield child
        yield from _at_import(child)


def test_one_reads_in_their_own_language_and_the_channel_in_its_own() -> None:
    with speaking("da", "sv"):
        assert spoken() == "sv"
        assert say(SENT) == "Skicka svar" and say_to_all(SENT) == "Send svar"
        with speaking("nb"):
            assert spoken() == "nb"
        assert spoken() == "sv"
    assert spoken() == "en" and say(SENT) == SENT


def test_nynorsk_is_spoken_to_in_bokmal_and_strangers_in_english() -> None:
    assert nearest("nn") == "nb"
    assert nearest("fi") == nearest("") == "en"


def test_what_nobody_translated_is_said_as_it_is() -> None:
    with speaking("da"):
        text = mark("".join(("Nobody has", " translated {this}")))
        assert say(text) == "Nobody has translated {this}"
        assert say("") == say_to_all("") == ""
        assert say(text, this="it") == "Nobody has translated it"
        assert say_number(2, "{number} thing", "{number} things") == "2 things"


def test_what_was_marked_with_values_is_said_later_in_the_language_of_whoever_reads() -> None:
    text = mark("At most {number} files go along with one letter.", number=3)
    assert text == "At most 3 files go along with one letter."
    with speaking("en", "sv"):
        assert say(text) == say("At most {number} files go along with one letter.", number=3) != text
        assert "3" in say(text)


async def test_tasks_beside_each_other_do_not_disturb_each_other() -> None:
    async def speaks(language: str) -> str:
        speak("da", language)
        await asyncio.sleep(0)
        return spoken()

    heard = await asyncio.gather(*(asyncio.create_task(speaks(each)) for each in ("sv", "nb", "en", "")))
    assert heard == ["sv", "nb", "en", "da"]


SENT = mark("Send Reply")
