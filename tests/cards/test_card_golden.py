"""Every card, window and Home is the one that was agreed, none is forgotten, and each is legal in every language."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import pytest
from card_views import errors_of, walked
from golden_files import OTHER_LANGUAGES, RENEW, cases, kept, made_in, places, written

import bot.cards
from bot.cards.letter import origin
from bot.cards.presses import next_button, quiet_menu, undo_button
from bot.cards.reasons import why_this_answer
from bot.cards.shapes import Block, Card
from bot.cards.stack_cards import undo_button as undo_stack_button
from bot.cards.texts import ELLIPSIS
from bot.sandbox.slackcheck import check_view
from bot.speech import ENGLISH

#: Modules and functions that make pieces of a card or window, which nobody sees alone.
PIECES_IN = ("bot.cards.elements", "bot.cards.views")
PIECES: set[Callable[..., Any]] = {
    origin,
    next_button,
    quiet_menu,
    undo_button,
    undo_stack_button,
    why_this_answer,
}
#: Words of ours: they are cut where they do not fit, so a longer translation would lose its end.
OWN_WORDS = ("title", "submit", "close", "confirm", "deny", "label", "placeholder")
#: What lists letters by their names stands in another order in every language.
BY_ALPHABET = {"wording_choose"}


def builders() -> dict[str, Callable[..., Any]]:
    """Every public function of the cards that gives a card or a view, by its annotation."""
    found: dict[str, Callable[..., Any]] = {}
    for each in iter_modules(bot.cards.__path__, "bot.cards."):
        module = import_module(each.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != each.name or name.startswith("_"):
                continue
            if get_type_hints(function).get("return") in (Card, Block):
                found[f"{each.name}.{name}"] = function
    return found


def problems(made: Any) -> list[str]:
    """What Slack would refuse."""
    return errors_of(made) if isinstance(made, Card) else check_view(made)


def bones(made: Any) -> list[tuple[Any, ...]]:
    """What a program reads in it."""
    names = ("type", "action_id", "block_id", "callback_id", "value", "private_metadata", "style")
    return [tuple(one.get(name) for name in names) for one in walked(_blocks(made))]


def shortened(made: Any) -> list[str]:
    """Where words of ours were cut, each by its place."""
    return sorted(where for where, said in _said(_blocks(made), "") if said.endswith(ELLIPSIS))


def _blocks(made: Any) -> Any:
    return made.blocks if isinstance(made, Card) else made


def _said(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _said(each, f"{where}/{number}")
    elif isinstance(value, dict):
        is_ours = value.get("type") == "button" or "deny" in value
        for name, each in value.items():
            if name in OWN_WORDS or (name == "text" and is_ours):
                yield f"{where}/{name}", str(each.get("text"))
            yield from _said(each, f"{where}/{name}")


@pytest.mark.parametrize("place", places(), ids=lambda place: place.stem)
def test_it_is_the_one_that_was_agreed(place: Path) -> None:
    assert place.exists(), f"{place.name} is not there yet: {RENEW}"
    agreed = place.read_text(encoding="utf-8").splitlines()
    assert written(*places()[place]).splitlines() == agreed, f"If this is meant: {RENEW}"


def test_there_is_no_golden_file_too_many() -> None:
    assert {each.name for each in kept() - places().keys()} == set(), f"No case makes these any more: {RENEW}"


def test_every_builder_has_a_golden_file() -> None:
    agreed_on = {each.func for each in cases().values()}
    forgotten = {
        name
        for name, function in builders().items()
        if function not in agreed_on | PIECES and function.__module__ not in PIECES_IN
    }
    assert forgotten == set(), "Add a case to one of tests/cards/golden_*.py"


def test_what_makes_only_a_piece_has_no_golden_file() -> None:
    assert set(builders().values()) >= PIECES
    assert not {each.func for each in cases().values()} & PIECES


@pytest.mark.parametrize("language", [ENGLISH, *OTHER_LANGUAGES])
def test_it_is_legal_in_every_language(language: str) -> None:
    refused = {name: problems(made) for name, made in made_in(language).items()}
    assert {name: errors for name, errors in refused.items() if errors} == {}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_in_another_language_only_the_words_differ(language: str) -> None:
    english, made = made_in(ENGLISH), made_in(language)
    for name in BY_ALPHABET:
        assert sorted(map(repr, bones(made[name]))) == sorted(map(repr, bones(english[name])))
    differ = [name for name in made if bones(made[name]) != bones(english[name])]
    assert set(differ) <= BY_ALPHABET


def test_nothing_we_say_ourselves_is_cut() -> None:
    assert {name: found for name, made in made_in(ENGLISH).items() if (found := shortened(made))} == {}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_no_translation_is_too_long_for_its_place(language: str) -> None:
    assert {name: found for name, made in made_in(language).items() if (found := shortened(made))} == {}
