"""A strict check of what we hand to Slack: `check_message`, `check_view`, `check_blocks`.

Each returns the errors in the form of Slack's `response_metadata.messages`; an empty list means legal. Where
Slack's documentation contradicts itself the stricter reading holds, and every key that is not documented is
an error. Characters are counted as code points.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slackcheck.blocks import MESSAGE_BLOCKS, elements_of, walk
from bot.sandbox.slackcheck.shapes import Place, array, string, variant
from bot.sandbox.slackcheck.tables import characters
from bot.sandbox.slackcheck.views import HOME, MODAL

__all__ = ["check_blocks", "check_message", "check_view"]

#: Slack cuts what is longer.
MOST_TEXT = 40_000
#: Undocumented; Slack has answered msg_blocks_too_long from about 13,200 on.
MOST_BLOCK_TEXT = 12_000
MOST_MARKDOWN = 12_000
MOST_VIEW_BYTES = 250_000

POSTED = (
    "channel",
    "ts",
    "user",
    "thread_ts",
    "reply_broadcast",
    "metadata",
    "mrkdwn",
    "parse",
    "link_names",
)
ANSWERED = ("response_type", "replace_original", "delete_original")
MESSAGE_KEYS = frozenset(("text", "blocks", "unfurl_links", "unfurl_media", *POSTED, *ANSWERED))


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """A message as it goes to chat.postMessage, chat.update, a response_url or an acknowledgement.

    `text` must say something even beside blocks: it is what screen readers and notifications get. The one
    message without it is `{"delete_original": true}`.
    """
    place = Place([])
    for key in payload.keys() - MESSAGE_KEYS:
        place.at(key).refuse("unknown key")
    text = payload.get("text")
    if not payload.get("delete_original"):
        string(MOST_TEXT)(text.strip() if isinstance(text, str) else text or "", place.at("text"))
    if payload.get("blocks") is not None:
        place.errors.extend(check_blocks(payload["blocks"]))
    return place.errors


def check_view(view: Mapping[str, Any]) -> list[str]:
    """A modal or a Home tab as it goes to views.open, push, update or publish."""
    place = Place([])
    variant({"modal": MODAL, "home": HOME}, "view")(view, place)
    blocks = walk(view.get("blocks"), place.at("blocks"))
    _check_identifiers(blocks)
    inputs = any(block.get("type") == "input" for block, _ in blocks)
    if inputs and view.get("type") == "modal" and "submit" not in view:
        place.at("submit").refuse("must be provided when there is an input block")
    focused = [item for block, _ in blocks for item in elements_of(block) if item.get("focus_on_load")]
    if len(focused) > 1:
        place.at("blocks").refuse("only one element may have focus_on_load")
    if len(json.dumps(view, ensure_ascii=False).encode("utf-8", "replace")) > MOST_VIEW_BYTES:
        place.refuse(f"view_too_large: must be at most {MOST_VIEW_BYTES} bytes")
    return place.errors


def check_blocks(blocks: Any, pointer: str = "/blocks") -> list[str]:
    """The blocks of a message."""
    place = Place([], pointer)
    array(variant(MESSAGE_BLOCKS, "block"), 50, least=0)(blocks, place)
    walked = walk(blocks, place)
    _check_identifiers(walked)
    kinds = [block.get("type") for block, _ in walked]
    for kind, most in (("table", 1), ("data_visualization", 2)):
        if kinds.count(kind) > most:
            place.refuse(f"at most {most} {kind} in a message")
    if characters([block for block, _ in walked if block.get("type") == "markdown"]) > MOST_MARKDOWN:
        place.refuse(f"at most {MOST_MARKDOWN} characters in all markdown blocks")
    elif characters(blocks) > MOST_BLOCK_TEXT:
        place.refuse(f"msg_blocks_too_long: at most {MOST_BLOCK_TEXT} characters in all blocks")
    return place.errors


def _check_identifiers(blocks: list[tuple[Mapping[str, Any], Place]]) -> None:
    """block_id is unique in the payload, action_id within its block."""
    seen: set[str] = set()
    for block, where in blocks:
        identifier = block.get("block_id")
        if isinstance(identifier, str):
            if identifier in seen:
                where.at("block_id").refuse(f"block_id {identifier} already exists")
            seen.add(identifier)
        actions = [str(item["action_id"]) for item in elements_of(block) if "action_id" in item]
        if block.get("type") != "data_table" and len(set(actions)) < len(actions):
            where.refuse("action_id must be unique within the block")
