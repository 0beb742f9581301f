"""Files of the shop -> customer records. Pure but for the lines handed in; errors carry their line number."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.csv_rows import BrokenRow, read_rows
from bot.masking import mask
from bot.rules.names import given_name
from storage.customer_records import CustomerRecord

COLUMNS = (
    "email", "name", "preferred_name", "language", "country", "town", "company", "phone", "consent_marketing",
    "notes", "since",
)  # fmt: skip
LANGUAGES = frozenset({"da", "nb", "nn", "sv", "en", "de", "fi"})
#: Others' names of them.
ALSO = {"no": "nb", "dk": "da", "se": "sv", "gb": "en", "us": "en"}
YES = frozenset({"yes", "y", "ja", "j", "true", "1", "x"})
NO = frozenset({"no", "n", "nej", "nei", "false", "0", "ei"})
#: Country codes of phones, and whether a number written at home begins with a zero that is left out abroad.
CALLING = {
    "DK": ("45", False), "NO": ("47", False), "SE": ("46", True), "FI": ("358", True), "IS": ("354", False),
    "FO": ("298", False), "GL": ("299", False), "DE": ("49", True), "GB": ("44", True), "NL": ("31", True),
}  # fmt: skip
MOST_WORD = 200
MOST_NOTE = 1000
ADDRESS = re.compile(r"[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\"]{1,190}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


@dataclass(frozen=True, slots=True)
class Read:
    """One row that could be read."""

    number: int
    record: CustomerRecord


@dataclass(frozen=True, slots=True)
class Bad:
    """One that could not; nothing of it is kept."""

    number: int
    reason: str


def read_customers(lines: Iterable[str], now: datetime) -> Iterator[Read | Bad]:
    """The customers of a CSV with a header line, one for each row, and the rows that were bad.

    Only `email` must be there. Raises ValueError when it is not.
    """
    for row in read_rows(lines, ("email",)):
        if isinstance(row, BrokenRow):
            yield Bad(row.number, row.reason)
            continue
        try:
            yield Read(row.number, _record(row.cells, now))
        except ValueError as error:
            yield Bad(row.number, str(error))


def _record(cells: Mapping[str, str], now: datetime) -> CustomerRecord:
    for name in COLUMNS:
        if name != "notes" and len(cells.get(name, "")) > MOST_WORD:
            raise ValueError(f"`{name}` is longer than {MOST_WORD} characters")
    country = _country(cells.get("country", ""))
    consent, consent_at = _consent(cells.get("consent_marketing", ""), now)
    return CustomerRecord(
        emails=_emails(cells.get("email", "")),
        preferred_name=_line(cells.get("preferred_name", "")),
        given_name=given_name(cells.get("name", "")),
        language=_language(cells.get("language", "")),
        country=country,
        town=_line(cells.get("town", "")),
        company=_line(cells.get("company", "")),
        phone=_phone(cells.get("phone", ""), country),
        since_at=_day(cells.get("since", ""), "since", now),
        consent=consent,
        consent_at=consent_at,
        note=_note(cells.get("notes", "")),
    )


def _line(written: str) -> str:
    return mask(" ".join(written.split()))


def _emails(written: str) -> tuple[str, ...]:
    """Lower case, each once; several stand beside one another with semicolons, commas or spaces between."""
    found = tuple(dict.fromkeys(each.lower() for each in re.split(r"[;,\s]+", written) if each))
    if not found:
        raise ValueError("the column `email` is empty")
    if not all(map(ADDRESS.fullmatch, found)):
        raise ValueError("the column `email` is not an address")
    return found


def _language(written: str) -> str:
    if not written:
        return ""
    code = re.split(r"[-_]", written.lower())[0]
    code = ALSO.get(code, code)
    if code not in LANGUAGES:
        raise ValueError(f"`language` is not one of {', '.join(sorted(LANGUAGES))}")
    return code


def _country(written: str) -> str:
    code = written.upper()
    if code and not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError("`country` is not a code of two letters, such as DK")
    return code


def _phone(written: str, country: str) -> str:
    """In E.164: `+45 12 34 56 78` -> `+4512345678`; without a country code that of the row's country is used."""
    # Spreadsheets show a plus as a formula: a quote before it is theirs.
    digits = re.sub(r"[^\d+]", "", re.sub(r"^\s*'?\s*00", "+", written).replace("(0)", ""))
    if not digits:
        if written:
            raise ValueError("`phone` has no digits")
        return ""
    if not digits.startswith("+"):
        if country not in CALLING:
            raise ValueError("`phone` has no country; write it as +45 12 34 56 78")
        code, drops_zero = CALLING[country]
        digits = f"+{code}{digits.removeprefix('0') if drops_zero else digits}"
    if not E164.fullmatch(digits):
        raise ValueError("`phone` is not a number; write it as +45 12 34 56 78")
    return digits


def _consent(written: str, now: datetime) -> tuple[bool | None, datetime | None]:
    word = written.lower()
    if not word:
        return None, None
    if word in YES:
        return True, None
    if word in NO:
        return False, None
    try:
        return True, _day(written, "consent_marketing", now)
    except ValueError:
        raise ValueError(
            "`consent_marketing` must be yes, no, or the day it was given, such as 2026-03-02"
        ) from None


def _day(written: str, column: str, now: datetime) -> datetime | None:
    """A day or an instant; one without an offset is in UTC, one in the future is a mistake."""
    if not written:
        return None
    nordic = DAY_FIRST.fullmatch(written)
    iso = f"{nordic[3]}-{int(nordic[2]):02}-{int(nordic[1]):02}" if nordic else written
    try:
        at = datetime.fromisoformat(iso)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"`{column}` is not a day; write it as 2026-03-02") from None
    if at.year < 1900 or at > now:
        raise ValueError(f"`{column}` is in the future or long before anybody's time")
    return at


def _note(written: str) -> str:
    if len(written) > MOST_NOTE:
        raise ValueError(f"`notes` is longer than {MOST_NOTE:,} characters")
    return mask(written.strip())
