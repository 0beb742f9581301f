"""Files on a card and in their window: what came, how large, and what it really is. Never the content itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.elements import button, context, option, pressed_on, section
from bot.cards.shapes import Block, CardView, FileLine
from bot.cards.texts import counted, escaped, line
from bot.cards.views import input_block, modal

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
    "image": "picture",
    "pdf": "PDF",
    "text": "text",
    "document": "office document",
    "archive": "archive",
    "program": "program",
    "page": "web page or drawing with code",
    "mail": "mail",
    "calendar": "calendar entry",
    "media": "sound or film",
}
LEFT_OUT = {
    "too_large": "too large to keep",
    "too_many": "one too many to keep",
}


def size(size_bytes: int) -> str:
    """ "412 B", "80 kB", "1.2 MB"."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 999_500:
        return f"{round(size_bytes / 1_000)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def named(file: FileLine, most: int = 60) -> str:
    """Name and size, and what it is where the name says something else."""
    kind = KINDS.get(file.kind, "file of unknown kind")
    warning = f" (really {_article(kind)} {kind})" if file.disguised else ""
    return f"{line(file.name, most, otherwise='a file')} {size(file.size_bytes)}{warning}"


def came_along(view: CardView) -> list[Block]:
    """The line on the card, with the button that opens the files; nothing where none came."""
    if not view.files and not view.earlier_files:
        return []
    shown = ", ".join(named(file) for file in view.files[:MOST_NAMED])
    more = f" and {len(view.files) - MOST_NAMED} more" if len(view.files) > MOST_NAMED else ""
    parts = [f"{counted(len(view.files), 'file')}: {shown}{more}"] if view.files else []
    if view.earlier_files:
        parts.append(f"{counted(view.earlier_files, 'file')} from earlier in this case")
    value = pressed_on(c=view.conversation_id, v=view.version)
    words = {"type": "plain_text", "text": line(" · ".join(parts), 1000), "emoji": False}
    return [{"type": "section", "text": words, "accessory": button("Open Files", "card_files", value)}]


def goes_along(view: CardView) -> list[Block]:
    """What the reply carries."""
    if not view.enclosed:
        return []
    went = "Went along" if view.state == "sent" else "Goes along"
    return [context(f"{went}: {', '.join(named(file) for file in view.enclosed)}")]


def files_window(files: Sequence[FileLine], posted: int, *, pictures: bool = True) -> Block:
    """Every file of a case with its size and kind; `posted` are on their way into the card's thread."""
    blocks: list[Block] = []
    drawn = 0
    for file in files[:MOST_LISTED]:
        blocks.append(section(_entry(file)))
        if pictures and file.shown_as and drawn < MOST_PICTURES:
            drawn += 1
            alt = line(file.name, 200, otherwise="a picture")
            blocks.append({"type": "image", "slack_file": {"id": file.shown_as}, "alt_text": alt})
    if len(files) > MOST_LISTED:
        blocks.append(context(f"and {len(files) - MOST_LISTED} older ones"))
    if posted:
        blocks.append(context(f"{counted(posted, 'file')} on the way into the card's thread."))
    blocks.append(
        context("Pictures are copies that we drew ourselves. Programs and archives are never opened.")
    )
    return modal("Files", "files", "", blocks, close="Close")


def _entry(file: FileLine) -> str:
    kind = KINDS.get(file.kind, "file of unknown kind")
    notes = [size(file.size_bytes), kind]
    if file.disguised:
        notes.append("its name says something else")
    if file.left_out:
        notes.append(LEFT_OUT.get(file.left_out, "not kept"))
    elif not file.can_be_shown:
        notes.append("could not be drawn" if file.kind == "image" else "not shown in Slack")
    return f"*{escaped(line(file.name, 120, otherwise='a file'), 400)}*\n{escaped(' · '.join(notes), 400)}"


def enclosing(round_number: int, offered: Sequence[tuple[str, str]], *, by_mail: bool) -> list[Block]:
    """The part of the reply window about files: `offered` are (value, label) of what goes along unless unticked.

    Block id and action id are `enclosed:{round}` and `files:{round}`; read them with `chosen`.
    """
    if not by_mail:
        return [context("Files go by mail only: this answer is posted in Slack.")]
    blocks: list[Block] = []
    if offered:
        options = [option(label, value) for value, label in offered[:10]]
        name = f"enclosed:{round_number}"
        ticked = {"type": "checkboxes", "action_id": name, "options": options, "initial_options": options}
        blocks.append(input_block(name, "Goes along", ticked, optional=True))
    name = f"files:{round_number}"
    picker = {"type": "file_input", "action_id": name, "filetypes": list(PICKED), "max_files": MOST_SENT}
    blocks.append(input_block(name, "Send files along", picker, optional=True))
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
                name = line(str(file.get("name") or ""), 55, otherwise="a file")
                picked.append((str(file["id"]), f"{name} {size(int(file.get('size') or 0))}"))
    return kept + [each for each in picked if each not in kept]


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"
