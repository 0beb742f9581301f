"""A few words of anger are anger: they are answered as a complaint, and never thanked for."""

import pytest

from bot.house import House, open_house
from bot.rules.reading import read_message

ANGRY = """
Jeg er rasende!
Nu har jeg fået nok.
Det her er vanvittigt.
Det er simpelthen svindel.
Hold da kæft, hvor er jeg vred.
Dette er svindel.
Jeg handler aldri hos dere igjen.
Eg er rasande!
Eg er kjempesint.
Jag är förbannad.
Det här är bedrägeri.
I am livid.
I'm so angry!
Never buying from you again.
"""
UNHAPPY = """
Meget utilfreds.
Eg er skuffa.
Jag är besviken.
Not happy.
"""
PLEASED = """
Skide godt!
Vanvittig god service!
Jævlig bra service!
Jävligt bra jobbat!
Fucking great service!
Jeg er vild med lampen!
"""
CALM = """
Jeg er ikke vred.
I'm not angry, just curious.
Jag är inte arg.
Jeg er ikke sint.
"""


@pytest.fixture(scope="module")
def our_house() -> House:
    return open_house()


def read(house: House, text: str) -> tuple[str, int]:
    """The first intent and the feeling, by words and network together."""
    scores, judged = house.languages.scores(text), house.reader.scores(text)
    reading = read_message(text, house.packs, scores=scores, judged=judged, house_language="da")
    return reading.intents[0].name, reading.feeling


@pytest.mark.parametrize("text", ANGRY.split("\n")[1:-1])
def test_anger_in_few_words_is_anger(our_house: House, text: str) -> None:
    assert read(our_house, text) == ("service_complaint", 2)


@pytest.mark.parametrize("text", UNHAPPY.split("\n")[1:-1])
def test_disappointment_in_few_words_is_a_complaint(our_house: House, text: str) -> None:
    assert read(our_house, text) == ("service_complaint", 1)


@pytest.mark.parametrize("text", PLEASED.split("\n")[1:-1])
def test_strong_words_of_joy_are_joy(our_house: House, text: str) -> None:
    assert read(our_house, text) == ("praise", 0)


@pytest.mark.parametrize("text", CALM.split("\n")[1:-1])
def test_who_denies_anger_is_calm(our_house: House, text: str) -> None:
    assert read(our_house, text)[1] == 0


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Jeg er rasende, hvor er min pakke?", "late_delivery"),
        ("Svindel! I har trukket 499 kr. to gange.", "double_charge"),
        ("I am furious, the lamp arrived broken", "damaged_item"),
    ],
)
def test_who_names_a_matter_is_answered_about_it(our_house: House, text: str, intent: str) -> None:
    assert read(our_house, text)[0] == intent
