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
from bot.cards.texts import day_in_words, escaped, instant, line, link, person
from bot.cards.views import input_block, modal
from bot.speech import mark, say, say_number

TITLE = mark("Customer")
MOST_ORDERS, MOST_LINES, MOST_LIKENESSES = 8, 8, 3
LONGEST_NOTE, MOST_NOTES = 300, 5
#: How long a note lasts, in days; the first one unless somebody picks another.
LASTING = ((365, mark("In a year")), (90, mark("In three months")), (30, mark("In a month")))
SOURCES = {
    "orders": mark("the shop's orders"),
    "customers_file": mark("the customer file"),
    "customers_file.name": mark("the name in the customer file"),
    "mail": mark("their mail"),
    "slack": "Slack",
    "agent": mark("a colleague"),
}
_PURPOSES = {"marketing": mark("marketing")}


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
        *_cases(view),
        *_promised(view),
        *_orders(view.orders),
        *_notes(view),
        *_consents(view.consents),
    ]
    for each in view.likenesses[:MOST_LIKENESSES]:
        blocks += likeness(each, 0)
    for each in view.joined[:MOST_LIKENESSES]:
        blocks += parting(each)
    blocks += _new_note(view)
    return modal(say(TITLE), "customer", metadata, blocks, **_submit(view), close=say("Close"))


def _submit(view: CustomerView) -> dict[str, str]:
    return {"submit": say("Save Note")} if len(view.notes) < MOST_NOTES else {}


def _promised_at_the_sale(view: CustomerView) -> list[Block]:
    """The first line of all (R0-04)."""
    blocks = []
    for each in view.sale[:3]:
        promised = say("Promised at the sale: {promise}", promise=each.text)
        blocks += [paragraph(promised, 1200), context(_origin(each))]
    return blocks


def _banner(view: CustomerView) -> list[Block]:
    said = []
    if view.second_chance:
        days = ", ".join(map(day_in_words, view.strikes[:5]))
        said.append(
            say("Second chance: we let them down on {days}. The next answer has to be right.", days=days)
        )
    if view.day_of_first_hundred is not None:
        said.append(say("New: day {number} of the first 100.", number=view.day_of_first_hundred))
    return [paragraph(" ".join(said), 500)] if said else []


def _who(view: CustomerView) -> list[Block]:
    blocks: list[Block] = [header(line(view.name, 100, otherwise=say("A customer")))]
    blocks += map(_field, view.fields[:16])
    since = say("Customer since {day}", day=day_in_words(view.since))
    wish = say("wants no follow-ups") if view.no_follow_ups else say("follow-ups are welcome")
    blocks.append(context(f"{since} · {wish}"))
    return blocks


def _field(field: FieldLine) -> Block:
    said = f"{say(field.label)}: {line(field.value, 200, otherwise='–')}"
    return context(said, mrkdwn(_from(field.source, field.known_at)) if field.value else "")


def _from(source: str, at: datetime) -> str:
    known = SOURCES.get(source)
    name = say(known) if known else line(source, 40, otherwise=say("source not known"))
    return say("from {source}, {when}", source=escaped(name), when=instant(at))


def _origin(note: NoteLine) -> Block:
    parts = [say("by {who}", who=person(note.by))] if note.by else []
    parts.append(instant(note.written_at))
    if note.expires_at:
        parts.append(say("until {day}", day=day_in_words(note.expires_at)))
    return mrkdwn(", ".join(parts))


def _cases(view: CustomerView) -> list[Block]:
    if not view.cases:
        return [context(say("Open cases: none besides what you came from"))]
    return _lines(say("Open cases"), open_cases(view.cases[:MOST_LINES]))


def _promised(view: CustomerView) -> list[Block]:
    if not view.due:
        return [context(say("Promised and due: nothing"))]
    return _lines(say("Promised and due"), [_due(each) for each in view.due[:MOST_LINES]])


def _lines(title: str, lines: Sequence[str]) -> list[Block]:
    return [context(title), *(context(mrkdwn(each)) for each in lines)]


def _due(due: DueLine) -> str:
    when = escaped(line(say(due.by), 80)) if due.by or due.due_at is None else instant(due.due_at)
    parts = [escaped(line(say(due.what), 200)), when]
    if due.link:
        parts.append(link(due.link, say("Open")))
    return " · ".join(parts)


def _orders(orders: Sequence[OrderFactsLine]) -> list[Block]:
    if not orders:
        return [context(say("Orders: none known"))]
    blocks: list[Block] = [context(say("Orders"))]
    for each in orders[:MOST_ORDERS]:
        placed = day_in_words(each.placed_at)
        told = "; ".join(each.facts)
        blocks.append(context(line(f"{each.number}, {placed}: {told}", 600), line(each.age, 80)))
    return blocks


def _notes(view: CustomerView) -> list[Block]:
    number = say_number(
        len(view.notes),
        "{number} note of at most {most}",
        "{number} notes of at most {most}",
        most=MOST_NOTES,
    )
    blocks: list[Block] = [context(number)]
    for each in view.notes[:MOST_NOTES]:
        blocks.append(paragraph(each.text, 400))
        blocks.append(context(_origin(each)))
        blocks.append(actions(f"note:{each.note_id}", _remove(each, view.customer_id)))
    return blocks


def _remove(note: NoteLine, customer_id: int) -> Block:
    sure = confirm(say("Remove this note?"), say("It is forgotten for good."), say("Remove"), say("Keep"))
    value = pressed_on(n=note.note_id, k=customer_id)
    return button(say("Remove Note"), "note_remove", value, confirm=sure)


def _consents(consents: Sequence[ConsentLine]) -> list[Block]:
    if not consents:
        return [context(say("Consent to marketing: none known, so nothing is offered to them by mail"))]
    return [context(_consent(each), mrkdwn(_from(each.source, each.given_at))) for each in consents[:5]]


def _consent(consent: ConsentLine) -> str:
    known = _PURPOSES.get(consent.purpose)
    purpose = say(known) if known else line(consent.purpose, 30)
    if consent.given:
        return say("Consent to {purpose}: yes", purpose=purpose)
    return say("Consent to {purpose}: no", purpose=purpose)


def _new_note(view: CustomerView) -> list[Block]:
    if not _submit(view):
        full = say("There are {number} notes: remove one to write another.", number=MOST_NOTES)
        return [context(full)]
    field: Block = {
        "type": "plain_text_input",
        "action_id": "note",
        "max_length": LONGEST_NOTE,
        "placeholder": plain(say("Something they told us: please write, do not call"), 150),
    }
    options = [option(say(words), str(days)) for days, words in LASTING]
    lasts: Block = {
        "type": "static_select",
        "action_id": "lasts",
        "options": options,
        "initial_option": options[0],
    }
    return [
        input_block("note", say("A new note"), field, optional=True),
        input_block("lasts", say("Forgotten"), lasts, optional=True),
    ]
