"""Which language a customer writes, and when an earlier one wins."""

import pytest
from reading_support import labelled, packs, read

from bot.rules.language import read_language
from bot.rules.words import prepare


@pytest.mark.parametrize(
    ("language", "share"), [("da", 0.85), ("nb", 0.88), ("nn", 0.75), ("sv", 0.92), ("en", 0.97)]
)
def test_most_single_messages_show_their_language(language: str, share: float) -> None:
    texts = [
        text for name in ("dev", "heldout") for rows in labelled(name)[language].values() for text in rows
    ]
    right = sum(read(text).language == language for text in texts)
    assert right / len(texts) >= share


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hej, jeg har ikke fået min pakke endnu, og det er altså en gave. Hvad gør jeg nu?", "da"),
        ("Hei, jeg har ikke fått pakken min ennå, og det er en gave. Hva gjør jeg nå?", "nb"),
        ("Hei, eg har ikkje fått pakken min enno, og det er ei gåve. Kva gjer eg no?", "nn"),
        ("Hej, jag har inte fått mitt paket än och det är en present. Vad gör jag nu?", "sv"),
        ("Hi, I have not had my parcel yet and it is a present. What do I do now?", "en"),
        ("Hallo, ich habe mein Paket noch nicht bekommen. Wann kommt es an?", "de"),
        ("Hei, en ole vielä saanut pakettiani. Milloin se saapuu perille?", "fi"),
    ],
)
def test_a_plain_message_of_each_language_is_recognised(text: str, language: str) -> None:
    reading = read(text)
    assert reading.language == language
    assert reading.language_confidence > 0.8


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("jag har inte fatt nagot paket an, nar kommer det? jag ar valdigt besviken", "sv"),
        ("jeg har stadig ikke faaet min pakke, hvornaar kommer den? jeg er traet af at vente", "da"),
        ("eg har ikkje fatt pakken enno, nar kjem han? eg har venta i tre veker", "nn"),
    ],
)
def test_missing_letters_do_not_hide_the_language(text: str, language: str) -> None:
    assert read(text).language == language


def test_nynorsk_needs_two_words_of_its_own_and_none_of_bokmaal() -> None:
    assert read("Eg ventar på svar, ikkje noko anna").language == "nn"
    assert read("Eg har ventet lenge og har ikke fått noe svar fra dere").language == "nb"


def test_one_nynorsk_word_is_enough_for_who_wrote_it_before() -> None:
    assert read("Kan eg få svar i dag?", known=["nn"]).language == "nn"


@pytest.mark.parametrize("text", ["ok", "Thanks!", "Jeg kan ikke logge inn", "Super", "Kan ikke logge ind"])
def test_a_short_message_keeps_the_language_of_the_earlier_ones(text: str) -> None:
    assert read(text, known=["en", "sv"]).language == "sv"


def test_unmistakable_words_change_the_language_even_in_a_short_message() -> None:
    assert read("Where is my parcel? Please help", known=["da"]).language == "en"


def test_a_long_message_in_another_language_changes_it() -> None:
    text = "I would like to know when my order will arrive, because I am leaving the country on Friday."
    assert read(text, known=["da", "da"]).language == "en"


def test_the_latest_known_language_counts_most() -> None:
    assert read("ok", known=["da", "sv"]).language == "sv"


def test_the_mail_domain_decides_between_sisters() -> None:
    text = "Kan jeg få fakturaen?"
    assert read(text, domain="firma.dk").language == "da"
    assert read(text, domain="firma.no").language == "nb"


@pytest.mark.parametrize("text", ["", "👍", "12345", "Καλημέρα, πού είναι το δέμα μου;", "\n\n"])
def test_what_cannot_be_told_is_the_known_or_the_house_language_with_low_confidence(text: str) -> None:
    known = read(text, known=["nb"], house="da")
    house = read(text, house="da")
    assert (known.language, house.language) == ("nb", "da")
    assert known.language_confidence <= 0.4
    assert house.language_confidence <= 0.4


def test_a_language_nobody_here_speaks_is_no_confident_guess() -> None:
    text = "Je voudrais renvoyer la lampe, elle est arrivée cassée et personne ne me répond."
    assert read(text, house="sv").language_confidence <= 0.4


def test_marker_words_do_without_the_model() -> None:
    wording = prepare("Hvornår får jeg svar på min henvendelse? Jeg har ventet i flere uger")
    assert read_language(wording, packs(), {})[0] == "da"


def test_an_unknown_code_among_the_known_languages_is_passed_over() -> None:
    assert read("ok", known=["da", "xx"]).language == "da"
