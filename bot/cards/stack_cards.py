"""Many drafts about one thing: their one card in the channel, and the short one of each case meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from bot.cards import labels
from bot.cards.elements import actions, button, confirm, context, header, pressed_on, section
from bot.cards.letter import customer_name, headline
from bot.cards.shapes import Block, Card, CardView
from bot.cards.texts import capitalized, day_in_words, escaped, line, sentence
from bot.speech import mark, say, say_number

CALLBACK = "stack"
#: Drafts in one window.
PAGE = 25
KINDS = {
    "delay": mark("Delay"),
    "outage": mark("Outage"),
    "bill": mark("Bill"),
    "price_drop": mark("Price drop"),
}
#: The kind of a stack of answers to customers who wrote about the same thing.
ALIKE = "alike"
#: What fails, where that is what drafts have in common.
SERVICES = {
    "internet": mark("internet"),
    "app": mark("app"),
    "website": mark("website"),
    "television": mark("television"),
    "power": mark("electricity"),
}


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
    #: Of alike drafts: what they answer, and what they have in common (carrier, product or service, and its name).
    intent: str = ""
    tie: str = ""
    cause: str = ""
    #: How many of those sent wait for the seconds of Undo to pass.
    can_be_undone: int = 0


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
    #: How many came with their words.
    files: int = 0


@dataclass(frozen=True, slots=True)
class StackPage:
    """What one window shows."""

    title: str
    lines: tuple[StackLine, ...]
    #: How many can be sent in all.
    waiting: int
    #: What was done just now, and what was not: a sentence each.
    news: tuple[str, ...] = ()
    #: The stack, where what was sent from it just now can still be taken back; else 0.
    undo_in: int = 0


def title(view: StackView) -> str:
    """ "Delay, 14 November", or "Late delivery, PostNord, 14 November"."""
    day = day_in_words(view.happened_at, "d MMMM")
    if view.kind != ALIKE:
        return say("{what}, {day}", what=say(KINDS.get(view.kind, view.kind)), day=day)
    cause = say(SERVICES.get(view.cause, view.cause)) if view.tie == "service" else view.cause
    what = labels.named(labels.INTENTS, view.intent)
    return say("{what}, {cause}, {day}", what=what, cause=line(cause, 80), day=day)


def stack_card(view: StackView) -> Card:
    """The card as the stack stands; equal views give equal cards."""
    lead = say_number(view.drafts, "{stack}: {number} draft", "{stack}: {number} drafts", stack=title(view))
    about = [context(shown)] if (shown := line(view.about, 500)) else []
    blocks = [header(lead), section(_standing(view)), *about]
    if not view.waiting:
        said = say("{stack}. None is left to send.", stack=lead)
        return Card(escaped(said), [*blocks, *_undo(view)])
    blocks += [
        *_undo(view),
        actions(
            f"stack:{view.stack_id}",
            button(say("Read and Send"), "stack_open", pressed_on(s=view.stack_id), style="primary"),
            button(say("Put Aside"), "stack_close", pressed_on(s=view.stack_id), confirm=_sure(view)),
        ),
        context(_promise(view)),
    ]
    return Card(escaped(_summary(view, lead)), blocks)


def _summary(view: StackView, lead: str) -> str:
    if _tells_who_wrote(view):
        return say_number(
            view.have_written,
            "{stack}, {number} of them has written already. Press Read and Send.",
            "{stack}, {number} of them have written already. Press Read and Send.",
            stack=lead,
        )
    return say("{stack} Press Read and Send.", stack=sentence(lead))


def _promise(view: StackView) -> str:
    if view.kind == ALIKE:
        return say(
            "They wrote about the same thing, and nobody has answered them. Nothing reaches a customer until "
            "somebody reads it in the window and presses Send Ticked."
        )
    return say("Nothing reaches a customer until somebody reads it in the window and presses Send Ticked.")


def _tells_who_wrote(view: StackView) -> bool:
    """Of alike drafts all have."""
    return bool(view.have_written) and view.kind != ALIKE


def _standing(view: StackView) -> str:
    parts = [say("*{number} to read and send*", number=view.waiting)]
    if _tells_who_wrote(view):
        parts.append(
            say_number(
                view.have_written,
                "{number} of them has written already",
                "{number} of them have written already",
            )
        )
    if view.sent:
        parts.append(say("{number} sent", number=view.sent))
    if view.taken_out:
        parts.append(say("{number} on their own cards", number=view.taken_out))
    if view.gone:
        parts.append(say("{number} put aside", number=view.gone))
    return " · ".join(parts)


def _undo(view: StackView) -> list[Block]:
    if not view.can_be_undone:
        return []
    told = say_number(
        view.can_be_undone,
        "{number} letter goes out in a few seconds. Undo takes it back.",
        "{number} letters go out in a few seconds. Undo takes them back.",
    )
    return [context(told), undo_button(view.stack_id, "stack_undo")]


def undo_button(stack_id: int, action_id: str) -> Block:
    """Takes a whole sending back before it goes."""
    return actions(f"stack_undo:{stack_id}", button(say("Undo"), action_id, pressed_on(s=stack_id)))


def _sure(view: StackView) -> Block:
    if view.kind == ALIKE:
        told = say_number(
            view.waiting,
            "{number} draft goes back to its own card, to be answered there.",
            "{number} drafts go back to their own cards, to be answered there.",
        )
    else:
        told = say_number(
            view.waiting,
            "{number} draft will not be sent. Whoever has written keeps their own card.",
            "{number} drafts will not be sent. Whoever has written keeps their own card.",
        )
    return confirm(say("Put these drafts aside?"), told, say("Put Aside"), say("Keep Them"))


# ---- The card of a case that stands in a stack of alike drafts ---------------------------------------------


def stacked_card(view: CardView, stack: StackView) -> Card:
    """Who wrote what, in two lines: the draft is read and sent in the stack, or taken out of it."""
    lead = capitalized(f"{customer_name(view)}: {headline(view)}")
    words = line(view.customer_text, 150)
    told = say("Stands in the stack “{stack}”, and is read and sent there.", stack=title(stack))
    blocks = [
        section(f"*{escaped(lead, 400)}*" + (f"\n{escaped(words)}" if words else "")),
        context(told),
        actions(
            f"stacked:{view.conversation_id}:v{view.version}",
            button(say("Read and Send"), "stack_open", pressed_on(s=stack.stack_id)),
            button(say("Take Out"), "stack_leave", pressed_on(c=view.conversation_id, v=view.version)),
        ),
    ]
    return Card(escaped(f"{sentence(lead)} {told}"), blocks)
