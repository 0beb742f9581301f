"""The measuring set of the trust linter: its form, its halves, and that the figures are counted right."""

from collections import Counter

import pytest

from bench.linting import (
    CLEAN,
    DRAFTS,
    HALVES,
    Draft,
    Linted,
    by_words,
    drafts,
    false_alarms,
    linted,
    recall,
    table,
)
from bot.rules.lexicon import CATEGORIES, Lexicon
from bot.rules.linting import Finding

LANGUAGES = ("da", "nb", "nn", "sv", "en")
EVERY = drafts()
FINDING = Finding("blame", "high", 0, 3, "You", "why.", "Rewrite.")


def test_every_line_has_a_language_a_category_and_a_text() -> None:
    lines = DRAFTS.read_text("utf-8").splitlines()
    assert lines[0] == "language\tcategory\ttext"
    assert all(len(line.split("\t")) == 3 for line in lines)
    assert {draft.language for draft in EVERY} == set(LANGUAGES)
    assert all(draft.category in (*CATEGORIES, CLEAN) for draft in EVERY)
    assert all(draft.text and draft.text == draft.text.strip() for draft in EVERY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_thirty_faulty_and_thirty_clean_drafts_at_least(language: str) -> None:
    clean = [draft.category == CLEAN for draft in EVERY if draft.language == language]
    assert sum(clean) >= 30
    assert len(clean) - sum(clean) >= 30


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_is_in_both_halves_of_every_language(language: str, half: str) -> None:
    mine = {draft.category for draft in EVERY if (draft.language, draft.half) == (language, half)}
    assert mine == {*CATEGORIES, CLEAN}


def test_no_text_is_there_twice_in_a_language() -> None:
    assert max(Counter((draft.language, draft.text) for draft in EVERY).values()) == 1


def test_the_same_draft_of_every_language_has_one_category_and_one_half() -> None:
    places = {(draft.place, draft.category, draft.half) for draft in EVERY}
    assert len(places) * len(LANGUAGES) == len(EVERY)


def test_a_linter_without_words_finds_nothing_and_alarms_nobody() -> None:
    cases = linted("test", by_words(Lexicon({})))
    assert {case.draft.half for case in cases} == {"test"}
    assert (recall(cases), false_alarms(cases)) == (0.0, 0.0)


def test_a_finding_counts_under_its_own_category_only_and_any_finding_is_a_false_alarm() -> None:
    cases = [
        Linted(Draft("en", "blame", "You did it.", 1), (FINDING,)),
        Linted(Draft("en", "coldness", "You again.", 2), (FINDING,)),
        Linted(Draft("en", CLEAN, "You are right.", 3), (FINDING,)),
        Linted(Draft("en", CLEAN, "Thanks.", 4), ()),
    ]
    assert (recall(cases), false_alarms(cases)) == (0.5, 0.5)
    shown = table(cases).splitlines()
    assert "| **recall** | 0.500 (1/2) | 0.500 (1/2) |" in shown
    assert "| **falsely flagged** | 0.500 (1/2) | 0.500 (1/2) |" in shown
