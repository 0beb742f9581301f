"""The exception tree.

    BotError
    ├── ConfigError            a setting or a house file is wrong; the program does not start
    ├── MalformedMessage       one mail or event cannot be read; it goes to quarantine, the next one goes on
    ├── Refused                a person asked for something that is not allowed now; the text says the way out
    └── DeliveryError
        ├── TemporaryFailure   try again, after `retry_after` if the other side named a time
        ├── HeldBack           it must not go just now; it waits, and no attempt is used up
        ├── UnknownOutcome     the other side may have taken it; try again at most once
        └── PermanentFailure   trying again cannot help; a person is told

Vendor exceptions are translated in the file that imports the vendor.
"""

from datetime import timedelta


class BotError(Exception):
    """Everything this program raises on purpose."""


class ConfigError(BotError):
    """A setting is wrong. The message names it and says the remedy."""


class MalformedMessage(BotError):
    """What arrived cannot be read as a message."""


class Refused(BotError):
    """A person's request is not allowed now. The message is shown to that person as it is."""


class DeliveryError(BotError):
    """An attempt to reach the outside did not succeed."""


class TemporaryFailure(DeliveryError):
    """Another attempt may succeed."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class HeldBack(DeliveryError):
    """It must not go just now, for a reason that will pass; the text says which."""


class UnknownOutcome(DeliveryError):
    """The other side fell silent after it may have taken the item."""


class PermanentFailure(DeliveryError):
    """The other side said no, and will say no again."""
