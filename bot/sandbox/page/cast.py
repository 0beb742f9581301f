"""Who can be played on the page, and what they may want to write."""

from dataclasses import dataclass
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Example:
    """A text to start from; `subject` is empty for chat."""

    title: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes mails. `order` says what our books hold of them."""

    name: str
    #: Lower case.
    address: str
    language: str = "en"
    order: str = ""
    mails: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """The customers of cast.yaml in their order, and what to say in the shared channel."""

    customers: tuple[Customer, ...]
    chat: tuple[Example, ...]

    def customer(self, address: str) -> Customer | None:
        """The customer with this address."""
        return next((each for each in self.customers if each.address == address.lower()), None)


def open_cast() -> Cast:
    """Reads cast.yaml."""
    written = yaml.safe_load(files(__package__).joinpath("cast.yaml").read_text(encoding="utf-8"))
    customers = tuple(
        Customer(**{**each, "mails": tuple(Example(**mail) for mail in each["mails"])})
        for each in written["customers"]
    )
    return Cast(customers, tuple(Example(subject="", **each) for each in written["chat"]))
