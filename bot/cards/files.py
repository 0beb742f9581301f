"""Files on a card and in their window: what came, how large, and what it really is. Never the content itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import get_decimal_symbol

from bot.cards.elements import button, context, option, pressed_on, section
from bot.cards.shapes import Block, CardView, FileLine
from bot.cards.texts import escaped, line
from bot.cards.views import input_block, modal
from bot.speech import mark, say, say_number, spoken

#: On the card; the window names the others too.
MOST_NAMED = 5
#: In the window, of 100 blocks that Slack takes.
MOST_LISTED = 40
MOST_PICTURES = 20
#: What a person may send along at once.
MOST_SENT = 5
#: The value of the letter's own file among those that go along; the others carry their id in Slack.
HOUSE_FILE = "house"
#: Before the number of one that we have: of a reply that was taken back.
KEPT = "kept:"
#: Offered by Slack's own file picker; the bytes are looked at all the same.
PICKED = (
    "jpg", "jpeg", "png", "gif", "webp", "heic", "tif", "tiff", "pdf", "txt", "csv", "doc", "docx", "xls", "xlsx",
    "ppt", "pptx", "odt", "ods", "odp", "rtf",
)  # fmt: skip

KINDS = {
    "image": mark("picture"),
    "pdf": mark("PDF"),
    "text": mark("text"),
    "document": mark("office document"),
    "archive": mark("archive"),
    "program": mark("program"),
    "page": mark("web page or drawing with code"),
    "mail": mark("mail"),
    "calendar": mark("calendar entry"),
    "media": mark("sound or film"),
}
_UNKNOWN_KIND = mark("file of unknown kind")
#: The same of a file whose name says something else.
_REALLY = {
    "image": mark("really a picture"),
    "pdf": mark("really a PDF"),
    "text": mark("really a text"),
    "document": mark("really an office document"),
    "archive": mark("really an archive"),
    "program": mark("really a program"),
    "page": mark("really a web page or drawing with code"),
    "mail": mark("really a mail"),
    "calendar": mark("really a calendar entry"),
    "media": mark("really a sound or film"),
}
_REALLY_UNKNOWN = mark("really a file of unknown kind")
LEFT_OUT = {
    "too_large": mark("too large to keep"),
    "too_many": mark("one too many to keep"),
}
_NOT_KEPT = mark("not kept")


def size(size_bytes: int) -> str:
    """ "412 B", "80 kB", "1.2 MB"."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 999_500:
        return f"{round(size_bytes / 1_000)} kB"
    millions = f"{size_bytes / 1_000_000:.1f}".replace(".", get_decimal_symbol(spoken()))
    return f"{millions} MB"


def named(file: FileLine, most: int = 60) -> str:
    """Name and size, and what it is where the name says something else."""
    name = line(file.name, most, otherwise=say("a file"))
    warning = f" ({say(_REALLY.get(file.kind, _REALLY_UNKNOWN))})" if file.disguised else ""
    return f"{name} {size(file.size_bytes)}{warning}"


def came_along(view: CardView) -> list[Block]:
    """The line on the card, with the button that opens the files; nothing where none came."""
    if not view.files and not view.earlier_files:
        return []
    parts = [_came(view.files)] if view.files else []
    if view.earlier_files:
        parts.append(
            say_number(
                view.earlier_files,
                "{number} file from earlier in this case",
                "{number} files from earlier in this case",
            )
        )
    value = pressed_on(c=view.conversation_id, v=view.version)
    words = {"type": "plain_text", "text": line(" · ".join(parts), 1000), "emoji": False}
    return [{"type": "section", "text": words, "accessory": button(say("Open Files"), "card_files", value)}]


def _came(files: Sequence[FileLine]) -> str:
    number, names = len(files), ", ".join(named(file) for file in files[:MOST_NAMED])
    if number > MOST_NAMED:
        more = number - MOST_NAMED
        return say("{number} files: {names} and {more} more", number=number, names=names, more=more)
    return say_number(number, "{number} file: {names}", "{number} files: {names}", names=names)


