"""Prices with no currency beside them, and the numbers that look like prices and are none."""

from functools import partial

import pytest
from bounded import SideProcess, steps
from reading_support import packs, read

from bot.rules.amounts import read_amounts
from bot.rules.facts import Money
from bot.rules.number_words import value_of
from bot.rules.words import Wording, prepare


@pytest.mark.parametrize(
    ("language", "text", "amounts"),
    [
        ("da", "I har taget 598 i stedet for 299, det er for meget", [59800, 29900]),
        ("da", "Det blev 349 + 349 på kontoen", [34900]),
        ("da", "89 i marts og 119 i april, hvorfor?", [8900, 11900]),
        ("da", "Rykkergebyret på 100 er forkert", [10000]),
        ("da", "Jeg købte jakken for 499. Nu ligger den ude for 399", [49900, 39900]),
        ("nb", "Regningen på 7 450 stemmer ikke", [745000]),
        ("nb", "14 280 for februar. Det kan ikke være riktig", [1428000]),
        ("nn", "I butikken sa dei 349. På kvitteringa for kjøpet skriv dei 429.", [34900, 42900]),
        ("sv", "Jag fick tillbaka 245 i stället för 545", [24500, 54500]),
        ("sv", "Varför dras 189 från kortet varje månad", [18900]),
        ("sv", "ser att 249 gatt ivag tva ganger pa kortet", [24900]),
        ("sv", "De 129 kronorna som drogs vill jag ha tillbaka", [12900]),
        ("en", "Your surcharge of 450 is a joke, take 150 off it", [45000, 15000]),
        ("en", "299 a month, since when?", [29900]),
        ("de", "24,90 im Monat für nichts", [2490]),
        ("de", "Abgebucht wurden 29,99 und dann 19,99.", [2999, 1999]),
        ("de", "Eine Mütze für zwanzig Euro", [2000]),
        ("fi", "29e lähti kahdesti", [2900]),
        ("fi", "Laskutitte 89,50 euroa, ja 1 250 euroa jäi maksamatta", [8950, 125000]),
        ("fi", "Missä ovat rahani? Ne 24,90 eurosta jäi puuttumaan", [2490]),
        ("da", "Vi betalte fem hundrede kroner", [50000]),
        ("nb", "Der gikk tolv hundre kroner", [120000]),
        ("sv", "Det kostar 30 sek", [3000]),
        ("sv", "Jag betalade 30 SEK", [3000]),
    ],
)
def test_a_price_needs_no_currency_where_the_words_around_it_speak_of_money(
    language: str, text: str, amounts: list[int]
) -> None:
    read_as = read(text, known=[language], house="sv" if language == "en" else language)
    assert [money.amount_minor for money in read_as.amounts] == amounts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Hun fylder 80 i maj"),
        ("da", "Har skrevet 12 i stedet for 21"),
        ("da", "Følgesedlen siger 304, men der lå 305 i posen"),
        ("da", "Kan man vaske dynen ved 60, og er der bly i den?"),
        ("da", "Måleren viser 12 345 nu"),
        ("da", "Jeg venter på svar for 20. dag i træk, fejl 502, til rum 404"),
        ("da", "Der er ikke en krone tilbage"),
        ("da", "Det kostede et par hundrede kroner"),
        ("nb", "Jeg bruker str 122 i stedet for 128"),
        ("nn", "Ring 951 70 844 no"),
        ("sv", "Ljudet ligger 3 sek efter bilden"),
        ("sv", "Kom på 30 sek till chatten"),
        ("sv", "Det är 14 000 följare och 19 000 kWh"),
        ("sv", "Den dök upp den 2:a, portkod 4471, kl 16.50"),
        ("sv", "Boxen visar E-104 och har dragit ström hela natten"),
        ("de", "nur die PLZ, 24939 statt 24937"),
        ("en", "The puzzle has 999 pieces, room 404, 14 days"),
        ("fi", "puh. 040 555 1234"),
    ],
)
def test_ages_sizes_seconds_meters_and_days_are_no_amounts(language: str, text: str) -> None:
    assert read(text, known=[language], house="sv" if language == "en" else language).amounts == ()


@pytest.mark.parametrize(
    "text",
    [
        "Hvor er pakken?\n> Ordresum 1.249 kr\n> Hilsen os",
        "Where is it?\n\nOn 3 May 2026, Shop wrote:\nYour total is EUR 49",
        "Hvor er den?\n\n-----Oprindelig meddelelse-----\nFra: Butikken\nBeløb: 499 kr",
        "Wo ist es?\n\nVon: Laden\nGesendet: 2. Mai\nSumme 49 €",
    ],
)
def test_amounts_in_quoted_history_are_not_the_customers(text: str) -> None:
    assert read(text).amounts == ()


def test_what_stands_below_quoted_lines_is_the_customers_own() -> None:
    text = "Den 3. maj skrev I:\n> Beløbet er 100 kr\n\nNej, jeg betalte 249 kr"
    assert [money.amount_minor for money in read(text, known=["da"]).amounts] == [24900]


def test_a_currency_belongs_to_the_number_before_it() -> None:
    text = "Sagt opp 1. sept, trekt 279 kr 1. okt."
    assert [money.amount_minor for money in read(text, known=["nn"]).amounts] == [27900]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("atten tusen fire hundre", 18400),
        ("femhundra", 500),
        ("zweihundertfuenfzig", 250),
        ("femogtyve", 25),
        ("ett tusen tvaa hundra femtio", 1250),
        ("sataviisikymmentae", 150),
        ("og", 0),
        ("tyverne", 0),
    ],
)
def test_number_words_say_their_value(words: str, value: int) -> None:
    assert value_of(words) == value


@pytest.mark.parametrize(
    "unit", ["12 ", "1", "279 + ", "for 599 ", "1 000 ", "99,00 ", "hundre", "> 1\n", "kr "]
)
def test_a_text_of_numbers_is_read_in_linear_steps(side_process: SideProcess, unit: str) -> None:
    packs()  # compiled once for all
    one, two = (steps(partial(_amounts, unit, length)) for length in (2_000, 4_000))
    assert two < 2.5 * one
    # Patterns take no steps: on so much, one that tries every beginning with every end would take minutes.
    assert len(side_process.do(_amounts, unit, 200_000)) <= 1


def _amounts(unit: str, length: int) -> tuple[Money, ...]:
    text = unit * (length // len(unit))
    wording = Wording(text, prepare(text).sentences, True)
    return read_amounts(wording, packs().pack("da"), [], "", "da")
