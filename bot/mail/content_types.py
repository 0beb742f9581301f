"""What a part says of itself: type, charset, file name. Never raises, whatever stands in the header."""

import re
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value

from bot.mail.fields import Fields, decode_words

MAX_PARAMETER_BYTES = 8 * 1024
MAX_NAME_CHARS = 200
UNNAMED = "unnamed"

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_PARAMETER = r"(?:^|[;\s])%s\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class ContentType:
    """Content-Type and Content-Disposition, read. `name` carries no path and no control characters."""

    type: str
    charset: str
    boundary: str
    name: str
    disposition: str
    flowed: bool
    delete_space: bool

    @property
    def main(self) -> str:
        return self.type.partition("/")[0]


def read_content_type(fields: Fields, default: str) -> ContentType:
    value = decode_words(fields.raw("content-type"))[:MAX_PARAMETER_BYTES]
    disposition = fields.raw("content-disposition")[:MAX_PARAMETER_BYTES]
    name = _parameter(disposition, "filename") or _parameter(value, "name")
    return ContentType(
        type=_type(value, default),
        charset=_parameter(value, "charset"),
        boundary=_parameter(value, "boundary").rstrip(),
        name=file_name(name),
        disposition=disposition.partition(";")[0].strip().lower(),
        flowed=_parameter(value, "format").lower() == "flowed",
        delete_space=_parameter(value, "delsp").lower() == "yes",
    )


def _type(value: str, default: str) -> str:
    declared = value.partition(";")[0].strip().strip("\"'").lower()
    if _TYPE.fullmatch(declared):
        return declared
    for short, full in (("text", "text/plain"), ("html", "text/html"), ("multipart", "multipart/mixed")):
        if declared.startswith(short):
            return full
    return default


def _parameter(value: str, name: str) -> str:
    """The standard library knows RFC 2231; what makes it raise is read with a plain pattern instead."""
    if name not in value.lower():
        return ""
    message = Message()
    message.set_raw("x", value)
    try:
        found = message.get_param(name, "", "x")
        text = collapse_rfc2231_value(found) if found else ""
    except (TypeError, ValueError, LookupError, AttributeError):
        text = ""
    if not text and (plain := re.search(_PARAMETER % name, value, re.IGNORECASE)):
        text = plain[1] or plain[2] or ""
    return text.encode("utf-8", "replace").decode()


def file_name(name: str) -> str:
    """The last step of a path, safe to show and to store; empty where there is no name."""
    name = _CONTROLS.sub("", decode_words(name)).replace("\\", "/").rstrip("/ .")
    name = name.rpartition("/")[2].strip()
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 12] + "…" + name[-11:]
