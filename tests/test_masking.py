"""Secret numbers never reach the store; numbers that people work with do."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.masking import MASK, mask

CARDS = [
    "4111111111111111",  # Visa
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5500005555555559",  # Mastercard
    "2221000000000009",  # Mastercard's newer numbers
    "5019717010103742",  # Dankort
    "3782 822463 10005",  # American Express
    "6011 1111 1111 1117",
    "3056 9309 0259 04",  # Diners
]
CIVIL = [
    "210398-1234",  # CPR
    "210398 - 1234",
    "010100-0000",
    "640823-3234",  # personnummer
    "19640823-3234",
    "640823+3234",  # older than a hundred
    "640883-3231",  # coordination number
    "01010750160",  # fødselsnummer
    "010107 50160",
    "CPR 2103981234",
    "cpr-nr. 210398 1234",
    "mit CPR er: 2103981234",
    "Personnummer: 6408233234",
    "fødselsnummer 01010712345",
]
HARMLESS = [
    "ordre 10432",
    "ordrenummer 1000234567",
    "+45 28 12 34 56",
    "+47 912 34 567",
    "070-123 45 67",
    "+46701234567",
    "004528123456",
    "1.249,50 kr.",
    "12 499 kr",
    "499 kr. to gange, 998 kr. i alt",
    "2026-03-02",
    "02.03.2026 kl. 09:12",
    "2026-03-02 2026-03-05",
    "fra 2026-03-01 til 2026-03-31",
    "00370730254862113407",  # a parcel's number
    "70730254862113407",
    "JJD000390007827383429",
    "1Z999AA10123456784",
    "CN123456789DK",
    "RR123456785SE",
    "9261290100830150000000",
    "faktura 2026-0312",
    "104321-2026",
    "kontonummer 1234.56.78903",
    "CVR 12345678",
    "org.nr. 556036-0793",
    "559999-1234",
    "postnummer 2100",
    "EAN 5701234567899"[:10],
]


@pytest.mark.parametrize("card", CARDS)
def test_a_payment_card_keeps_its_last_four_digits_only(card: str) -> None:
    masked = mask(f"Mit kort er {card}, tak.")
    assert masked == f"Mit kort er {MASK} {card.replace(' ', '').replace('-', '')[-4:]}, tak."


@pytest.mark.parametrize("number", CIVIL)
def test_a_civil_registration_number_is_gone(number: str) -> None:
    masked = mask(f"Hej, {number}. Mvh Mette")
    assert MASK in masked
    assert not any(digit.isdigit() for digit in masked)
    assert masked.endswith("Mvh Mette")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_work_with_stays_readable(text: str) -> None:
    assert mask(f"Hej, {text}. Mvh Mette") == f"Hej, {text}. Mvh Mette"


def test_numbers_that_only_look_like_cards_stay() -> None:
    assert mask("4111 1111 1111 1112") == "4111 1111 1111 1112"


def test_several_secrets_in_one_text_are_all_gone() -> None:
    masked = mask("Kort 4111 1111 1111 1111 og 5500005555555559, cpr 210398-1234 for ordre 10432")
    assert masked == f"Kort {MASK} 1111 og {MASK} 5559, cpr {MASK} for ordre 10432"


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("Kort 4111 1111 1111 1111, cpr 210398-1234")
    assert mask(once) == once


def test_parcel_numbers_of_every_length_mostly_stay() -> None:
    chance = random.Random(1)
    numbers = ["".join(chance.choices("0123456789", k=chance.choice((11, 12, 18, 20)))) for _ in range(2000)]
    touched = [number for number in numbers if mask(number) != number]
    assert len(touched) / len(numbers) < 0.05


@given(st.text(alphabet=st.characters(), max_size=300))
@example("٤١١١١١١١١١١١١١١١")
@example("²³ 4111 1111 1111 111¹")
@example("\ud800 210398-1234")
def test_it_never_raises(text: str) -> None:
    assert isinstance(mask(text), str)


@given(st.from_regex(r"[0-9 +–-]{0,60}", fullmatch=True))
def test_it_never_raises_on_digits_and_never_grows_much(text: str) -> None:
    assert len(mask(text)) <= len(text) + 20


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "Cs"])))
def test_a_text_without_digits_is_left_alone(text: str) -> None:
    assert mask(text) == text


def test_a_wall_of_digits_is_read_quickly() -> None:
    assert mask("1 " * 20_000)
    assert mask("cpr " * 5_000 + "1" * 20_000)
