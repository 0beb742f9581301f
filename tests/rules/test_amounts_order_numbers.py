"""Order numbers with no word for order before them."""

import pytest
from bounded import SideProcess
from reading_support import packs, read

from bot.rules.order_numbers import read_order_numbers
from bot.rules.words import Wording, prepare


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("DK220417 - forkert farve modtaget", ("DK220417",)),
        ("Faktura F-30551 mangler", ("F-30551",)),
        ("Kassen (6613-C) kom aldrig", ("6613-C",)),
        ("Vi venter stadig på 44-2091. Hilsen Bo", ("44-2091",)),
        ("Retur 8-41207, ingen penge", ("8-41207",)),
        ("50-66 går retur i dag", ("50-66",)),
        ("Vi ses. 71-15", ("71-15",)),
        ("Hvor bliver den af? 80912. Tak", ("80912",)),
        ("6023411 står som leveret", ("6023411",)),
        ("7031: to fliser er knækket", ("7031",)),
        ("Der Schal kratzt. Nr. 6120. Wohin damit?", ("6120",)),
        ("Kutittaa. Nro 6120. Mihin palautan?", ("6120",)),
        ("Die Jacke aus 55012 passt nicht", ("55012",)),
        ("Is the mirror in 80332 round?", ("80332",)),
        ("I put the wrong street on 70915!", ("70915",)),
        ("Hakekaa pois, 80227, enkä tilaa enää", ("80227",)),
        ("fick orderbekräftelse 8820114 men inget mer", ("8820114",)),
        ("Kan du stoppe 30117 nu?", ("30117",)),
        ("Hi\n\nOn 3 May, Shop wrote:\n> Your order 66190 is confirmed", ("66190",)),
        ("Ordre 55120. Og 80912.", ("55120",)),
    ],
)
def test_an_order_number_may_stand_without_a_word_for_order(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).order_numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Ring til mig på 22334455, tak",
        "Hilsen Bo\n22334455",
        "Tlf. 22 33 44 55 eller +45 20304050",
        "Tel: 0431-5550122, 070-123 45 67, 08-555 01 90",
        "Jeg bor på Strandvej 12, 8600 Silkeborg",
        "Ich wohne in 24103 Kiel, Hauptstr. 5, 24103 Kiel",
        "Künftig bitte Eichkamp 6, 24116",
        "nur die PLZ, 24939 statt 24937",
        "pelkkä postinumero, 90140 eikä 90120",
        "Adresse: DK-2100 København",
        "Mit cpr er 120384-1234",
        "Mitt personnummer är 840712-1234",
        "organisationsnummer 556677-8899, CVR DK12345678",
        "Bankgiro 5050-1055",
        "Kundenummer 44812, hvad nu?",
        "Målerstand 48213",
        "Portkoden er ændret til 44711.",
        "error E-1042 in the app, ISO-9001",
        "str. 122-128 passer ikke",
        "mellem 100-150 kr, 2024-2025 og 2024-10",
        "20260512 er datoen",
        "in 2019",
        "I have 12000 followers",
        "Varen til 12345 kr er væk",
        "Hej\n> Kundeservice, (5512-B) er pakket",
    ],
)
def test_phones_postcodes_identities_dates_and_sizes_are_no_order_numbers(text: str) -> None:
    assert read(text).order_numbers == ()


@pytest.mark.parametrize(
    "unit", ["1", "12 ", "12-", "A-", "ABC", "12345 ", "(12345) ", ". 12345.", "ordre 123, "]
)
def test_a_long_text_of_digits_and_dashes_is_read(side_process: SideProcess, unit: str) -> None:
    assert len(side_process.do(_order_numbers, unit, 2_000_000)) <= 1


def _order_numbers(unit: str, length: int) -> tuple[tuple[str, int, int], ...]:
    """What is read of so many characters: for ever, if each were compared with all before it."""
    text = unit * (length // len(unit))
    return read_order_numbers(Wording(text, prepare(text).sentences, True), packs().order_words)