def goes_along(view: CardView, most: int = 1000) -> list[Block]:
    """What the reply carries."""
    if not view.enclosed:
        return []
    names = line(", ".join(named(file) for file in view.enclosed), most)
    if view.state == "sent":
        return [context(say("Went along: {names}", names=names))]
    return [context(say("Goes along: {names}", names=names))]


def files_window(files: Sequence[FileLine], posted: int, *, pictures: bool = True) -> Block:
    """Every file of a case with its size and kind; `posted` are on their way into the card's thread."""
    blocks: list[Block] = []
    drawn = 0
    for file in files[:MOST_LISTED]:
        blocks.append(section(_entry(file)))
        if pictures and file.shown_as and drawn < MOST_PICTURES:
            drawn += 1
            alt = line(file.name, 200, otherwise=say("a picture"))
            blocks.append({"type": "image", "slack_file": {"id": file.shown_as}, "alt_text": alt})
    if len(files) > MOST_LISTED:
        blocks.append(context(say("and {number} older ones", number=len(files) - MOST_LISTED)))
    if posted:
        blocks.append(context(_on_the_way(posted)))
    drawn_by_us = say("Pictures are copies that we drew ourselves. Programs and archives are never opened.")
    return modal(say("Files"), "files", "", [*blocks, context(drawn_by_us)], close=say("Close"))


def _on_the_way(posted: int) -> str:
    return say_number(
        posted,
        "{number} file on the way into the card's thread.",
        "{number} files on the way into the card's thread.",
    )


def _entry(file: FileLine) -> str:
    notes = [size(file.size_bytes), say(KINDS.get(file.kind, _UNKNOWN_KIND))]
    if file.disguised:
        notes.append(say("its name says something else"))
    if file.left_out:
        notes.append(say(LEFT_OUT.get(file.left_out, _NOT_KEPT)))
    elif not file.can_be_shown:
        drawable = file.kind == "image"
        notes.append(say("could not be drawn") if drawable else say("not shown in Slack"))
    name = line(file.name, 120, otherwise=say("a file"))
    return f"*{escaped(name, 400)}*\n{escaped(' · '.join(notes), 400)}"


def enclosing(round_number: int, offered: Sequence[tuple[str, str]], *, by_mail: bool) -> list[Block]:
    """The part of the reply window about files: `offered` are (value, label) of what goes along unless unticked.

    Block id and action id are `enclosed:{round}` and `files:{round}`; read them with `chosen`.
    """
    if not by_mail:
        return [context(say("Files go by mail only: this answer is posted in Slack."))]
    blocks: list[Block] = []
    if offered:
        options = [option(label, value) for value, label in offered[:10]]
        name = f"enclosed:{round_number}"
        ticked = {"type": "checkboxes", "action_id": name, "options": options, "initial_options": options}
        blocks.append(input_block(name, say("Goes along"), ticked, optional=True))
    name = f"files:{round_number}"
    picker = {"type": "file_input", "action_id": name, "filetypes": list(PICKED), "max_files": MOST_SENT}
    blocks.append(input_block(name, say("Send files along"), picker, optional=True))
    return blocks


def chosen(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]], offered: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What goes along now, from a view's `state.values`: of `offered` what is ticked, then what was picked."""
    kept = list(offered)
    picked: list[tuple[str, str]] = []
    for block_id, held in values.items():
        state = held.get(block_id) or {}
        if block_id.startswith("enclosed:"):
            ticked = {each["value"] for each in state.get("selected_options") or ()}
            kept = [each for each in kept if each[0] in ticked]
        elif block_id.startswith("files:"):
            for file in state.get("files") or ():
                name = line(str(file.get("name") or ""), 55, otherwise=say("a file"))
                picked.append((str(file["id"]), f"{name} {size(int(file.get('size') or 0))}"))
    return kept + [each for each in picked if each not in kept]
