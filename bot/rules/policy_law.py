"""What the law of a country gives the customer, as the policy's section `law` tells it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from babel.numbers import get_territory_currencies

from bot.errors import ConfigError
from bot.rules.policy_document import Section, country_code

#: The European Union with Iceland, Liechtenstein and Norway: one set of minimum rights of withdrawal.
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
_EEA_DAYS = 14


@dataclass(frozen=True, slots=True)
class CountryLaw:
    """The rights of a private customer whose parcel goes to `country` (ISO 3166 alpha-2)."""

    country: str
    #: From the day the goods are received.
    withdrawal_days: int
    #: How long a fault can be complained about; None where the law names no number of years.
    complaint_years: int | None
    #: The same for what is meant to last much longer than other goods; None where there is no difference.
    complaint_years_durable: int | None
    #: A fault shown within this time counts as there from the start, unless the shop proves otherwise.
    burden_of_proof_months: int
    #: From the customer's notice of withdrawal.
    repayment_days: int
    #: The act or acts, in the country's own language.
    source: str
    #: When a person last compared the numbers with `source`.
    reviewed: date


def parse_law(whole: Section) -> Mapping[str, CountryLaw]:
    """The blocks of the section `law` by country; a country set to none has no block."""
    document = whole.value("law")
    if not isinstance(document, Mapping):
        raise ConfigError(f"policy: law is {document!r}; write a block for each country, such as DK: {{...}}")
    codes = [_country(code) for code in document]
    section = Section(document, codes, "law")
    return MappingProxyType({code: _block(section, code) for code in codes if document[code] != "none"})


def _country(code: object) -> str:
    known = country_code("a country under law", code)
    # A code nobody delivers to would never be found, so its block would be silent for good.
    if known == "EU" or not get_territory_currencies(known):
        raise ConfigError(
            f"policy: law.{known} is no country; write its ISO code, such as GB, and each country by itself"
        )
    return known


def _block(law: Section, code: str) -> CountryLaw:
    block = law.section(code, _KEYS)
    years = _years(block, "complaint_years")
    durable = "complaint_years_durable"
    return CountryLaw(
        country=code,
        withdrawal_days=_withdrawal_days(block, code),
        complaint_years=years,
        complaint_years_durable=_years(block, durable, years or 1) if durable in block else None,
        burden_of_proof_months=block.whole("burden_of_proof_months", 0, (years or _MOST_YEARS) * 12),
        repayment_days=_repayment_days(block, code),
        source=block.words("source"),
        reviewed=block.day("reviewed"),
    )


def _years(block: Section, key: str, least: int = 1) -> int | None:
    return None if block.value(key) == "none" else block.whole(key, least, _MOST_YEARS)


def _withdrawal_days(block: Section, code: str) -> int:
    days = block.whole("withdrawal_days", 0, 365)
    if code in EEA and days < _EEA_DAYS:
        raise ConfigError(
            f"policy: {block.name('withdrawal_days')} is {days}; everywhere in the EU and the EEA a customer has "
            f"at least {_EEA_DAYS} days to withdraw, and no house can shorten them: write {_EEA_DAYS} or more"
        )
    return days


def _repayment_days(block: Section, code: str) -> int:
    days = block.whole("repayment_days", 1, 365)
    if code in EEA and days > _EEA_DAYS:
        raise ConfigError(
            f"policy: {block.name('repayment_days')} is {days}; everywhere in the EU and the EEA the money is due "
            f"within {_EEA_DAYS} days of the notice, and no house can take longer: write {_EEA_DAYS} or fewer"
        )
    return days


_KEYS = tuple(name for name in CountryLaw.__dataclass_fields__ if name != "country")
_MOST_YEARS = 30
