"""What the lines of an answer say, and what an error means. Pure."""

import re
import ssl
from collections.abc import Sequence

import aioimaplib

from bot.imap import troubles
from bot.imap.troubles import ImapTrouble

NUMBER = re.compile(rb"(UIDVALIDITY|UIDNEXT) (\d+)")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
ANSWER = re.compile(rb"\d+ FETCH \(")
UID = re.compile(rb"\bUID (\d+)")
#: What the library raises over answers that it does not expect.
GARBLED = (aioimaplib.AioImapException, ValueError, LookupError, AttributeError, RecursionError)


def folder_lines(lines: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """Of each folder in a LIST: its flags, and the rest of its line with separator and name."""
    found = []
    for line, after in zip(lines, [*lines[1:], b""], strict=True):
        flags, closed, rest = bytes(line).partition(b")")
        if closed and flags.startswith(b"("):
            # A name that does not fit between quotes comes as a literal, on its own.
            named = rest if not isinstance(after, bytearray) else rest.rpartition(b"{")[0] + bytes(after)
            found.append((flags, named))
    return found


def sizes(lines: Sequence[bytes]) -> dict[int, int]:
    """By UID."""
    found = [(UID.search(bytes(line)), SIZE.search(bytes(line))) for line in lines]
    return {int(uid.group(1)): int(size.group(1)) for uid, size in found if uid and size}


def numbers(lines: Sequence[bytes]) -> dict[bytes, int]:
    """UIDVALIDITY and UIDNEXT, where they are said."""
    return {name: int(value) for line in lines for name, value in NUMBER.findall(bytes(line))}


def bodies(lines: Sequence[bytes]) -> dict[int, bytes]:
    """By UID, which may stand before the body or after it."""
    found: dict[int, bytes] = {}
    said, body = b"", None
    for line in [*lines, b"0 FETCH ("]:
        if isinstance(line, bytearray):
            body = bytes(line)
        elif ANSWER.match(line):
            if body is not None and (uid := UID.search(said)):
                found[int(uid.group(1))] = body
            said, body = line, None
        else:
            said += b" " + line
    return found


def told(error: BaseException) -> ImapTrouble:
    """The library's errors hold commands, and with them passwords: only their kind is told."""
    if isinstance(error, ImapTrouble):
        return error
    if isinstance(error, TimeoutError | aioimaplib.CommandTimeout):
        return ImapTrouble(troubles.SILENT)
    if isinstance(error, ssl.SSLError):
        return ImapTrouble(troubles.UNVERIFIED)
    return ImapTrouble(troubles.NO_CONNECTION if isinstance(error, OSError) else troubles.GARBLED)
