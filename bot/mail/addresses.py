"""Address fields -> names and addresses. Never raises; an address is lower case or it is not there.

What stands in angle brackets is the address, whatever the display name pretends to be.
Caps: 32 KiB of a field, 500 addresses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mail import charsets
from bot.mail.fields import Fields, decode_words

MAX_FIELD_CHARS = 32 * 1024
MAX_ADDRESSES = 500
MAX_NAME_CHARS = 300

_ADDRESS = re.compile(
    r"(?:\"[^\"\s]{1,64}\"|[^\s\"@<>(),;:\\]{1,128})@(?:[^\s\"@<>(),;:\\\[\]]{1,255}|\[[0-9a-f.:]{2,60}\])"
)
#: Looks at a run of spaces once, from its beginning: whoever sends many of them must not keep us busy.
_AROUND_SIGNS = re.compile(r"(?:(?<!\s)\s++)?([@.])\s*+")
_ADDRESS_INSIDE = re.compile(
    r"[^\s\"'@<>(),;:\[\]]{1,64}@[^\s\"'@<>(),;:\[\]]{1,128}\.[^\s\"'@<>(),;:\[\]]{2,64}"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, decoded, and an address; either may be empty."""

    name: str
    address: str

    @property
    def name_shows_other_address(self) -> bool:
        """Someone may want the reader to believe in an address that is not the sender's."""
        return any(found.strip(".").lower() != self.address for found in _ADDRESS_INSIDE.findall(self.name))


def mailboxes(fields: Fields, name: str) -> tuple[Mailbox, ...]:
    """Everyone in all fields of that name, in order. Those without a usable address have only a name."""
    found: list[Mailbox] = []
    for value in fields.every(name):
        found.extend(read_mailboxes(charsets.decode(value)[0]))
    return tuple(found[:MAX_ADDRESSES])


def addresses(fields: Fields, name: str) -> tuple[str, ...]:
    """The usable addresses in all fields of that name, each once, in order."""
    return tuple(dict.fromkeys(mailbox.address for mailbox in mailboxes(fields, name) if mailbox.address))


def clean_address(text: str) -> str:
    """One address in lower case, or empty where it is none. A source route before it is dropped."""
    text = text.strip().removeprefix("mailto:").strip("<> \t")
    if text[:1] == text[-1:] and text[:1] in ("'", '"'):
        text = text[1:-1]
    text = text.rpartition(":")[2] if text.startswith("@") else text
    text = _AROUND_SIGNS.sub(r"\1", text).strip().lower()
    return text.rstrip(".") if _ADDRESS.fullmatch(text) else ""


def without_tag(address: str) -> str:
    """The mailbox an address leads to: what follows a plus in its local part is only a tag."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def read_mailboxes(value: str) -> list[Mailbox]:
    found: list[Mailbox] = []
    carried: list[str] = []
    for piece in _pieces(value[:MAX_FIELD_CHARS]):
        mailbox = _mailbox(piece)
        if mailbox.address:
            found.append(Mailbox(_joined([*carried, mailbox.name]), mailbox.address))
            carried = []
        elif mailbox.name:
            # An unquoted comma in a name: the first half waits for its address.
            carried.append(mailbox.name)
        if len(found) >= MAX_ADDRESSES:
            break
    return [*found, Mailbox(_joined(carried), "")] if carried else found


def _joined(names: list[str]) -> str:
    return ", ".join(filter(None, names))[:MAX_NAME_CHARS]


def _pieces(value: str) -> Iterator[str]:
    """Split at commas and semicolons that stand outside quotes, comments and angle brackets;
    group names dropped.
    """
    start = depth = 0
    quoted = angle = escaped = False
    closes = value.rfind('"')
    for position, character in enumerate(value):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and (quoted or position < closes):
            quoted = not quoted
        elif quoted:
            continue
        elif character in "()":
            depth = max(0, depth + (1 if character == "(" else -1))
        elif character in "<>":
            angle = character == "<"
        elif depth == 0 and (character in ",;" or (character == ":" and not angle)):
            if character != ":" or value[start:position].strip().lower() == "mailto":
                yield value[start:position]
            start = position + 1
            angle = False
    yield value[start:]


def _mailbox(piece: str) -> Mailbox:
    outside, inside, comments = _take_apart(piece)
    if inside and (address := clean_address(inside[-1])):
        return Mailbox(_name(outside) or _name(" ".join(comments)), address)
    if address := clean_address(outside):
        return Mailbox(_name(" ".join(comments)), address)
    bare = [word for word in outside.split() if "@" in word]
    if len(bare) == 1 and (address := clean_address(bare[0].strip("\"'[]"))):
        return Mailbox(_name(outside.replace(bare[0], " ")), address)
    return Mailbox(_name(outside) or _name(" ".join([*inside, *comments])), "")


def _take_apart(piece: str) -> tuple[str, list[str], list[str]]:
    """Text outside brackets, the contents of <>, the contents of comments;
    quotes protect, escapes are undone.
    """
    texts: dict[str, list[str]] = {"": [], "<": [], "(": []}
    where, depth, quoted, escaped = "", 0, False, False
    for character in piece:
        if escaped or (quoted and character not in '"\\'):
            texts[where].append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
            texts[where].append(character)
        elif character == "(" and where != "<":
            where, depth = "(", depth + 1
        elif character == ")" and where == "(":
            depth -= 1
            where = "(" if depth else ""
            texts["("].append(" ")
        elif character == "<" and where == "":
            where = "<"
            texts["<"].append("\n")
        elif character == ">" and where == "<":
            where = ""
        else:
            texts[where].append(character)
    inside = [text for text in "".join(texts["<"]).split("\n") if text.strip()]
    comments = "".join(texts["("]).split()
    return "".join(texts[""]).strip(), inside, comments


def _name(text: str) -> str:
    return decode_words(text).strip("\"' ,")
