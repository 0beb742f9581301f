"""The customer card: a window with what we know of one person, each field with its source and date.

No spend total and no score of any kind stands here (R0-23, R2-05).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.cards.elements import (
    actions,
    button,
    confirm,
    context,
    header,
    mrkdwn,
    option,
    paragraph,
    plain,
    pressed_on,
)
from bot.cards.people import likeness, open_cases, parting
from bot.cards.shapes import Block, Likeness, OtherCase
from bot.cards.texts import counted, escaped, instant, line, link, person, sentence
from bot.cards.views import input_block, modal

TITLE = "Customer"
MOST_ORDERS, MOST_LINES, MOST_LIKENESSES = 8, 8, 3
LONGEST_NOTE, MOST_NOTES = 300, 5
#: How long a note lasts, in days; the first one unless somebody picks another.
LASTING = ((365, "a year"), (90, "three months"), (30, "a month"))
SOURCES = {
    "orders": "the shop's orders",
    "customers_file": "the customer file",
    "customers_file.name": "the name in the customer file",
    "mail": "their mail",
    "slack": "Slack",
    "agent": "a colleague",
}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One thing we know; a source of "" is not known."""

    label: str
    value: str
    source: str
    known_at: datetime


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note, or what was promised at the sale (`note_id` 0 cannot be removed). `by` is a Slack id or empty."""

    note_id: int
    text: str
    by: str
    written_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something we promised. `by` is how it is told, where the instant alone would not do."""

    what: str
    due_at: datetime | None
    by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class OrderFactsLine:
    """One order in view; `age` says how old the facts are."""

    number: str
    placed_at: datetime
    facts: tuple[str, ...]
    age: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A yes or no with its source and day."""

    purpose: str
    given: bool
    source: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerView:
    """Everything the customer card shows."""

    customer_id: int
    name: str
    fields: tuple[FieldLine, ...]
    since: datetime
    #: 1 to 100, or None after that.
    day_of_first_hundred: int | None
    #: Days on which we let this person down that still count.
    strikes: tuple[date, ...]
    second_chance: bool
    no_follow_ups: bool
    cases: tuple[OtherCase, ...]
    sale: tuple[NoteLine, ...]
    due: tuple[DueLine, ...]
    notes: tuple[NoteLine, ...]
    consents: tuple[ConsentLine, ...]
    orders: tuple[OrderFactsLine, ...]
    likenesses: tuple[Likeness, ...] = ()
    joined: tuple[Likeness, ...] = ()


def customer_card(view: CustomerView, metadata: str, trouble: str = "") -> Block:
    """The window. `trouble` is what a press in it could not do."""
    blocks = [
        *([paragraph(trouble, 300)] if trouble else []),
        *_promised_at_the_sale(view),
        *_banner(view),
        *_who(view),
        *_section("Open cases", open_cases(view.cases[:MOST_LINES]), "None besides what you came from"),
        *_section("Promised and due", [_due(each) for each in view.due[:MOST_LINES]], "Nothing"),
        *_orders(view.orders),
        *_notes(view),
        *_consents(view.consents),
    ]
    for each in view.likenesses[:MOST_LIKENESSES]:
        blocks += likeness(each, 0)
    for each in view.joined[:MOST_LIKENESSES]:
        blocks += parting(each)
    return modal(TITLE, "customer", metadata, [*blocks, *_new_note(view)], **_submit(view), close="Close")


def _submit(view: CustomerView) -> dict[str, str]:
    return {"submit": "Save Note"} if len(view.notes) < MOST_NOTES else {}


def _promised_at_the_sale(view: CustomerView) -> list[Block]:
    """The first line of all (R0-04)."""
    blocks = []
    for each in view.sale[:3]:
        blocks += [paragraph(f"Promised at the sale: {each.text}", 1200), context(_origin(each))]
    return blocks


def _banner(view: CustomerView) -> list[Block]:
    said = []
    if view.second_chance:
        days = ", ".join(f"{day.day} {day:%B %Y}" for day in view.strikes[:5])
        said.append(f"Second chance: we let them down on {days}. The next answer has to be right.")
    if view.day_of_first_hundred is not None:
        said.append(f"New: day {view.day_of_first_hundred} of the first 100.")
    return [paragraph(" ".join(said), 500)] if said else []


def _who(view: CustomerView) -> list[Block]:
    blocks: list[Block] = [header(line(view.name, 100, otherwise="A customer"))]
    blocks += map(_field, view.fields[:16])
    since = f"Customer since {view.since.day} {view.since:%B %Y}"
    blocks.append(
        context(f"{since} · {'wants no follow-ups' if view.no_follow_ups else 'follow-ups are welcome'}")
    )
    return blocks


def _field(field: FieldLine) -> Block:
    said = f"{field.label}: {line(field.value, 200, otherwise='–')}"
    return context(said, mrkdwn(_from(field.source, field.known_at)) if field.value else "")


def _from(source: str, at: datetime) -> str:
    name = SOURCES.get(source, line(source, 40, otherwise="source not known"))
    return f"from {escaped(name)}, {instant(at)}"


def _origin(note: NoteLine) -> Block:
    who = f"by {person(note.by)}, " if note.by else ""
    until = f", until {note.expires_at.day} {note.expires_at:%B %Y}" if note.expires_at else ""
    return mrkdwn(f"{who}{instant(note.written_at)}{until}")


def _section(title: str, lines: Sequence[str], nothing: str) -> list[Block]:
    if not lines:
        return [context(f"{title}: {nothing.lower()}")]
    return [context(title), *(context(mrkdwn(each)) for each in lines)]


def _due(due: DueLine) -> str:
    when = escaped(line(due.by, 80)) if due.by or due.due_at is None else instant(due.due_at)
    opening = f" · {link(due.link, 'Open')}" if due.link else ""
    return f"{escaped(line(due.what, 200))} · {when}{opening}"


def _orders(orders: Sequence[OrderFactsLine]) -> list[Block]:
    if not orders:
        return [context("Orders: none known")]
    blocks: list[Block] = [context("Orders")]
    for each in orders[:MOST_ORDERS]:
        placed = f"{each.placed_at.day} {each.placed_at:%B %Y}"
        told = "; ".join(each.facts)
        blocks.append(context(line(f"{each.number}, {placed}: {told}", 600), line(each.age, 80)))
    return blocks


def _notes(view: CustomerView) -> list[Block]:
    blocks: list[Block] = [context(f"{counted(len(view.notes), 'note')} of at most {MOST_NOTES}")]
    for each in view.notes[:MOST_NOTES]:
        blocks.append(paragraph(each.text, 400))
        blocks.append(context(_origin(each)))
        blocks.append(
            actions(
                f"note:{each.note_id}",
                button(
                    "Remove Note",
                    "note_remove",
                    pressed_on(n=each.note_id, k=view.customer_id),
                    confirm=confirm("Remove this note?", "It is forgotten for good.", "Remove", "Keep"),
                ),
            )
        )
    return blocks


def _consents(consents: Sequence[ConsentLine]) -> list[Block]:
    if not consents:
        return [context("Consent to marketing: none known, so nothing is offered to them by mail")]
    return [
        context(
            f"Consent to {line(each.purpose, 30)}: {'yes' if each.given else 'no'}",
            mrkdwn(_from(each.source, each.given_at)),
        )
        for each in consents[:5]
    ]


def _new_note(view: CustomerView) -> list[Block]:
    if not _submit(view):
        return [context(sentence(f"There are {MOST_NOTES} notes: remove one to write another"))]
    field: Block = {
        "type": "plain_text_input",
        "action_id": "note",
        "max_length": LONGEST_NOTE,
        "placeholder": plain("Something they told us: please write, do not call", 150),
    }
    options = [option(f"In {words}", str(days)) for days, words in LASTING]
    lasts: Block = {
        "type": "static_select",
        "action_id": "lasts",
        "options": options,
        "initial_option": options[0],
    }
    return [
        input_block("note", "A new note", field, optional=True),
        input_block("lasts", "Forgotten", lasts, optional=True),
    ]
