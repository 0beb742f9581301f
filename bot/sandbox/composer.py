"""What Slack makes of the text a person types."""

import re

#: What the composer makes itself and therefore does not escape: mentions, broadcasts and links.
COMPOSED = re.compile(r"<(?:[@#!][^<>]*|https?://[^<>]*|mailto:[^<>]*)>")


def typed(text: str) -> str:
    """The text as Slack stores it: `&`, `<` and `>` escaped outside mentions, broadcasts and links."""
    parts: list[str] = []
    end = 0
    for match in COMPOSED.finditer(text):
        parts += [_escaped(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
