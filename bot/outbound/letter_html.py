"""The HTML half of a mail, made from its plain text: paragraphs, lists and links, and nothing the text cannot hold.

No images, nothing fetched, no colours: light and dark are left to the reader's mail program.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

#: What may be pressed: https only. The marks that end a sentence are not part of an address.
LINK = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}…–—]")
BULLET = re.compile(r"[-*•–]\s+(?=\S)")
NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
#: What HTML cannot hold; tabs and line ends are white space.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zæøåäöéü])")
#: In characters: a longer first line is no greeting; mail programs show about so much of a preheader.
LONGEST_GREETING = 60
LONGEST_PREHEADER = 140


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a letter. `kind` is paragraph, points or numbers; lines are escaped already."""

    kind: str
    lines: tuple[Markup, ...]
    #: The first number of a numbered list.
    start: int = 1


def letter_html(text: str, *, subject: str, language: str, stop: str = "") -> str:
    """The whole HTML document; `stop` is the small print at the end. Every word of the text is in it, once."""
    clean = UNWRITABLE.sub("", text)
    document = _frame().render(
        language=language or "und",
        subject=UNWRITABLE.sub("", subject),
        preheader=preheader(clean),
        blocks=blocks(clean),
        stop=linked(UNWRITABLE.sub("", stop)),
    )
    return _inliner().inline(document)


def preheader(text: str) -> str:
    """The first sentence after the greeting: what an inbox shows beside the subject."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line]
    if len(said) > 1 and len(said[0]) <= LONGEST_GREETING and not said[0].endswith((".", "?", ":")):
        lines = lines[lines.index(said[0]) + 1 :]
    while lines and not lines[0]:
        lines.pop(0)
    paragraph = lines[: lines.index("")] if "" in lines else lines
    sentence = SENTENCE_END.split(" ".join(paragraph), maxsplit=1)[0]
    if len(sentence) <= LONGEST_PREHEADER:
        return sentence
    return sentence[:LONGEST_PREHEADER].rpartition(" ")[0] + " …"


def blocks(text: str) -> list[Block]:
    """The letter's pieces, in order."""
    found: list[Block] = []
    lines: list[str] = []
    for line in (*text.splitlines(), ""):
        if line.strip():
            lines.append(line.strip())
        else:
            found += _pieces(lines)
            lines = []
    return found


def _pieces(lines: list[str]) -> list[Block]:
    """The blocks of lines that no empty line parts: a list may stand right below its sentence."""
    found: list[Block] = []
    plain: list[Markup] = []
    at = 0
    while at < len(lines):
        block = _list(lines, at)
        if block is None:
            plain.append(linked(lines[at]))
            at += 1
            continue
        found += [Block("paragraph", tuple(plain))] if plain else []
        found.append(block)
        plain = []
        at += len(block.lines)
    return [*found, Block("paragraph", tuple(plain))] if plain else found


def _list(lines: list[str], at: int) -> Block | None:
    """The list that begins with this line. A single point is none: it may be a dash, or the second floor."""
    if (number := NUMBER.match(lines[at])) is not None:
        kind, mark, first = "numbers", NUMBER, int(number[1])
    elif BULLET.match(lines[at]):
        kind, mark, first = "points", BULLET, 1
    else:
        return None
    items: list[Markup] = []
    for line in islice(lines, at, None):
        found = mark.match(line)
        if found is None or not _goes_on(kind, line, lines[at], found, first + len(items)):
            break
        items.append(linked(line[found.end() :]))
    return Block(kind, tuple(items), first) if len(items) > 1 else None


def _goes_on(kind: str, line: str, begun: str, found: re.Match[str], number: int) -> bool:
    """Whether the line belongs to the list: the same mark, or the next number."""
    return line[0] == begun[0] if kind == "points" else int(found[1]) == number


def linked(line: str) -> Markup:
    """The line, escaped, with its https addresses shown in full and made to be pressed."""
    parts: list[Markup] = []
    end = 0
    for found in LINK.finditer(line):
        address = escape(found[0])
        parts += [escape(line[end : found.start()]), Markup('<a href="{}">{}</a>').format(address, address)]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])


@lru_cache(maxsize=1)
def _frame() -> Template:
    folder = Path(str(files("bot"))) / "templates"
    # Not the sandbox of the house's letters: this file is ours, and reads blocks.
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return env.get_template("mail/mail.html.j2")


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False)
