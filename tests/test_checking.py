"""The trust check as agents meet it: the word lists and the network over one text."""

import pytest

from bot.checking import check
from bot.house import House, open_house
from bot.rules.linting import lint
from bot.speech import speaking


@pytest.fixture(scope="module")
def house() -> House:
    return open_house()


def heard(house: House, text: str, language: str, **more: object) -> list[tuple[str, str]]:
    found = check(house, text, language=language, **more)  # type: ignore[arg-type]  # keywords of check
    return [(finding.category, finding.text) for finding in found]


@pytest.mark.parametrize(
    ("language", "category", "text"),
    [
        ("da", "system_says", "Jeg har været loggen igennem, og der er ikke foretaget noget opkald fra dig."),
        ("nb", "system_says", "Opptaket av samtalen viser noe annet enn det du beskriver."),
        ("nn", "command_tone", "Medlemskortet skal alltid visast fram uoppfordra."),
        ("sv", "blame", "Man får ju vara lite försiktig med sådana här skärmar."),
        ("en", "make_repeat", "You will have to take that up with the people who installed it."),
    ],
)
def test_distrust_that_no_word_list_names_is_found(
    house: House, language: str, category: str, text: str
) -> None:
    assert lint(text, house.lexicon, language=language) == ()
    (found,) = heard(house, text, language)
    assert found[0] == category
    assert found[1] in text


def test_findings_lie_where_the_words_are(house: House) -> None:
    text = "Hej Mette.\n\nTak for din mail. Systemet siger, at pakken er leveret.\n\nSådan er reglerne bare."
    for finding in check(house, text, language="da"):
        assert text[finding.start : finding.end] == finding.text


def test_what_the_word_lists_excuse_needs_more_than_a_suspicion(house: House) -> None:
    assert house.reader.heard("Eg tek kontakt med fraktselskapet for deg.").shares["make_repeat"] > 0.65
    assert heard(house, "Eg tek kontakt med fraktselskapet for deg.", "nn") == []


def test_the_next_sentence_can_make_it_good(house: House) -> None:
    asked = "Har du mulighed for at tage et billede af skaden?"
    assert heard(house, f"{asked} Det er helt frivilligt, og du får en ny uanset hvad.", "da") == []


def test_a_customer_who_is_quoted_is_not_read(house: House) -> None:
    assert heard(house, "> Det er jeres egen skyld\n\nDu har ret, og det var vores fejl.", "da") == []


def test_a_recommendation_may_be_asked_for_where_it_is_in_order(house: House) -> None:
    text = "Kender du nogen, der også kunne få glæde af den?"
    assert [category for category, _ in heard(house, text, "da")] == ["premature_referral"]
    assert heard(house, text, "da", referral_allowed=True) == []


def test_the_same_text_is_the_same_to_the_check_whatever_was_read_before(house: House) -> None:
    text = "Der er desværre ikke noget at gøre. Vi tager den ikke retur."
    first = check(house, text, language="da")
    house.reader.scores("Hvor er min pakke?")
    assert first == check(house, text, language="da") != ()


def test_empty_text_and_other_letters_are_in_order(house: House) -> None:
    for text in ("", "   ", "Πού είναι το δέμα μου;", "\x00"):
        assert check(house, text, language="da") == ()


@pytest.mark.parametrize(
    ("language", "closing"),
    [
        ("da", "Venlig hilsen\n‹agent›"),
        ("nb", "Vennlig hilsen\nIngrid"),
        ("nn", "Venleg helsing\n‹agent›"),
        ("sv", "Vänliga hälsningar\nElin"),
        ("en", "Kind regards\n‹agent›"),
    ],
)
def test_a_closing_with_whatever_name_is_in_order(house: House, language: str, closing: str) -> None:
    assert heard(house, f"Hej Mette,\n\n{closing}", language) == []


@pytest.mark.parametrize("language", ["da", "nb", "sv", "en"])
def test_why_is_told_in_the_readers_language_and_kinder_words_in_the_customers(
    house: House, language: str
) -> None:
    with speaking(language):
        (found,) = check(house, "Send et billede som bevis.", language="da", intent="damaged_item")
    whys = {each.name: each.why for each in house.lexicon.languages[language].categories}
    assert found.why == whys["demands_proof"]
    assert (
        found.rewrite
        == check(house, "Send et billede som bevis.", language="da", intent="damaged_item")[0].rewrite
    )
