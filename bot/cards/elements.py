"""The blocks and elements our cards use, as Slack takes them: long texts are cut, empty ones never sent."""

import json
from collections.abc import Sequence

from bot.cards.shapes import Block
from bot.cards.texts import clean, cut, line, passage


def plain(text: str, most: int) -> Block:
    """Text that Slack shows as it is: no mentions, no links, no :emoji: codes."""
    return {"type": "plain_text", "text": line(text, most, otherwise="-"), "emoji": False}


def mrkdwn(text: str, most: int = 3000) -> Block:
    """Markup of our own making; words of others in it are escaped already."""
    return {"type": "mrkdwn", "text": cut(text, most), "verbatim": True}


def header(text: str) -> Block:
    """The first line of a card."""
    return {"type": "header", "text": plain(text, 150)}


def section(text: str) -> Block:
    """A paragraph of our own markup."""
    return {"type": "section", "text": mrkdwn(text)}


def paragraph(text: str, most: int = 2900) -> Block:
    """A paragraph of somebody's words, with their lines."""
    return {"type": "section", "text": {"type": "plain_text", "text": passage(text, most), "emoji": False}}


def context(*parts: Block | str) -> Block:
    """A small line; strings in it are shown as they are, empty ones left out."""
    shown = [part if isinstance(part, dict) else plain(part, 1000) for part in parts if part]
    return {"type": "context", "elements": shown[:10]}


def leaf(text: str, *, bold: bool = False) -> Block:
    """Words inside rich text, where nothing is ever read as markup."""
    made: Block = {"type": "text", "text": clean(text) or "-"}
    return {**made, "style": {"bold": True}} if bold else made


def user_leaf(slack_id: str) -> Block:
    """A person inside rich text; `slack_id` is a valid one."""
    return {"type": "user", "user_id": slack_id}


def rich_text(*elements: Block) -> Block:
    """A paragraph of leaves."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def quote(text: str) -> Block:
    """Words as they stand, with a bar beside them."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [leaf(text)]}]}


def preformatted(text: str) -> Block:
    """Words to copy."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [leaf(text)]}]}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A list of lines made of leaves."""
    lines = [{"type": "rich_text_section", "elements": list(item)} for item in items]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": lines}],
    }


def folded(title: str, blocks: list[Block], block_id: str) -> Block:
    """Blocks a reader opens when they want them."""
    return {
        "type": "container",
        "block_id": block_id,
        "title": plain(title, 150),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": blocks[:10],
    }


def actions(block_id: str, *elements: Block) -> Block:
    """A row of things to press."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(label: str, action_id: str, value: str, *, style: str = "", confirm: Block | None = None) -> Block:
    """A button. `style` is empty, primary or danger."""
    made: Block = {"type": "button", "action_id": action_id, "text": plain(label, 75), "value": value}
    if style:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question before something that matters."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(label: str, value: str) -> Block:
    """One line of a menu."""
    return {"text": plain(label, 75), "value": value}


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """The menu behind the dots; `options` are (label, value), at most five."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [option(label, value) for label, value in options[:5]],
    }


def pressed_on(**ids: int) -> str:
    """What a button carries: ids only, so that it can be read by anybody who sees the payload."""
    return json.dumps(ids)
