"""What the demo shows, on the terminal and on the page: values read back from the running parts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Lane(StrEnum):
    """Whose eyes we look through."""

    CUSTOMER = "customer"
    AGENT = "agent"
    MANAGER = "manager"
    #: The machinery itself.
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    mention: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `style` is empty, primary or danger."""

    label: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a Slack message or window, ready to draw."""

    #: header, text, small, quote, bullets, buttons, field, code, divider or folded.
    kind: str
    spans: tuple[Span, ...] = ()
    items: tuple[tuple[Span, ...], ...] = ()
    buttons: tuple[Button, ...] = ()
    #: A field's label, or the title of what is folded.
    label: str = ""
    children: tuple["Line", ...] = ()

    @property
    def text(self) -> str:
        """The words without their style."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Slip:
    """A Slack message, card or window, as it stood on the screen at that moment."""

    lines: tuple[Line, ...]
    #: Where: the channel, the thread, or whose window.
    place: str = ""
    #: The window's title; empty for a message.
    window: str = ""
    #: The button that sends the window off.
    submit: str = ""
    #: Somebody opened what the card folds away.
    unfolded: bool = False

    @property
    def headline(self) -> str:
        """Its first line in large letters; empty where it has none."""
        return next((line.text for line in self.lines if line.kind == "header"), "")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail or a chat message between the customer and the house, as it lies there."""

    sender: str
    text: str
    subject: str = ""
    attachments: tuple[str, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class LockScreen:
    """What the customer's phone shows without being unlocked."""

    at: datetime
    app: str
    sender: str
    subject: str
    preview: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Plain facts with their names, such as a row of the outbox."""

    rows: tuple[tuple[str, str], ...]


Piece = Slip | Letter | LockScreen | Facts


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happened."""

    at: datetime
    lane: Lane
    title: str
    pieces: tuple[tuple[Lane, Piece], ...] = ()
    note: str = ""
    #: For whoever wants to see all of it.
    more: tuple[tuple[Lane, Piece], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseBeat:
    """One customer's whole case on one line, with everything behind it."""

    at: datetime
    name: str
    language: str
    about: str
    outcome: str
    pieces: tuple[tuple[Lane, Piece], ...] = ()


@dataclass(slots=True)
class Act:
    """A chapter."""

    title: str
    lead: str
    beats: list[Beat | CaseBeat] = field(default_factory=list)
