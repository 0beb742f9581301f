"""The rich_text block: sections, quotes, code and lists of leaves."""

from bot.sandbox.slackcheck.objects import IDENTIFIER, URL
from bot.sandbox.slackcheck.shapes import Check, array, choice, flag, record, string, variant, whole

STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
#: Mentions can also be shown as highlighted for the reader.
MENTION_STYLE = record(
    {}, dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), flag)
)

LEAVES: dict[str, Check] = {
    "text": record({"type": choice("text"), "text": string()}, {"style": STYLE}),
    "link": record({"type": choice("link"), "url": URL}, {"text": string(), "unsafe": flag, "style": STYLE}),
    "emoji": record(
        {"type": choice("emoji"), "name": string()},
        {"unicode": string(), "skin_tone": whole(1, 6), "style": STYLE},
    ),
    "user": record(
        {"type": choice("user"), "user_id": string(pattern="[UW][A-Z0-9]+")}, {"style": MENTION_STYLE}
    ),
    "channel": record(
        {"type": choice("channel"), "channel_id": string(pattern="[CGD][A-Z0-9]+")}, {"style": MENTION_STYLE}
    ),
    "usergroup": record(
        {"type": choice("usergroup"), "usergroup_id": string(pattern="S[A-Z0-9]+")}, {"style": MENTION_STYLE}
    ),
    "broadcast": record({"type": choice("broadcast"), "range": choice("here", "channel", "everyone")}),
    "date": record(
        {"type": choice("date"), "timestamp": whole(0, 10**11), "format": string()},
        {"url": URL, "fallback": string()},
    ),
}
LEAF = variant(LEAVES, "rich text leaf")
CODE_LEAF = variant({kind: LEAVES[kind] for kind in ("text", "link")}, "leaf in preformatted text")

SECTION = record({"type": choice("rich_text_section"), "elements": array(LEAF, least=0)})
PARTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_quote": record(
        {"type": choice("rich_text_quote"), "elements": array(LEAF)}, {"border": whole(0, 1)}
    ),
    "rich_text_preformatted": record(
        {"type": choice("rich_text_preformatted"), "elements": array(CODE_LEAF)},
        {"border": whole(0, 1), "language": string()},
    ),
    "rich_text_list": record(
        {
            "type": choice("rich_text_list"),
            "style": choice("bullet", "ordered"),
            "elements": array(variant({"rich_text_section": SECTION}, "list item")),
        },
        {"indent": whole(0, 8), "offset": whole(0, 10**6), "border": whole(0, 1)},
    ),
}
RICH_TEXT = record(
    {"type": choice("rich_text"), "elements": array(variant(PARTS, "rich text part"))},
    {"block_id": IDENTIFIER},
)
