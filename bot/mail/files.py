"""Raw bytes of a mail -> the files that came with it, in the order in which `parse_mail` names them.

Pure; never raises. Caps: 25 files, 20 MB each, 40 MB in all; what is over is named and its content left out.
Line ends inside text files are LF: the mail was read so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.errors import MalformedMessage
from bot.mail.defects import Defects
from bot.mail.parts import read_parts
from bot.mail.walk import Body, FoundFile, Walk

MAX_FILES = 25
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES_BYTES = 40 * 1024 * 1024
TOO_LARGE = "too_large"
TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class MailFile:
    """One file as the mail says it is: its type may be a lie."""

    name: str
    type: str
    content: bytes
    #: Also where the content is left out.
    size_bytes: int
    #: Empty, too_large or too_many.
    left_out: str = ""


def read_files(raw: bytes) -> tuple[MailFile, ...]:
    """The files of one mail: attachments, inline images, uuencoded files, files in winmail.dat, enclosed mails.

    Where winmail.dat can be opened, its files stand in its place. At most 200 are named.
    """
    defects = Defects()
    try:
        mail = read_parts(raw, defects)
    except MalformedMessage:
        return ()
    walk = Walk(defects)
    walk.read(mail, Body())
    return tuple(_within_caps(walk.files))


def _within_caps(found: Iterable[FoundFile]) -> Iterator[MailFile]:
    left_files, left_bytes = MAX_FILES, MAX_FILES_BYTES
    for file in found:
        content, size = b"", file.size_bytes
        reason = _left_out(size, left_files, left_bytes)
        if not reason:
            # Only now it is known how large it really is.
            content = file.content()
            size = len(content)
            reason = _left_out(size, left_files, left_bytes)
        if not reason:
            left_files, left_bytes = left_files - 1, left_bytes - size
        yield MailFile(file.name, file.type, b"" if reason else content, size, reason)


def _left_out(size: int, left_files: int, left_bytes: int) -> str:
    if size > min(MAX_FILE_BYTES, left_bytes):
        return TOO_LARGE
    return "" if left_files > 0 else TOO_MANY
