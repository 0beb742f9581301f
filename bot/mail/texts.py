"""One textual part -> its text, whatever type, charset and transfer encoding it has. Pure; never raises.

Cap: the first 4 MB of a part are decoded.
"""

from bot.mail import charsets, formats, markup, rich_text
from bot.mail.defects import Defect, Defects
from bot.mail.parts import Part

MAX_PART_BYTES = 4 * 1024 * 1024


def part_text(part: Part, defects: Defects) -> str:
    """The text of one leaf, whatever textual type it has."""
    content, octets = part.content, part.octets(defects)[:MAX_PART_BYTES]
    if len(octets) == MAX_PART_BYTES:
        defects.add(Defect.TEXT_CUT)
    kind = content.type.partition("/")[2]
    declared = content.charset or (markup.meta_charset(octets) if kind == "html" else "")
    text, defect = charsets.decode(octets, declared)
    defects.add(defect)
    if b"\0" in octets and not content.charset.lower().startswith(("utf-16", "utf-32", "utf16", "ucs")):
        defects.add(Defect.NUL_BYTES)
    text = plain_lines(text)
    match kind:
        case "html":
            text = markup.without_inline_files(text)
            if len(text) > markup.MAX_HTML_CHARS:
                defects.add(Defect.TEXT_CUT)
            return markup.html_text(text)
        case "enriched" | "richtext":
            return formats.enriched_text(text).strip()
        case "rtf":
            return rich_text.rtf_text(text)
        case "calendar":
            return formats.calendar_text(text)
        case _:
            text = formats.unflow(text, content.delete_space) if content.flowed else text
            return text.strip("\n")


def plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x0b", "\n")
