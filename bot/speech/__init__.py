"""What Tillid says to colleagues, in their language.

The code says it in English; `da.po`, `nb.po` and `sv.po` beside this file hold the same in Danish, Norwegian and
Swedish, and `python -m bench.speech` keeps them in step with the code. What is not translated is said in English.
Customers never read any of it: their letters are templates.

Which language it is depends on who reads: what stands in a channel is for everybody and in the house's
`desk_language`; what one colleague sees (a window, a refusal, their Home) is in the language they chose.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

#: The languages we speak to colleagues in, as each calls itself; the first is the one in the code.
SPOKEN = {"en": "English", "da": "Dansk", "nb": "Norsk", "sv": "Svenska"}
ENGLISH = "en"
#: What may stand in a place of a text: as it is, or worded in a language that is known later.
Worded = str | int | Callable[[str], str]
_for_all: ContextVar[str] = ContextVar("for_all", default=ENGLISH)
_for_one: ContextVar[str | None] = ContextVar("for_one", default=None)


def say(text: str, /, **values: object) -> str:
    """`text` in the language of whoever reads it now, with `values` in the places of {names}.

    `text` is a constant, or what `mark` made of one. Without values it is said as it is, braces and all.
    """
    return _said(text, spoken(), values)


def say_number(number: int, one: str, many: str, /, **values: object) -> str:
    """Whichever of both texts goes with `number`, which stands in them as {number}."""
    return _catalogue(spoken()).ngettext(one, many, number).format(number=number, **values)


def say_to_all(text: str, /, **values: object) -> str:
    """`text` as everybody in the channel reads it, whoever caused it: for what is posted or stored."""
    return _said(text, _for_all.get(), values)


def say_in(language: str, text: str, /, **values: object) -> str:
    """`text` in that language, whoever reads."""
    return _said(text, nearest(language), values)


def mark(text: str, /, **values: Worded) -> str:
    """`text` in English, to be said in whatever language later: where `say` is given what this returns.

    A value that is worded differently in every language, such as a day, is given as a function of the language.
    """
    return Marked(text, values) if values else text


class Marked(str):
    """A text in English that remembers what it was made of."""

    text: str
    values: Mapping[str, Worded]

    def __new__(cls, text: str, values: Mapping[str, Worded]) -> "Marked":
        """`text` with the values in their places, worded in English."""
        made = super().__new__(cls, text.format(**_worded(values, ENGLISH)))
        made.text, made.values = text, values
        return made


def to_keep(text: str) -> str:
    """`text` as it is stored: in the channel's language where it holds values, else as it is, to be said when shown."""
    return say_to_all(text) if isinstance(text, Marked) else text


def spoken() -> str:
    """The language of whoever reads now: en, da, nb or sv."""
    return _for_one.get() or _for_all.get()


def chosen() -> str:
    """The language that the one person who reads now has chosen; empty where nobody did, or everybody reads."""
    return _for_one.get() or ""


def speak(for_all: str, for_one: str = "") -> None:
    """From here on, in this task, speak to the channel in one language, and to a person in theirs if they chose."""
    _for_all.set(nearest(for_all))
    _for_one.set(nearest(for_one) if for_one else None)


@contextmanager
def speaking(for_all: str, for_one: str = "") -> Iterator[None]:
    """The same for as long as the block lasts."""
    before = _for_all.set(nearest(for_all)), _for_one.set(nearest(for_one) if for_one else None)
    try:
        yield
    finally:
        _for_all.reset(before[0])
        _for_one.reset(before[1])


def nearest(language: str) -> str:
    """The language we speak in place of that one: Bokmål for Nynorsk, English for what we do not speak."""
    return language if language in SPOKEN else {"nn": "nb"}.get(language, ENGLISH)


def _said(text: str, language: str, values: dict[str, object]) -> str:
    if isinstance(text, Marked):
        return _said(text.text, language, _worded(text.values, language))
    # A catalogue answers the empty text with its own description.
    said = _catalogue(language).gettext(text) if text else ""
    return said.format(**values) if values else said


def _worded(values: Mapping[str, Worded], language: str) -> dict[str, object]:
    return {name: value(language) if callable(value) else value for name, value in values.items()}


@lru_cache(maxsize=len(SPOKEN))
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    file = files("bot.speech") / f"{language}.po"
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return Translations(compiled)
