"""What one browser window looks at. It stands in the address, so that two windows can be two people."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Looking:
    """Empty fields mean the first there is."""

    #: The Slack name of the person who presses, such as freja.
    person: str = ""
    #: The address of the customer who is played, or `new`.
    you: str = ""
    #: Id of the Slack channel.
    channel: str = ""
    #: Key of the opened thread in the customer's mailbox.
    mail: str = ""
    #: Number of the example in the form, from 1.
    example: str = ""
    #: Where the customer writes: mail or chat.
    by: str = ""
    #: The period of the figures: today or week.
    figures: str = ""
    #: Id of a notice to show once.
    said: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """From an address's query; what is too long to be ours is left out."""
        given = {each.name: query.get(each.name, "") for each in fields(cls)}
        return cls(**{name: value for name, value in given.items() if len(value) <= 300})

    def url(self, path: str = "/", **changes: Any) -> str:
        """An address with this query; `changes` overrule it."""
        here = {each.name: getattr(self, each.name) for each in fields(self)} | changes
        query = urlencode({name: value for name, value in here.items() if value})
        return f"{path}?{query}" if query else path
