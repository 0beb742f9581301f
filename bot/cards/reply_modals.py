"""Editing a reply, and the kinder wordings offered before it goes out.

A field takes 3,000 characters. A longer reply is shown in several fields, so that no end of it is ever lost:
read what was typed with `typed_reply`, never from one field alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal

from bot.cards import labels
from bot.cards.elements import actions, button, context, leaf, paragraph, rich_text
from bot.cards.shapes import Block, FindingLine
from bot.cards.texts import beginning, clean, line, quoted, width
from bot.cards.views import MOST_INPUT, MOST_TITLE, input_block, modal
from bot.speech import say, say_number, spoken

CALLBACK = "edit_reply"
MOST_FINDINGS = 3
#: More than this nobody edits in a window.
MOST_FIELDS = 8

#: What stood between a field and the one before it, by the letter in its block id.
_JOINTS = {"p": "\n\n", "l": "\n", "w": " ", "c": ""}
_FIELD = re.compile(r"reply:\d+(?::(\d+)([plwc]))?")


def edit_reply(
    draft: str,
    metadata: str,
    *,
    target: str,
    amount: str,
    version: int,
    send_label: str,
    enclosing: Sequence[Block] = (),
) -> Block:
    """The draft to change and send. `target` says to whom, `amount` what sending also moves, or is empty;
    `enclosing` are the fields for files.

    The field's block id is `reply:{version}`, its action id `text`.
    """
    notes = [context(say("To {name}", name=line(target, 200)))] if target.strip() else []
    submit = send_label if width(send_label) <= MOST_TITLE else _without_amount(send_label, amount)
    blocks = [*notes, *_money_note(amount), *_fields(draft, version), *enclosing]
    return _checked(modal(say("Edit reply"), CALLBACK, metadata, blocks, submit=submit), draft)


def _without_amount(send_label: str, amount: str) -> str:
    """The label for where the whole of it does not fit; the amount stands in a note then."""
    shown = line(amount, 30)
    if shown and shown in send_label:
        return " ".join(send_label.replace(shown, "").split())
    return " ".join(send_label.split()[:3])


def kinder_wording(
    text: str,
    findings: Sequence[FindingLine],
    metadata: str,
    attempt: int,
    *,
    amount: str = "",
    enclosing: Sequence[Block] = (),
) -> Block:
    """What a customer may hear as distrust in `text`, each with a kinder sentence; it can still be sent.

    Every `attempt` needs a number of its own: Slack keeps what was typed under a block id it knows.
    """
    blocks: list[Block] = [paragraph(_lead(findings))]
    for index, finding in enumerate(findings[:MOST_FINDINGS]):
        blocks += _finding(finding, index, attempt)
    blocks += [*_money_note(amount), *_fields(text, attempt), *enclosing]
    return _checked(modal(say("Kinder wording"), CALLBACK, metadata, blocks, submit=say("Send Anyway")), text)


def typed_reply(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """The whole reply from a view's `state.values`, its fields joined again."""
    parts: list[tuple[int, str, str]] = []
    for block_id, held in values.items():
        found = _FIELD.fullmatch(block_id)
        if found and "text" in held:
            typed = str(held["text"].get("value") or "")
            parts.append((int(found.group(1) or 1), _JOINTS[found.group(2) or "c"], typed))
    whole = ""
    for _, joint, typed in sorted(parts):
        whole += joint + typed if whole and typed else typed
    return whole


def pieces(text: str) -> list[tuple[str, str]]:
    """`text` in parts that fit a field, each with the letter of what stood before it."""
    rest, joint, parts = text, "c", []
    while width(rest) > MOST_INPUT:
        window = beginning(rest, MOST_INPUT)
        at, after = len(window), "c"
        for letter, mark in (("p", "\n\n"), ("l", "\n"), ("w", " ")):
            found = window.rfind(mark, MOST_INPUT // 3)
            if found > 0:
                at, after = found, letter
                break
        parts.append((joint, rest[:at]))
        rest, joint = rest[at + len(_JOINTS[after]) :], after
    return [*parts, (joint, rest)]


def _fields(text: str, number: int) -> list[Block]:
    parts = pieces(clean(text).strip())
    blocks = []
    for index, (joint, part) in enumerate(parts, start=1):
        block_id = f"reply:{number}" if index == 1 else f"reply:{number}:{index}{joint}"
        label = say("Reply")
        if len(parts) > 1:
            label = say("Reply, part {number} of {count}", number=index, count=len(parts))
        blocks.append(input_block(block_id, label, _field(part, index == 1), optional=index > 1))
    return blocks


def _field(text: str, focus: bool) -> Block:
    field: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": MOST_INPUT,
        "focus_on_load": focus,
    }
    return {**field, "initial_value": text} if text else field


def _checked(view: Block, text: str) -> Block:
    """The view, or a word that the text is too long for any window."""
    if len(pieces(clean(text).strip())) <= MOST_FIELDS:
        return view
    too_long = say(
        "This reply is too long to edit here ({number} characters). Send it as it is.",
        number=format_decimal(len(text), locale=spoken()),
    )
    blocks = [paragraph(too_long)]
    return modal(say("Edit reply"), CALLBACK, view["private_metadata"], blocks, close=say("Close"))


def _money_note(amount: str) -> list[Block]:
    shown = line(amount, 40)
    return [context(say("Sending this also moves the money: {amount}", amount=shown))] if shown else []


def _lead(findings: Sequence[FindingLine]) -> str:
    said = [
        say_number(
            len(findings),
            "A customer may hear distrust in one place of your text.",
            "A customer may hear distrust in {number} places of your text.",
        )
    ]
    if len(findings) > MOST_FINDINGS:
        said.append(say("Here are the first {number}.", number=MOST_FINDINGS))
    return " ".join((*said, say("Change it, or send it as it is.")))


def _finding(finding: FindingLine, index: int, round_number: int) -> list[Block]:
    category = labels.named(labels.CATEGORIES, line(finding.category, 40))
    shown = [
        leaf(quoted(line(finding.text, 300)), bold=True),
        leaf(f"\n{category}. {line(finding.why, 300)}"),
    ]
    if not finding.rewrite.strip():
        return [rich_text(*shown)]
    kinder = say("Kinder: “{words}”", words=line(finding.rewrite, 500))
    shown.append(leaf(f"\n{kinder}"))
    use = button(say("Use Kinder Wording"), "use_kinder", str(index))
    return [rich_text(*shown), actions(f"kinder:{round_number}:{index}", use)]
