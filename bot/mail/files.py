"""Raw bytes of a mail -> the files that came with it, in the order in which `parse_mail` names them.

Pure; never raises. Caps: 25 files, 20 MB each, 40 MB in all; what is over is named and its content left out.
Line ends inside text files are LF: the mail was read so.
"""

from dataclasses import dataclass

from bot.errors import MalformedMessage
from bot.mail import transfer
from bot.mail.bodies import MAX_ATTACHMENTS, Body, _Reader
from bot.mail.content_types import UNNAMED
from bot.mail.defects import Defects
from bot.mail.parts import Part, read_parts
from bot.mail.texts import part_text
from bot.mail.tnef import read_tnef

MAX_FILES = 25
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES_BYTES = 40 * 1024 * 1024
TOO_LARGE = "too_large"
TOO_MANY = "too_many"

_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(frozen=True, slots=True)
class MailFile:
    """One file as the mail says it is: its name may be anything, its type a lie."""

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
    collector = _Collector(defects)
    collector.read(mail, Body())
    return tuple(collector.files)


class _Collector(_Reader):
    """Walks as the reader of texts does, so that both meet the same files in the same order."""

    def __init__(self, defects: Defects) -> None:
        super().__init__(defects)
        self.files: list[MailFile] = []
        self._left_bytes = MAX_FILES_BYTES
        self._left_files = MAX_FILES

    def _text(self, part: Part, body: Body) -> None:
        text, files = transfer.uuencoded_files(part_text(part, self._defects))
        body.own.append(text)
        for name, content in files:
            self._keep(
                name.replace("\\", "/").rpartition("/")[2].strip(), "application/octet-stream", content
            )

    def _attach(self, part: Part, _: Body) -> None:
        content = part.content
        size = transfer.encoded_size(part.body, part.fields.raw("content-transfer-encoding"))
        name = content.name or ("winmail.dat" if content.type in _TNEF_TYPES else "")
        if reason := self._over(size):
            self._name(MailFile(name or UNNAMED, content.type, b"", size, reason))
            return
        octets = part.octets(self._defects)
        if content.type in _TNEF_TYPES or name.lower() == "winmail.dat":
            inside = read_tnef(octets).files
            for found, data in inside:
                self._keep(found, "application/octet-stream", data)
            if inside:
                return
        self._keep(name, content.type, octets)

    def _keep(self, name: str, kind: str, content: bytes) -> None:
        reason = self._over(len(content))
        if not reason:
            self._left_files -= 1
            self._left_bytes -= len(content)
        if not name:
            name = f"{UNNAMED}.eml" if kind.startswith("message/") else UNNAMED
        self._name(MailFile(name, kind, b"" if reason else content, len(content), reason))

    def _over(self, size: int) -> str:
        if size > MAX_FILE_BYTES or size > self._left_bytes:
            return TOO_LARGE
        return "" if self._left_files > 0 else TOO_MANY

    def _name(self, file: MailFile) -> None:
        if len(self.files) < MAX_ATTACHMENTS:
            self.files.append(file)
