"""A tree of parts -> what a person could read in it, and the names of the files that came along.

Text never gets lost for standing in the wrong place: where the walk finds none, text in attachments, before the
first boundary, and the raw body are read. Cap: 400,000 characters.
"""

from bot.mail import charsets
from bot.mail.defects import Defect, Defects
from bot.mail.parts import Part
from bot.mail.texts import MAX_PART_BYTES, part_text, plain_lines
from bot.mail.walk import MACHINE_TEXT, Body, FoundFile, Walk

MAX_TEXT_CHARS = 400_000


def read_body(mail: Part, defects: Defects) -> tuple[Body, list[FoundFile]]:
    """Everything readable in the mail; `own` is not blank where anything at all can be read. And its files."""
    body, walk = Body(), Walk(defects)
    walk.read(mail, body)
    if not body.text:
        _read_spare(body, defects)
    if not body.own and not body.text and not walk.files:
        _read_raw(mail, body, defects)
    return body, walk.files


def cut(text: str, defects: Defects) -> str:
    if len(text) <= MAX_TEXT_CHARS:
        return text
    defects.add(Defect.TEXT_CUT)
    return text[:MAX_TEXT_CHARS]


def _read_spare(body: Body, defects: Defects) -> None:
    for part in body.spare:
        if (text := part_text(part, defects)).strip():
            body.own.append(text)
            if part.content.type not in MACHINE_TEXT:
                defects.add(Defect.TEXT_FROM_ATTACHMENT)
    if not body.own_text and body.preamble:
        defects.add(Defect.TEXT_BEFORE_PARTS)
        body.own.append(body.preamble)


def _read_raw(mail: Part, body: Body, defects: Defects) -> None:
    if not mail.body.strip() or mail.content.main != "text" or mail.content.type == "text/html":
        return
    if raw := plain_lines(charsets.decode(mail.body[:MAX_PART_BYTES])[0]):
        defects.add(Defect.TEXT_READ_RAW)
        body.own.append(raw)
