"""What to call somebody: no name is better than a wrong one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.names import given_name

PEOPLE = {
    "Mette Hansen": "Mette",
    "Hansen, Mette": "Mette",
    "  Mette   Hansen ": "Mette",
    '"Mette Hansen"': "Mette",
    "'Hansen, Mette Marie'": "Mette",
    "Mette": "Mette",
    "mette hansen": "Mette",
    "METTE HANSEN": "Mette",
    "Anne-Marie Holm": "Anne-Marie",
    "ANNE-MARIE HOLM": "Anne-Marie",
    "anne-marie holm": "Anne-Marie",
    "Åse Ødegård": "Åse",
    "A\u030ase Ødegård": "Åse",
    "Jens Peter Møller": "Jens",
    "Björk Guðmundsdóttir": "Björk",
    "D’Arcy Lund": "D’Arcy",
    "Mette Hansen (privat)": "Mette",
    "Þóra Jónsdóttir": "Þóra",
    "Søren Kjær Friis": "Søren",
}
NOBODY = [
    "",
    " ",
    "Nordlys AS",
    "Møller & Søn ApS",
    "Lampehuset Kundeservice",
    "Kundtjänst Nordlys",
    "INFO",
    "info",
    "mette82",
    "mette.hansen@example.dk",
    "Mette via PostNord",
    "PostNord/Levering",
    "no-reply",
    "M. Hansen",
    "M Hansen",
    "Dr. Hansen",
    "The Lamp Company",
    "Support Team",
    "1234",
    "Et meget langt navn med mange ord",
    "???",
    ",",
    "x" * 40,
    "Hansen, ",
]


@pytest.mark.parametrize(("signed", "name"), PEOPLE.items())
def test_a_persons_given_name_is_found(signed: str, name: str) -> None:
    assert given_name(signed) == name


@pytest.mark.parametrize("signed", NOBODY)
def test_what_is_no_persons_name_gives_none(signed: str) -> None:
    assert given_name(signed) == ""


@given(st.text(max_size=80))
@example("²¹")
def test_a_name_is_always_a_short_word_or_nothing(signed: str) -> None:
    name = given_name(signed)
    assert len(name) <= 30
    assert not any(each.isdigit() or each.isspace() or each == "@" for each in name)
