"""The window of a stack: read up to 25 drafts, untick what should not go, and send the rest."""

from collections.abc import Sequence

from bot.cards.elements import button, context, option, paragraph, pressed_on, section
from bot.cards.shapes import Block
from bot.cards.stack_cards import CALLBACK, StackLine, StackPage, undo_button
from bot.cards.texts import clean, escaped, line, passage, sentence, width
from bot.cards.views import MOST_TITLE, input_block, modal
from bot.speech import say, say_number

#: A longer letter cannot be read whole here, and is not sent from here.
MOST_SHOWN = 2900
#: Who writes more is read on their own card.
MOST_WORDS = 900
MOST_REFUSALS = 10


def stack_window(page: StackPage, metadata: str) -> Block:
    """Up to 25 drafts, each with its tick: those that stay ticked are sent."""
    news = [context(*(line(each, 300) for each in page.news[:MOST_REFUSALS]))] if page.news else []
    if page.undo_in:
        news.append(undo_button(page.undo_in, "stack_undo_own"))
    name = _short(page.title)
    if not page.lines:
        left = (
            say_number(
                page.waiting, "{number} draft stays in the stack.", "{number} drafts stay in the stack."
            )
            if page.waiting
            else say("None is left to send.")
        )
        return modal(name, CALLBACK, metadata, [*news, paragraph(left)], close=say("Close"))
    shown = say_number(
        page.waiting,
        "{shown} of {number} draft. Untick what should not go: it stays in the stack.",
        "{shown} of {number} drafts. Untick what should not go: it stays in the stack.",
        shown=len(page.lines),
    )
    blocks = [*news, context(shown)]
    for each in page.lines:
        blocks += _draft(each)
    return modal(name, CALLBACK, metadata, blocks, submit=say("Send Ticked"))


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
        "accessory": button(
            say("Take Out"), "stack_take_out", pressed_on(c=each.conversation_id, v=each.version)
        ),
    }
    name = line(each.name, 80, otherwise=say("A customer"))
    who = " · ".join(part for part in (name, line(each.address, 90)) if part)
    tick = _tick(each, who) if whole else section(f"*{escaped(who, 300)}*")
    notes = _notes(each, whole=whole)
    return [tick, *([context(*notes)] if notes else []), letter]


def _tick(each: StackLine, who: str) -> Block:
    block_id = pick_id(each.conversation_id, each.version)
    amount = line(each.amount, 30)
    send = option(say("Send and refund {amount}", amount=amount) if amount else say("Send"), "send")
    box: Block = {"type": "checkboxes", "action_id": block_id, "options": [send]}
    if not each.is_doubtful:
        box["initial_options"] = [send]
    return input_block(block_id, who, box, optional=True)


def _notes(each: StackLine, *, whole: bool) -> list[str]:
    notes = [say("Has written: “{words}”", words=line(each.words, MOST_WORDS))] if each.words else []
    if each.files:
        notes.append(
            say_number(
                each.files,
                "{number} file came with it: take it out to look at it.",
                "{number} files came with it: take it out to look at them.",
            )
        )
    if each.findings:
        notes.append(
            say_number(each.findings, "Trust check: {number} finding", "Trust check: {number} findings")
        )
    notes += [sentence(line(say(hint), 200)) for hint in each.hints[:3] if hint.strip()]
    if not whole:
        notes.append(say("Too long to be read here: take it out and send it from its own card."))
    return notes


def told(sent: int, refused: Sequence[tuple[str, str]], seconds: int = 0) -> tuple[str, ...]:
    """What came of pressing Send, for the next window; `seconds` is for how long it can be taken back."""
    lines = [_went(sent, seconds)]
    return (
        *lines,
        *(say("Not sent to {name}: {why}", name=line(name, 80), why=why) for name, why in refused),
    )


def _went(sent: int, seconds: int) -> str:
    if not sent:
        return say("Nothing was sent.")
    if not seconds:
        return say("{number} sent.", number=sent)
    return say_number(
        sent,
        "{number} letter goes out in {seconds} seconds. Undo takes it back.",
        "{number} letters go out in {seconds} seconds. Undo takes them back.",
        seconds=seconds,
    )


def taken_back(number: int) -> str:
    """What came of pressing Undo."""
    return say_number(
        number,
        "{number} letter taken back. It has not gone out.",
        "{number} letters taken back. They have not gone out.",
    )
