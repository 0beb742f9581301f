"""Odd texts, read as the program reads them: with the scores of both models. No exception, and always the same."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from bot.house import House, open_house
from bot.rules.facts import Reading
from bot.rules.reading import read_message
from bot.rules.scores import NO_SCORES

ODD = {
    "nothing": "",
    "blanks": "  \n\t \u00a0\n",
    "one emoji": "😀",
    "only digits": "12345678901234567890",
    "control characters": "\x00\x01\x1b[31m\x7f\u202e\u200b",
    "half a character": "\ud83d",
    "greek": "Γεια σας, πού είναι η παραγγελία μου;",
}
PLAIN = {
    "only a signature": "Mvh\nPer\n-- \nPer Persen\nTlf 12 34 56 78",
    "mixed languages": "Hej, jag vill have mine penger tilbake, danke. Where is pakken?",
    "controls between words": "hvor\x00 er\x1b[31m \u202emin\x7f pakke\u200b?",
    "Danish": "Hej, jeg er blevet trukket to gange for ordre 10432, 499 kr. hver gang. Hvornår får jeg pengene igen?",
    "Swedish": "Hej, lampan kom trasig i dag och jag är riktigt besviken. Kan ni skicka en ny?",
    "English": "I have waited three weeks for my parcel and nobody answers. This is the last time I order from you.",
}
TEXTS = ODD | PLAIN


@cache
def house() -> House:
    return open_house(None)


def read(text: str) -> Reading:
    own = house()
    scores, judged = own.languages.scores(text), own.reader.scores(text)
    return read_message(
        text, own.packs, subject=text, scores=scores, judged=judged, house_language=own.language
    )


@pytest.mark.parametrize("name", TEXTS)
def test_odd_text_is_read_without_an_error_and_twice_the_same(name: str) -> None:
    found = read(TEXTS[name])
    assert found == read(TEXTS[name])
    assert found.intents and found.feeling in (0, 1, 2)
    assert 0.0 <= found.language_confidence <= 1.0


@pytest.mark.parametrize("name", ODD)
def test_where_nothing_is_said_that_we_can_read_nothing_is_claimed(name: str) -> None:
    assert house().reader.scores(ODD[name]) == NO_SCORES
    found = read(ODD[name])
    assert [intent.name for intent in found.intents] == ["other"]
    assert (found.feeling, found.urgent, found.second_bad_experience) == (0, False, False)
    assert (found.amounts, found.owner_only) == ((), None)
    assert found.language_confidence < 0.6


def test_eight_threads_read_what_one_reads() -> None:
    texts = [*TEXTS.values()] * 4
    expected = [read(text) for text in texts]
    assert any(reading.amounts for reading in expected) and any(reading.feeling for reading in expected)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == expected
