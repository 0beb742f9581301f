"""What is written instead of a sentence that shows distrust: nothing that it says of days and times is lost."""

import pytest

from bot.house import open_house
from bot.rules.lexicon import Rewrite
from bot.rules.rewriting import rewritten_sentence
from bot.rules.sentences import sentences

LEXICON = open_house().lexicon
PROMISES = {
    "da": ("sender en ny", "pengene er på vej", "afhenter", "uden beregning"),
    "nb": ("sender en ny", "pengene er på vei", "henter"),
    "nn": ("sender ei ny", "pengane er på veg", "hentar vi"),
    "sv": ("skickar en ny", "pengarna är på väg", "hämtar"),
    "en": ("sending a new", "a new one", "on its way to your", "collect it"),
}


def rewrite(text: str, language: str, category: str, span: str = "") -> str:
    (sentence,) = sentences(text)
    pack = LEXICON.languages[language]
    (wanted,) = (each for each in pack.categories if each.name == category)
    start = text.index(span) if span else 0
    place = (start, start + len(span)) if span else (0, len(text))
    return rewritten_sentence(text, sentence, place, wanted, pack, None)


@pytest.mark.parametrize(
    ("language", "text", "opening", "rest"),
    [
        ("da", "Som allerede nævnt tager det fem dage.", "Som allerede nævnt", "Det tager fem dage."),
        ("da", "Bemærk venligst, at varen er udsolgt til fredag.", "Bemærk venligst", "Varen er udsolgt til fredag."),
        ("nb", "Som tidligere nevnt tar det fem dager.", "Som tidligere nevnt", "Det tar fem dager."),
        ("nn", "Som tidlegare nemnt tek det fem dagar.", "Som tidlegare nemnt", "Det tek fem dagar."),
        ("sv", "Som jag redan har skrivit tar det fem dagar.", "Som jag redan har skrivit", "Det tar fem dagar."),
        ("en", "As I told you, it takes five working days.", "As I told you", "It takes five working days."),
        ("en", "Please note that the shop is closed on Friday.", "Please note", "The shop is closed on Friday."),
    ],
)  # fmt: skip
def test_where_only_the_opening_is_at_fault_the_rest_stays(
    language: str, text: str, opening: str, rest: str
) -> None:
    assert rewrite(text, language, "coldness", opening) == rest


@pytest.mark.parametrize(
    ("language", "text", "opening"),
    [
        ("da", "Bemærk venligst, at vi ikke bytter varen.", "Bemærk venligst"),
        ("sv", "Observera att vi inte byter varan i dag.", "Observera"),
        ("da", "Som allerede nævnt er sagen lukket.", "sagen lukket"),
    ],
)
def test_the_rest_stays_only_where_its_words_are_in_order_and_it_is_not_at_fault_itself(
    language: str, text: str, opening: str
) -> None:
    said = rewrite(text, language, "coldness", opening)
    assert said in {each.text for each in _rewrites(language, "coldness")}


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("da", "Du skal returnere varen inden for 14 dage.", "14 dage"),
        ("nb", "Du må returnere varen innen 14 dager.", "14 dager"),
        ("nn", "Du må returnere vara innan 14 dagar.", "14 dagar"),
        ("sv", "Du måste returnera varan inom 14 dagar.", "14 dagar"),
        ("en", "You must return the item within 14 days.", "14 days"),
    ],
)
def test_a_duty_put_kinder_keeps_its_days(language: str, text: str, kept: str) -> None:
    assert kept in rewrite(text, language, "command_tone")


@pytest.mark.parametrize("language", ["da", "nb", "nn", "sv", "en"])
def test_a_demand_taken_back_keeps_no_deadline(language: str) -> None:
    demands = {
        "da": "Send et billede af skaden inden for 14 dage.",
        "nb": "Send et bilde av skaden innen 14 dager.",
        "nn": "Send eit bilete av skaden innan 14 dagar.",
        "sv": "Skicka en bild på skadan inom 14 dagar.",
        "en": "Send a photo of the damage within 14 days.",
    }
    assert "14" not in rewrite(demands[language], language, "demands_proof")


@pytest.mark.parametrize("language", ["da", "nb", "nn", "sv", "en"])
def test_no_rewrite_promises_goods_or_money(language: str) -> None:
    for category in LEXICON.languages[language].categories:
        for each in category.rewrites:
            assert not any(promise in each.text.casefold() for promise in PROMISES[language]), each.text


def _rewrites(language: str, category: str) -> tuple[Rewrite, ...]:
    (wanted,) = (each for each in LEXICON.languages[language].categories if each.name == category)
    return wanted.rewrites
