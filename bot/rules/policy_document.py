"""A policy document as read from YAML: laid over another one, and taken apart with errors that help. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from types import MappingProxyType

from babel.numbers import get_currency_precision

from bot.errors import ConfigError

#: Keys of which only one can hold: the newer document's replaces the older one's.
_ONE_OF = ({"days", "business_days"},)


def overlay(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """`below` with every key that `above` names replaced, section by section."""
    crowded_out = {key for group in _ONE_OF if group & above.keys() for key in group}
    merged = {key: value for key, value in below.items() if key not in crowded_out}
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = overlay(old, value)
        else:
            merged[key] = value
    return merged


class Section:
    """One mapping of the document. Readers raise ConfigError with the whole key and the remedy."""

    def __init__(self, document: object, keys: Iterable[str], path: str = "") -> None:
        self.path = path
        allowed = tuple(keys)
        if not isinstance(document, Mapping):
            raise ConfigError(f"policy: {path or 'the file'} must hold {_listed(allowed)}, one a line")
        for key in document:
            if key not in allowed:
                raise ConfigError(
                    f"policy: {self.name(str(key))} is no key we know; {_meant(str(key), allowed)}"
                )
        self._values: Mapping[str, object] = document

    def name(self, key: str) -> str:
        """`key` with its sections in front, as a person would say it."""
        return f"{self.path}.{key}" if self.path else key

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def section(self, key: str, keys: Iterable[str]) -> "Section":
        """The mapping under `key`."""
        return Section(self.value(key), keys, self.name(key))

    def value(self, key: str) -> object:
        """Whatever stands under `key`, which must be there."""
        if key not in self._values:
            raise ConfigError(
                f"policy: {self.name(key)} is missing; write it, or begin with the shipped file"
            )
        return self._values[key]

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ConfigError(
                f"policy: {self.name(key)} is {value!r}; write a whole number from {least} to {most}"
            )
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of the words in `choices`."""
        allowed = tuple(choices)
        value = default if default is not None and key not in self._values else self.value(key)
        if not isinstance(value, str) or value not in allowed:
            raise ConfigError(f"policy: {self.name(key)} is {value!r}; write one of {_listed(allowed)}")
        return value

    def words(self, key: str) -> str:
        """A text that is not empty."""
        value = self.value(key)
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"policy: {self.name(key)} is {value!r}; write it in words")
        return value.strip()

    def day(self, key: str) -> date:
        """A date, as YAML reads it or in quotation marks."""
        value = self.value(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise ConfigError(
                f"policy: {self.name(key)} is {str(value)!r}; write a date as year-month-day, such as 2026-03-31"
            ) from None

    def amounts(self, key: str) -> Mapping[str, int]:
        """Amounts by ISO 4217 code, turned from whole units into the smallest unit."""
        values = self.value(key)
        path = self.name(key)
        if not isinstance(values, Mapping) or not values:
            raise ConfigError(f"policy: {path} must name amounts, such as {{DKK: 200, NOK: 300}}")
        return MappingProxyType(
            {_currency(path, code): _minor(path, code, amount) for code, amount in values.items()}
        )


def country_code(name: str, code: object) -> str:
    """`code` if it is shaped like an ISO 3166 alpha-2 code. `name` says in the error where it stands."""
    if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() and code.isupper():
        return code
    # YAML reads a bare NO as the word "no".
    quoting = ' (Norway needs quotation marks: "NO")' if code is False else ""
    raise ConfigError(f"policy: {name} is {code!r}; write two capitals, such as DK{quoting}")


def _currency(path: str, code: object) -> str:
    if isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return code
    raise ConfigError(f"policy: {path}.{code} is no currency; write its three capitals, such as DKK")


def _minor(path: str, code: str, amount: object) -> int:
    remedy = f"policy: {path}.{code} is {amount!r}; write an amount of 0 or more, such as 200 or 49.50"
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise ConfigError(remedy)
    try:
        minor = Decimal(str(amount)).scaleb(get_currency_precision(code))
    except InvalidOperation:
        raise ConfigError(remedy) from None
    if not minor.is_finite() or minor < 0 or minor != minor.to_integral_value():
        raise ConfigError(remedy)
    return int(minor)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _meant(key: str, allowed: tuple[str, ...]) -> str:
    close = get_close_matches(key, allowed, n=1)
    return f"did you mean {close[0]}?" if close else f"it can be {_listed(allowed)}"
