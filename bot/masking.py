"""Secret numbers are masked before anything is stored: payment cards and Nordic civil registration numbers.

Pure. Masks what passes the number's own check where it has one: order and phone numbers stay readable.
"""

import re

#: 13 to 19 digits, alone or in groups with single spaces or hyphens, that begin as a payment card does: other
#: numbers of that length, such as a parcel's, pass the cards' check one time in ten.
CARD = re.compile(r"(?<![\w-])(?:2[2-7]|[3-6]\d)(?:[ -]?\d){11,17}(?![\w-])")
#: DDMMYY-NNNN (Danish CPR) or [YY]YYMMDD-NNNN (Swedish personnummer, - or + before the last four).
HYPHENATED = re.compile(r"(?<!\d)(?:\d{2})?(\d{6})\s?[-+–]\s?(\d{4})(?!\d)")
#: Eleven digits, as six and five: a Norwegian fødselsnummer.
ELEVEN = re.compile(r"(?<!\d)(\d{6})[ ]?(\d{5})(?!\d)")
#: Ten digits after a word that says what they are.
NAMED = re.compile(
    r"(?i)\b((?:cpr|personnummer|personnr|fødselsnummer|fødselsnr)[^\d\n]{0,20})(\d[\d -]{8,13}\d)"
)
MASK = "••••"


def mask(text: str) -> str:
    """The text with secret numbers replaced; the last four digits of a card stay, to tell cards apart."""
    text = CARD.sub(lambda found: _mask_card(found.group()), text)
    text = NAMED.sub(lambda found: found.group(1) + MASK, text)
    text = HYPHENATED.sub(lambda found: MASK if _has_date(found.group(1)) else found.group(), text)
    return ELEVEN.sub(lambda found: MASK if _is_norwegian(found.group()) else found.group(), text)


def _mask_card(written: str) -> str:
    digits = [int(each) for each in written if each.isdigit()]
    return f"{MASK} {''.join(map(str, digits[-4:]))}" if _luhn(digits) else written


def _luhn(digits: list[int]) -> bool:
    doubled = [
        each if place % 2 == 0 else each * 2 - 9 * (each > 4) for place, each in enumerate(digits[::-1])
    ]
    return sum(doubled) % 10 == 0


def _has_date(six: str) -> bool:
    """Whether six digits can be a birthday: day first (DK) or year first (SE; +60: coordination number)."""
    first, month, last = int(six[:2]), int(six[2:4]), int(six[4:])
    if not 1 <= month <= 12:
        return False
    return 1 <= first <= 31 or 1 <= last <= 31 or 61 <= last <= 91


#: The weights of the two check digits.
FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def _is_norwegian(written: str) -> bool:
    digits = [int(each) for each in written if each.isdigit()]
    # 40 on top of the day marks a D number, 40 or 80 on top of the month a stand-in.
    day, month = int(written[:2]) % 40, int(written[2:4]) % 40
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return False
    first = sum(weight * each for weight, each in zip(FIRST, digits, strict=False)) % 11
    second = sum(weight * each for weight, each in zip(SECOND, digits, strict=False)) % 11
    return first == 0 and second == 0
