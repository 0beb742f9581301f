"""What the trust linter reads of a text: up to a limit, and in English where it does not know the language."""

import pytest
from test_linting import LANGUAGES, LEXICON, found

from bot.rules.linting import lint
from bot.rules.sentences import MAX_CHARACTERS


@pytest.mark.parametrize("language", ["de", "fi", "", "xx"])
def test_a_language_without_a_lexicon_is_read_in_english(language: str) -> None:
    assert found("We need proof before we can help.", language) == {"demands_proof"}


@pytest.mark.parametrize("text", ["", " \n\n", "🎉", "-- \nMette", "...", '"', ">"])
def test_a_text_without_words_has_no_findings(text: str) -> None:
    assert all(lint(text, LEXICON, language=language) == () for language in LANGUAGES)


@pytest.mark.parametrize(
    "unit", ["send ", "a", ".", "\n", '"', "> ", "du skal ", "a-", "kan du ... ", "send\u200b", "hej "]
)
def test_a_huge_text_is_cut_before_it_is_read(unit: str) -> None:
    huge = unit * (100_000 // len(unit)) + ". Det er vores politik."
    assert all(finding.end <= MAX_CHARACTERS for finding in lint(huge, LEXICON, language="da"))
    assert "policy_hiding" not in found(huge, "da")


def test_the_last_sentence_within_the_limit_is_still_read() -> None:
    phrase = "Det er vores politik."
    assert "policy_hiding" in found("x" * (MAX_CHARACTERS - len(phrase) - 2) + ". " + phrase, "da")
