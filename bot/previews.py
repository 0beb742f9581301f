"""Pictures drawn anew before anybody sees them: what came is decoded, turned upright, made small, and saved afresh.

Nothing of the original's bytes survives: no EXIF (place, camera), no comment, nothing that hides behind the picture.
"""

import asyncio
import struct
import time
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageOps

from bot import logs
from bot.files import describe
from bot.mail.files import read_files
from bot.messages import Channel, IncomingMessage
from storage.files import NewFile

log = logs.get(__name__)
#: A picture of more pixels is not decoded.
MAX_PIXELS = 40_000_000
MAX_EDGE = 1_600
#: For all pictures of one message.
SECONDS = 15.0

#: The one decoder each type may reach: Pillow knows many more, some of them for formats that run programs.
_DECODERS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/apng": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP",),
    "image/x-ms-bmp": ("BMP",),
    "image/tiff": ("TIFF",),
}
#: What Pillow raises on pictures that are none, or are cut, or lie about themselves.
_BROKEN = (
    OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError, RuntimeError,
    AssertionError, MemoryError, Warning, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


async def files_with(incoming: IncomingMessage, raw: bytes) -> tuple[NewFile, ...]:
    """The files of a mail, ready to be kept. Those in Slack stay where they are, and our own are here already."""
    if incoming.channel is not Channel.EMAIL or incoming.automatic == "own" or not incoming.attachments:
        return ()
    found = await asyncio.to_thread(read_files, raw)
    return await looked_at([describe(file) for file in found])


async def looked_at(files: Sequence[NewFile]) -> tuple[NewFile, ...]:
    """The same files with previews; pictures that take too long are kept without one."""
    try:
        async with asyncio.timeout(SECONDS):
            return await asyncio.to_thread(_with_previews, tuple(files), time.monotonic() + SECONDS)
    except TimeoutError:
        log.warning("previews_given_up", files=len(files))
        return tuple(files)


def _with_previews(files: tuple[NewFile, ...], until: float) -> tuple[NewFile, ...]:
    # The clock is looked at between two pictures: a thread cannot be stopped, and one picture is bounded.
    return tuple(
        replace(file, preview=preview(file.content, file.type)) if time.monotonic() < until else file
        for file in files
    )


def preview(content: bytes, type_: str) -> bytes:
    """The picture as JPEG, or PNG where it is see-through; empty where it is none, broken or too large."""
    decoders = _DECODERS.get(type_)
    if decoders is None or not content:
        return b""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(content), formats=decoders) as image:
            if image.width * image.height > MAX_PIXELS:
                return b""
            image.thumbnail((MAX_EDGE, MAX_EDGE))
            return _saved(ImageOps.exif_transpose(image))
    except _BROKEN:
        return b""


def _saved(image: Image.Image) -> bytes:
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    # Into a new image: `info`, which some formats write out again, stays behind.
    drawn = image.convert("RGBA" if see_through else "RGB")
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    out = BytesIO()
    if see_through:
        bare.save(out, "PNG")
    else:
        bare.save(out, "JPEG", quality=85)
    return out.getvalue()
