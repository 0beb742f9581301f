"""Many drafts about one thing: their one card in the channel, and the window in which they are read and sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.elements import (
    actions,
    button,
    confirm,
    context,
    header,
    option,
    paragraph,
    pressed_on,
    section,
)
from bot.cards.shapes import Block, Card
from bot.cards.texts import clean, counted, escaped, line, passage, sentence, width
from bot.cards.views import MOST_TITLE, input_block, modal

CALLBACK = "stack"
#: Drafts in one window.
PAGE = 25
#: A longer letter cannot be read whole here, and is not sent from here.
MOST_SHOWN = 2900
MOST_REFUSALS = 10
KINDS = {"delay": "Delay", "outage": "Outage", "bill": "Bill", "price_drop": "Price drop"}


@dataclass(frozen=True, slots=True)
class StackView:
    """How a stack stands. It names no customer."""

    stack_id: int
    kind: str
    happened_at: datetime
    #: What we were told, in one line, or empty.
    about: str = ""
    drafts: int = 0
    waiting: int = 0
    have_written: int = 0
    sent: int = 0
    taken_out: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class StackLine:
    """One draft in the window."""

    conversation_id: int
    version: int
    name: str
    address: str
    #: The whole letter, signed by whoever reads it here.
    text: str
    #: What pressing Send also gives, such as "100 kr.", or empty.
    amount: str = ""
    #: Their own words, where they have written.
    words: str = ""
    findings: int = 0
    hints: tuple[str, ...] = ()
    #: A person looks at it first: its tick is not set.
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class StackPage:
    """What one window shows."""

    title: str
    lines: tuple[StackLine, ...]
    #: How many can be sent in all.
    waiting: int
    #: What was done just now, and what was not: a sentence each.
    news: tuple[str, ...] = ()


def title(view: StackView) -> str:
    """ "Delay, 14 November"."""
    return f"{KINDS.get(view.kind, view.kind)}, {view.happened_at.day} {view.happened_at:%B}"


def stack_card(view: StackView) -> Card:
    """The card as the stack stands; equal views give equal cards."""
    lead = f"{title(view)}: {counted(view.drafts, 'draft')}"
    written = _written(view.have_written)
    about = [context(line(view.about, 500))] if view.about.strip() else []
    blocks = [header(lead), section(_standing(view)), *about]
    if not view.waiting:
        return Card(escaped(f"{lead}. None is left to send."), blocks)
    blocks += [
        actions(
            f"stack:{view.stack_id}",
            button("Read and Send", "stack_open", pressed_on(s=view.stack_id), style="primary"),
            button("Put Aside", "stack_close", pressed_on(s=view.stack_id), confirm=_sure(view)),
        ),
        context("Nothing reaches a customer until somebody reads it in the window and presses Send Ticked."),
    ]
    said = sentence(", ".join(part for part in (lead, written) if part))
    return Card(escaped(f"{said} Press Read and Send."), blocks)


def _written(number: int) -> str:
    if not number:
        return ""
    return f"{number} of them {'has' if number == 1 else 'have'} written already"


def _standing(view: StackView) -> str:
    parts = [f"*{view.waiting} to read and send*", _written(view.have_written)]
    parts += [
        f"{number} {word}"
        for number, word in (
            (view.sent, "sent"),
            (view.taken_out, "on their own cards"),
            (view.gone, "put aside"),
        )
        if number
    ]
    return " · ".join(part for part in parts if part)


def _sure(view: StackView) -> Block:
    return confirm(
        "Put these drafts aside?",
        f"{counted(view.waiting, 'draft')} will not be sent. Whoever has written keeps their own card.",
        "Put Aside",
        "Keep Them",
    )


# ---- The window -------------------------------------------------------------------------------------------


def stack_window(page: StackPage, metadata: str) -> Block:
    """Up to 25 drafts, each with its tick: those that stay ticked are sent."""
    news = [context(*(line(each, 300) for each in page.news[:MOST_REFUSALS]))] if page.news else []
    if not page.lines:
        left = (
            f"{counted(page.waiting, 'draft')} stay in the stack."
            if page.waiting
            else "None is left to send."
        )
        return modal(_short(page.title), CALLBACK, metadata, [*news, paragraph(left)], close="Close")
    shown = f"{len(page.lines)} of {counted(page.waiting, 'draft')}. Untick what should not go: it stays in the stack."
    blocks = [*news, context(shown)]
    for each in page.lines:
        blocks += _draft(each)
    return modal(_short(page.title), CALLBACK, metadata, blocks, submit="Send Ticked")


def _short(words: str) -> str:
    return words if width(words) <= MOST_TITLE else line(words, MOST_TITLE)


def pick_id(conversation_id: int, version: int) -> str:
    """The block of a draft's tick."""
    return f"pick:{conversation_id}:{version}"


def picked_of(block_id: str) -> tuple[int, int] | None:
    """The case and version of such a block; None for another."""
    parts = block_id.split(":")
    if len(parts) != 3 or parts[0] != "pick" or not all(each.isdecimal() for each in parts[1:]):
        return None
    return int(parts[1]), int(parts[2])


def _draft(each: StackLine) -> list[Block]:
    whole = width(clean(each.text)) <= MOST_SHOWN
    letter: Block = {
        "type": "section",
        "block_id": f"text:{each.conversation_id}:{each.version}",
        "text": {"type": "plain_text", "text": passage(each.text, MOST_SHOWN), "emoji": False},
        "accessory": button("Take Out", "stack_take_out", pressed_on(c=each.conversation_id, v=each.version)),
    }
    who = " · ".join(
        part for part in (line(each.name, 80, otherwise="A customer"), line(each.address, 90)) if part
    )
    tick = _tick(each, who) if whole else section(f"*{escaped(who, 300)}*")
    notes = _notes(each, whole=whole)
    return [tick, *([context(*notes)] if notes else []), letter]


def _tick(each: StackLine, who: str) -> Block:
    block_id = pick_id(each.conversation_id, each.version)
    send = option(f"Send and refund {line(each.amount, 30)}" if each.amount else "Send", "send")
    box: Block = {"type": "checkboxes", "action_id": block_id, "options": [send]}
    if not each.is_doubtful:
        box["initial_options"] = [send]
    return input_block(block_id, who, box, optional=True)


def _notes(each: StackLine, *, whole: bool) -> list[str]:
    notes = [f"Has written: “{line(each.words, 300)}”"] if each.words else []
    if each.findings:
        notes.append(f"Trust check: {counted(each.findings, 'finding')}")
    notes += [sentence(line(hint, 200)) for hint in each.hints[:3] if hint.strip()]
    if not whole:
        notes.append("Too long to be read here: take it out and send it from its own card.")
    return notes


def told(sent: int, refused: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What came of pressing Send, for the next window."""
    lines = [f"{sent} sent." if sent else "Nothing was sent."]
    return (*lines, *(f"Not sent to {line(name, 80)}: {why}" for name, why in refused))
