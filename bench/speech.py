"""Bring the catalogues of `bot/speech` into step with the code: `python -m bench.speech`.

New texts are added without a translation, texts that are gone are dropped, and what stands there stays. Prints what
is left to translate; `--check` changes nothing and ends with 1 where something is missing or out of date.
"""

import ast
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.speech import ENGLISH, SPOKEN

HERE = Path(__file__).parent.parent
SPEECH = HERE / "bot" / "speech"
#: What says a text in the code, and which of its arguments are texts.
SAYING = {
    "say": slice(0, 1),
    "say_to_all": slice(0, 1),
    "mark": slice(0, 1),
    "say_in": slice(1, 2),
    "say_number": slice(1, 3),
}


def said_in_code() -> Catalog:
    """Every text that the code says to colleagues, with the files it stands in.

    Read as syntax: Babel's own reader misses texts inside f-strings and within other calls.
    """
    catalogue = Catalog()
    for path in sorted((HERE / "bot").rglob("*.py")):
        # Files only: with lines every change of code would be a change of every catalogue.
        place = [(path.relative_to(HERE).as_posix(), 0)]
        for texts in _said(ast.parse(path.read_text(encoding="utf-8"))):
            catalogue.add(texts if len(texts) > 1 else texts[0], locations=place)
    return catalogue


def _said(module: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            given = node.args[SAYING[node.func.id]]
            texts = tuple(
                each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
            if texts and len(texts) == len(given):
                yield texts


def brought_up_to_date(language: str, said: Catalog) -> Catalog:
    """The catalogue of a language with what is said now, and nothing else."""
    path = SPEECH / f"{language}.po"
    if not path.exists():
        catalogue = Catalog(locale=language, project="Tillid", fuzzy=False)
    else:
        with path.open("rb") as opened:
            catalogue = read_po(opened, locale=language)
    # A copy: the messages themselves go over, and would get the translations of every language in turn.
    catalogue.update(deepcopy(said), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that nobody has translated, or only half."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    ]


def main() -> int:
    """Write the catalogues, or with --check only look."""
    said, missing = said_in_code(), 0
    for language in SPOKEN:
        if language == ENGLISH:
            continue
        catalogue = brought_up_to_date(language, said)
        left = untranslated(catalogue)
        missing += len(left)
        print(f"{language}: {len(catalogue)} texts, {len(left)} to translate")
        for text in left[:10]:
            print(f"  {text[:100]}")
        if "--check" not in sys.argv:
            with (SPEECH / f"{language}.po").open("wb") as opened:
                write_po(
                    opened, catalogue, width=110, omit_header=True, include_lineno=False, sort_output=True
                )
    return 1 if missing and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
