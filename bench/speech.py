"""Bring the catalogues of `bot/speech` into step with the code: `python -m bench.speech`.

New texts are added without a translation, texts that are gone are dropped, and what stands there stays. Prints what
is left to translate; `--check` changes nothing and ends with 1 where something is missing or out of date.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.speech import ENGLISH, SPOKEN

HERE = Path(__file__).parent.parent
SPEECH = HERE / "bot" / "speech"
#: What marks a text in the code; numbers say which arguments are the texts.
KEYWORDS = {"say": None, "say_to_all": None, "mark": None, "say_number": (2, 3)}


def said_in_code() -> Catalog:
    """Every text that the code says to colleagues, with the files it stands in."""
    catalogue = Catalog()
    found = extract_from_dir(HERE / "bot", [("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True)
    for name, _line, message, _comments, context in found:
        # Files only: with lines every change of code would be a change of every catalogue.
        catalogue.add(message, locations=[(f"bot/{Path(name).as_posix()}", 0)], context=context)
    return catalogue


def brought_up_to_date(language: str, said: Catalog) -> Catalog:
    """The catalogue of a language with what is said now, and nothing else."""
    path = SPEECH / f"{language}.po"
    if not path.exists():
        catalogue = Catalog(locale=language, project="Tillid", fuzzy=False)
    else:
        with path.open("rb") as opened:
            catalogue = read_po(opened, locale=language)
    catalogue.update(said, no_fuzzy_matching=True)
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
