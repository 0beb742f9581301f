"""The linter's word lists: the small pattern language, and what is said about a malformed list."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.rules.lexicon import CATEGORIES
from bot.rules.linting import Finding, Lexicon, compile_lexicon, lint


def _pack(**changes: Any) -> dict[str, Any]:
    category = {
        "severity": {"complaint": "high", "usual": "high", "small_talk": "low"},
        "why": "Because.",
        "phrases": ["red flag"],
        "rewrites": [{"text": "All is well."}],
    }
    changed = {**category, **changes}
    return {
        "contrast": "but",
        "words": {"colour": "red | blue"},
        "categories": {name: changed if name == "blame" else category for name in CATEGORIES},
    }


def _mini(**changes: Any) -> Lexicon:
    return compile_lexicon({"en": _pack(**changes)})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"why": ""}, "en: categories.blame.why: must be a text"),
        ({"phrases": "red"}, "en: categories.blame.phrases: must be a list"),
        ({"phrases": ["<shade> flag"]}, "en: categories.blame.phrases[0]: there is no word list 'shade'"),
        ({"phrases": ["ok", "(red flag"]}, "en: categories.blame.phrases[1]: '(' without ')'"),
        ({"phrases": ["red) flag"]}, "en: categories.blame.phrases[0]: 'red) flag' has a stray ')'"),
        ({"phrases": ["a ... b ... c ... d ... e"]}, "en: categories.blame.phrases[0]: too many gaps"),
        ({"phrases": ["[red]"]}, "en: categories.blame.phrases[0]: '[red]' would match anything"),
        ({"phrases": ["(red|)"]}, "en: categories.blame.phrases[0]: an empty choice"),
        ({"phrases": ["re?d"]}, "en: categories.blame.phrases[0]: 're?d' is not a word"),
        ({"phrase": []}, "en: categories.blame.phrase: is not known here"),
        (
            {"severity": {"complaint": "high"}},
            "en: categories.blame.severity: needs complaint, usual, small_talk",
        ),
        (
            {"rewrites": [{"text": "x", "when": ["red"]}]},
            "en: categories.blame.rewrites: must end with a text",
        ),
        ({"allowed": []}, "en: categories.blame.allowed: must be a mapping"),
    ],
)
def test_a_malformed_list_is_refused_by_language_and_key(changes: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError) as refused:
        _mini(**changes)
    assert complaint in str(refused.value)


def test_a_word_list_that_contains_itself_is_refused() -> None:
    pack = _pack() | {"words": {"colour": "red | <shade>", "shade": "dark | <colour>"}}
    with pytest.raises(ValueError, match="contains itself"):
        compile_lexicon({"en": pack})


def test_borrowing_from_a_missing_language_is_refused() -> None:
    with pytest.raises(ValueError, match="nn: borrows: there is no pack 'nb'"):
        compile_lexicon({"nn": _pack() | {"borrows": ["nb"]}})


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("red flag", "a Red, flag", "a redder flag"),
        ("flag*", "two flags", "a redflag"),
        ("*flag", "a redflag", "two redflags"),
        ("<colour> flag", "a blue flag", "a green flag"),
        ("red [little] flag", "red flag", "red big flag"),
        ("red .. flag", "red and small flag", "red and very small flag"),
        (
            "red ... flag",
            "red one two three four five six flag",
            "red one two three four five six seven flag",
        ),
        ("^red", "red it is", "it is red"),
        ("red$", "it is red.", "red it is"),
        ("red & flag", "a flag in red", "a flag"),
        ("(dark red|pale) flag", "one pale flag", "one dark flag"),
    ],
)
def test_the_pattern_language_does_what_its_description_says(pattern: str, hits: str, misses: str) -> None:
    lexicon = _mini(phrases=[pattern])

    def found(text: str) -> bool:
        return "blame" in {f.category for f in lint(text, lexicon, language="en")}

    assert found(hits)
    assert not found(misses)


def test_a_finding_says_what_it_found_and_why() -> None:
    found = lint("One red flag here.", _mini(), language="en", intent="praise")
    assert Finding("blame", "low", 4, 12, "red flag", "Because.", "All is well.") in found
