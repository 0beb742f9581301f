"""The house's own word lists, each tried before a customer's message is read with it."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigError
from bot.house_files import Problem, read_files
from bot.rules.linting import compile_lexicon
from bot.rules.reading import compile_packs

#: Both are safe; the first is written in C.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What a document of an unforeseen shape can make the readers of word lists raise, beside ValueError.
_MISSHAPEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError, re.error)


def house_words(
    kind: str, languages: Iterable[str], own: Path, folder: Path | None
) -> tuple[Any, tuple[Problem, ...]]:
    """Our word lists of that kind, "reading" or "linting", with those of the house over them that work.

    A file is left out alone: ours takes its place. ConfigError only if ours are broken.
    """
    ours = {each: (own / each / f"{kind}.yaml").read_text(encoding="utf-8") for each in languages}
    names = {f"{language}/{kind}.yaml": language for language in ours}
    read, _ = read_files(folder, names, "") if folder else ({}, ())
    theirs = {names[name]: text for name, text in read.items()}
    problems: list[Problem] = []
    while True:
        try:
            return _compiled(kind, _laid_over(ours, theirs)), tuple(sorted(problems))
        except ConfigError as error:
            if not theirs:
                raise
            broken = _broken(kind, ours, theirs, str(error))
        problems += broken.values()
        theirs = {language: text for language, text in theirs.items() if language not in broken}


def strange_words(own: Path, folder: Path | None) -> tuple[Problem, ...]:
    """The files in words/ that cannot be taken, or have no word list's name."""
    known = [path.relative_to(own).as_posix() for path in own.glob("*/*.yaml")]
    return read_files(folder, known, "no word list has this name")[1] if folder else ()


def parsed(name: str, text: str) -> dict[str, Any]:
    """A YAML document of `key: value` lines. Raises ConfigError with file and, where it is known, line."""
    try:
        document = _plain_values(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise ConfigError(f"{name}:{mark.line + 1 if mark else 1}: cannot be read: {reason}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigError(f"{name}:1: must be `key: value` lines")
    return document


def _plain_values(text: str) -> Any:
    # The loader in C is ten times as fast, and not in every build of the library.
    return yaml.load(text, Loader=yaml.CSafeLoader) if yaml.__with_libyaml__ else yaml.safe_load(text)


def _laid_over(ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({**ours, **theirs}.items()))


@lru_cache(maxsize=8)
def _compiled(kind: str, texts: tuple[tuple[str, str], ...]) -> Any:
    """Word lists ready for use. Reading them is most of a start; the same words are read once a process."""
    packs = {language: parsed(f"words/{language}/{kind}.yaml", text) for language, text in texts}
    try:
        return compile_packs(packs) if kind == "reading" else compile_lexicon(packs)
    except _MISSHAPEN as error:
        raise ConfigError(f"words: {error or type(error).__name__}") from error


def _broken(kind: str, ours: Mapping[str, str], theirs: Mapping[str, str], said: str) -> dict[str, Problem]:
    """The house's files that are to blame for what was said: the one it names, else those that fail alone."""
    place = re.match(rf"words/(\w+)/{kind}\.yaml:(\d+): (.*)", said, re.DOTALL)
    if place and place[1] in theirs:
        return {place[1]: Problem(f"words/{place[1]}/{kind}.yaml", int(place[2]), place[3])}
    named = re.match(r"words: (\w+): (.*)", said, re.DOTALL)
    if named and named[1] in theirs:
        return {named[1]: _placed(kind, named[1], theirs[named[1]], named[2])}
    alone = {}
    for language, text in theirs.items():
        try:
            _compiled(kind, _laid_over(ours, {language: text}))
        except ConfigError as error:
            alone[language] = _placed(kind, language, text, str(error).removeprefix("words: "))
    return alone or {language: _placed(kind, language, theirs[language], said) for language in theirs}


def _placed(kind: str, language: str, text: str, reason: str) -> Problem:
    """With the line of the key the reason begins with, or of the entry in it that the reason quotes."""
    key, _, complaint = reason.partition(": ")
    node = yaml.compose(text, Loader=LOADER)
    line = node.start_mark.line + 1 if node else 1
    for step in re.findall(r"[^.\[\]]+", key):
        child = _child(node, step)
        if child is None:
            break
        line, node = child
    for entry in node.value if isinstance(node, yaml.SequenceNode) else ():
        if isinstance(entry, yaml.ScalarNode) and (
            repr(entry.value) in complaint or f"'{entry.value}'" in complaint
        ):
            line = entry.start_mark.line + 1
            break
    return Problem(f"words/{language}/{kind}.yaml", line, reason)


def _child(node: yaml.Node | None, step: str) -> tuple[int, yaml.Node] | None:
    """The line and the value of a key, or of an item by its number."""
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # of two that are the same the last one counts
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item: yaml.Node = node.value[int(step)]
        return item.start_mark.line + 1, item
    return None
