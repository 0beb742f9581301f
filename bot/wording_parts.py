"""A letter's template as the parts a person edits, and back: subject, first line, and so on, one block each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

#: The parts of a letter, in the order a customer reads them.
PARTS = ("subject", "fix", "heard", "next_step", "question")
#: What stands before the parts: the letter it extends, the sentences it borrows.
HEAD = "head"
#: A letter that is not made of parts is edited in one piece.
WHOLE = "whole"
#: Without these there is no letter.
NEEDED = ("subject", "fix")

_BLOCK = re.compile(r"\{%-?\s*block\s+(\w+)\s*-?%\}(.*?)\{%-?\s*endblock\s*\w*\s*-?%\}", re.DOTALL)
_TAG = re.compile(r"\{%-?\s*(?:end)?block\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A line within a part, counted from 1; 0 where it is in no line."""

    part: str
    line: int


def parts_of(text: str) -> dict[str, str]:
    """What is to be edited, by part: HEAD and the blocks there are, or WHOLE alone."""
    found = list(_BLOCK.finditer(text))
    names = [block.group(1) for block in found]
    between = [text[one.end() : other.start()] for one, other in pairwise(found)]
    rest = [*between, text[found[-1].end() :]] if found else [text]
    is_whole = (
        not found
        or not set(names) <= set(PARTS)
        or len(set(names)) < len(names)
        or any(each.strip() for each in rest)
        or any(_TAG.search(block.group(2)) for block in found)
    )
    if is_whole:
        return {WHOLE: text.strip("\n")}
    parts = {block.group(1): block.group(2).strip("\n") for block in found}
    return {HEAD: text[: found[0].start()].strip("\n"), **{name: parts.get(name, "") for name in PARTS}}


def text_of(parts: Mapping[str, str]) -> str:
    """The template made of the parts; empty parts are left out."""
    if WHOLE in parts:
        return parts[WHOLE].strip("\n") + "\n"
    pieces = [parts.get(HEAD, "").strip("\n")]
    pieces += [_block(name, parts[name].strip("\n")) for name in PARTS if parts.get(name, "").strip()]
    return "\n".join(pieces) + "\n"


def misplaced(parts: Mapping[str, str]) -> str | None:
    """The first part that opens or closes a block of its own: it would break out of its place."""
    if WHOLE in parts:
        return None
    for name in (*PARTS, HEAD):
        if _TAG.search(parts.get(name, "")):
            return name
    return None


def missing(parts: Mapping[str, str]) -> str | None:
    """The first part that no letter can be without, and that is empty."""
    if WHOLE in parts:
        return None if parts[WHOLE].strip() else WHOLE
    return next((name for name in NEEDED if not parts.get(name, "").strip()), None)


def place_of(parts: Mapping[str, str], line: int) -> Place:
    """In which part, and which line of it, a line of `text_of(parts)` is."""
    if WHOLE in parts:
        return Place(WHOLE, line)
    head = parts.get(HEAD, "").strip("\n")
    begins = head.count("\n") + 2
    if line < begins:
        return Place(HEAD, line)
    for name in (each for each in PARTS if parts.get(each, "").strip()):
        length = parts[name].strip("\n").count("\n") + 1
        # The block's own two lines stand around it.
        if line <= begins + length + 1:
            return Place(name, min(max(line - begins, 1), length))
        begins += length + 2
    return Place(HEAD, 0)


def _block(name: str, text: str) -> str:
    return f"{{% block {name} %}}\n{text}\n{{% endblock %}}"
