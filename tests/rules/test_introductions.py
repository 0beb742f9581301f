"""One sentence, in the customer's language, by which a colleague takes over."""

import pytest

from bot.rules.introductions import introduced, introduction, not_introduced, signed_anew

SENTENCES = {
    "da": "Jeg hedder Nils og har overtaget din sag fra Freja, så nu er det mig, du skriver med.",
    "nb": "Jeg heter Nils og har tatt over saken din etter Freja, så nå er det meg du skriver med.",
    "nn": "Eg heiter Nils og har teke over saka di etter Freja, så no er det meg du skriv med.",
    "sv": "Jag heter Nils och har tagit över ditt ärende efter Freja, så nu är det mig du skriver med.",
    "en": "My name is Nils, and I have taken over your case from Freja, so you will hear from me from now on.",
}
SENTENCE = SENTENCES["da"]


@pytest.mark.parametrize("language", SENTENCES)
def test_both_are_named_in_the_customers_language(language: str) -> None:
    assert introduction(language, "Freja", "Nils") == SENTENCES[language]


@pytest.mark.parametrize(("former", "present"), [("", "Nils"), ("Freja", ""), ("Freja", "Freja")])
def test_where_nobody_has_taken_over_nothing_is_said(former: str, present: str) -> None:
    assert introduction("da", former, present) == ""
    assert introduced("Hej Mette,\n\nTak.", "") == "Hej Mette,\n\nTak."


@pytest.mark.parametrize("greeting", ["Hej Mette,", "Hej,", "Hi Anne Marie,", "Hei Åse,"])
def test_it_stands_below_the_greeting(greeting: str) -> None:
    assert introduced(f"{greeting}\n\nPengene er på vej.\n\nNils", SENTENCE) == (
        f"{greeting}\n\n{SENTENCE}\n\nPengene er på vej.\n\nNils"
    )


def test_without_a_greeting_it_comes_first() -> None:
    assert introduced("Pengene er på vej, Mette.\n\nNils", SENTENCE) == (
        f"{SENTENCE}\n\nPengene er på vej, Mette.\n\nNils"
    )


def test_it_is_said_once_and_can_be_left_out_again() -> None:
    once = introduced("Hej Mette,\n\nTak.", SENTENCE)
    assert introduced(once, SENTENCE) == once
    assert not_introduced(once, SENTENCE) == "Hej Mette,\n\nTak."


def test_the_name_below_a_letter_is_the_new_one_and_no_other_word_changes() -> None:
    text = "Hej Freja,\n\nkom pengene? Freja\n\nVenlig hilsen\nFreja"
    assert signed_anew(text, "Freja", "Nils") == "Hej Freja,\n\nkom pengene? Freja\n\nVenlig hilsen\nNils"
    assert signed_anew("Hej", "Freja", "Nils") == "Hej"
