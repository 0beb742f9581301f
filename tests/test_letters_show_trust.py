"""No letter of ours, whatever the case, holds a word by which the customer hears distrust."""

from collections.abc import Iterator

import pytest
from letters import LANGUAGES, LETTERS, written

from bot.checking import check
from bot.house import House, open_house
from bot.rules.sentences import sentences


@pytest.fixture(scope="module")
def house() -> House:
    return open_house()


def _said(letter: str, language: str) -> Iterator[tuple[str, str]]:
    """Each sentence that the letter may hold, and the two that may stand together."""
    # Many cases have the same letter: each text is taken apart once.
    for text in dict.fromkeys(each.text for each in written(language, letter)):
        places = sentences(text)
        for place, sentence in enumerate(places):
            following = places[place + 1] if place + 1 < len(places) else sentence
            yield text[sentence.start : sentence.end], text[sentence.start : following.end]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trust_check_finds_nothing_in_any_letter(house: House, language: str) -> None:
    said: dict[str, str] = {}
    for letter in LETTERS:
        for sentence, together in _said(letter, language):
            said.setdefault(sentence, together)
    found = {
        sentence: [(finding.category, finding.text) for finding in findings]
        for sentence, together in said.items()
        if (findings := check(house, sentence, language=language))
        and check(house, together, language=language)
    }
    assert not found, f"{len(found)} of {len(said)}: {found}"
