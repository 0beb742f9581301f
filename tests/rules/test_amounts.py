"""Amounts and order numbers as people write them."""

import pytest
from reading_support import read


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("I har trukket 1.249,50 kr. fra min konto", [(124950, "DKK")]),
        ("Prisen var kr 399,- og ikke kr. 499,-", [(39900, "DKK"), (49900, "DKK")]),
        ("Jeg har betalt 499 kroner for den", [(49900, "DKK")]),
        ("Der er hævet 49 EUR på mit kort", [(4900, "EUR")]),
        ("Jeg er trukket to gange 249", [(24900, "DKK")]),
        ("Der står 2x249 på min konto", [(24900, "DKK")]),
        ("I har trukket 249 kr og så 249 kr igen", [(24900, "DKK")]),
        (
            "Jeg er blevet opkrævet 1.299 kr., men der stod 999 kr. på siden",
            [(129900, "DKK"), (99900, "DKK")],
        ),
        ("Dere har trukket 1 249 kr fra kontoen min", [(124900, "NOK")]),
        ("Eg har betalt 49,90 kr for mykje, kan de sjå på det?", [(4990, "NOK")]),
        ("Ni har dragit 499:- från mitt konto", [(49900, "SEK")]),
        ("Jag har betalat 1 299 kronor för mycket", [(129900, "SEK")]),
        ("Jag har betalat 300 danska kronor", [(30000, "DKK")]),
        ("You charged me €49 and then $5.50", [(4900, "EUR"), (550, "USD")]),
        ("You charged me £1,249.50 for the sofa", [(124950, "GBP")]),
        ("I paid 200 NOK and 300 DKK", [(20000, "NOK"), (30000, "DKK")]),
        ("Beløbet er 0 kr", []),
    ],
)
def test_amounts_are_read_in_order_with_the_currency_of_the_text(
    text: str, amounts: list[tuple[int, str]]
) -> None:
    # The kroner of these messages would be as good Norwegian as Danish: the house says which.
    known = ["da"] if amounts and amounts[0][1] == "DKK" else []
    assert [(money.amount_minor, money.currency) for money in read(text, known=known).amounts] == amounts


@pytest.mark.parametrize(
    "text",
    [
        "Den blev bestilt 3.11.2026 og skulle komme 05/11",
        "Ring til mig på 22 33 44 55 eller +45 20 30 40 50",
        "Jeg har været kunde siden 2019",
        "Jeg fik ikke de 20 % i rabat, der stod 25% på siden",
        "Min ordre 10432 er ikke kommet, og ordre nr. 499 heller ikke",
        "Jeg har ventet 3 uger og skrevet 2 gange, senest kl. 14.30",
        "Jeg er blevet opkrævet for ordre 10432 to gange",
    ],
)
def test_dates_phones_years_percentages_and_order_numbers_are_no_amounts(text: str) -> None:
    assert read(text).amounts == ()


def test_a_bare_krone_in_english_follows_the_mail_domain_then_the_house() -> None:
    text = "I was charged 499 kr for nothing"
    assert read(text, domain="mail.no").amounts[0].currency == "NOK"
    assert read(text, house="sv").amounts[0].currency == "SEK"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Hvor er ordre 10432?", ("10432",)),
        ("Det gælder ordrenr. 10432 og 10433", ("10432", "10433")),
        ("Ordrenummer: 2026-10432", ("2026-10432",)),
        ("Order no. ABC-1234 has not arrived", ("ABC-1234",)),
        ("My order number is ABC-1234", ("ABC-1234",)),
        ("Se #10432 og #10433, begge mangler", ("10432", "10433")),
        ("Bestilling nr 55120 mangler", ("55120",)),
        ("min beställning 77123 har inte kommit, ordernummer 77123", ("77123",)),
        ("Ring på 22334455, det er ikke om 12.11.2026", ()),
        ("Min ordre på 499 kr er væk", ()),
        ("Jeg bestilte ordren 12-11-2026", ()),
        ("Ordre 499 kr", ()),
        ("ordren fra 2025", ()),
    ],
)
def test_order_numbers_are_read_in_order(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text, known=["da"]).order_numbers == numbers


def test_an_order_number_in_the_subject_counts_also_in_an_answer() -> None:
    assert read("Hvad sker der?", subject="Re: Ordre 10432").order_numbers == ("10432",)
