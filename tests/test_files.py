"""Files from outside: what they really are, names that harm nobody, pictures drawn anew."""

import asyncio
import io
import struct
import threading
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from bot import previews
from bot.files import Kind, describe, is_disguised, kind_of, posted_name, safe_name, sniff
from bot.mail.files import MailFile
from storage.files import NewFile

SCRIPTED_SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ZIP = b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)
PROGRAM = b"MZ\x90\x00" + bytes(100)


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **saved: Any) -> bytes:
    """A picture with a red left half."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **saved)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, with hardly anything in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


# ---- What it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind", "disguised"),
    [
        ("kasse.jpg", picture("JPEG"), Kind.IMAGE, False),
        ("kasse.jpg", picture("PNG"), Kind.IMAGE, False),
        ("kasse.jpg", PROGRAM, Kind.PROGRAM, True),
        ("kasse.jpg", SCRIPTED_SVG, Kind.PAGE, True),
        ("logo.svg", SCRIPTED_SVG, Kind.PAGE, False),
        ("logo.svg", b"\xef\xbb\xbf <!-- hej --> <SVG onload=alert(1)>", Kind.PAGE, False),
        ("hej.txt", b"<html><script>alert(1)</script>", Kind.PAGE, True),
        ("kvittering.pdf", b"%PDF-1.7\n1 0 obj", Kind.PDF, False),
        ("kvittering.pdf", ZIP, Kind.ARCHIVE, True),
        ("kvittering.pdf.exe", b"%PDF-1.7\n1 0 obj", Kind.PROGRAM, False),
        ("invoice.pdf", b"#!/bin/sh\nrm -rf /", Kind.PROGRAM, True),
        ("start.bat", b"@echo off", Kind.PROGRAM, False),
        ("note.txt", "Hej, æøå".encode(), Kind.TEXT, False),
        ("note.txt", "Hej, æøå".encode("cp1252"), Kind.TEXT, False),
        ("note.txt", b"hej\0", Kind.UNKNOWN, False),
        ("gammel.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Kind.UNKNOWN, False),
        ("tom.jpg", b"", Kind.UNKNOWN, False),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say(name: str, content: bytes, kind: Kind, disguised: bool) -> None:
    type_ = sniff(content, "image/jpeg")
    assert kind_of(name, type_) is kind
    assert is_disguised(name, type_) is disguised


def test_a_pdf_that_is_an_archive_as_well_is_neither() -> None:
    assert sniff(b"%PDF-1.7\n" + ZIP) == "application/octet-stream"


def test_a_picture_with_a_program_behind_it_loses_the_program() -> None:
    polyglot = picture("GIF") + PROGRAM + ZIP
    assert sniff(polyglot) == "image/gif"
    drawn = previews.preview(polyglot, "image/gif")
    assert drawn
    assert b"MZ\x90\x00" not in drawn and b"PK\x05\x06" not in drawn


def test_the_declared_type_is_kept_beside_the_real_one() -> None:
    file = describe(MailFile("kasse.jpg", "image/jpeg", PROGRAM, len(PROGRAM)))
    assert (file.declared_type, file.type) == ("image/jpeg", "application/x-msdownload")


def test_a_card_number_in_a_file_name_is_masked() -> None:
    file = describe(MailFile("kort 4111 1111 1111 1111.txt", "text/plain", b"hej", 3))
    assert "1111 1111" not in file.name and file.name.endswith(".txt")


@given(st.binary(max_size=600))
def test_any_bytes_have_a_type(content: bytes) -> None:
    assert "/" in sniff(content)


# ---- Its name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("C:\\temp\\kasse.jpg", "kasse.jpg"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("...hidden.txt", "hidden.txt"),
        ("gpj\u202egnp.exe", "gpjgnp.exe"),
        ("fak\u200btura\x00\r\n.pdf", "faktura .pdf"),
        ("a.txt:evil.exe", "a.txt_evil.exe"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("lpt¹.jpg", "_lpt¹.jpg"),
        ("konto.pdf", "konto.pdf"),
        ("fin. ", "fin"),
        ("kasse fra Århus (2).jpg", "kasse fra Århus (2).jpg"),
        ("\ud800.jpg", "_.jpg"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "name", ["x" * 5_000 + ".jpg", "æ" * 300 + ".jpg", "a/" * 40_000 + "b" * 200 + ".jpg"]
)
def test_a_long_name_keeps_its_ending(name: str) -> None:
    safe = safe_name(name)
    assert len(safe) <= 120 and safe.endswith("….jpg")


def test_a_file_without_an_ending_gets_that_of_its_type() -> None:
    assert safe_name("unnamed", "image/jpeg") == "unnamed.jpg"
    assert safe_name("unnamed", "application/x-msdownload") == "unnamed"


@given(st.text(max_size=300))
def test_every_safe_name_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set('/\\<>:"|?*\0\n\r\t\u202e\u200b')
    assert safe[0] not in ". " and safe[-1] not in ". "
    assert safe_name(safe) == safe
    safe.encode()


def test_a_posted_copy_has_the_ending_of_what_it_is() -> None:
    assert posted_name(7, "kasse.exe.png", "image/jpeg") == "kasse.exe-7.jpg"
    assert posted_name(8, "notat.html", "text/plain") == "notat-8.txt"


# ---- Its picture --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_is_drawn_anew(form: str) -> None:
    content = picture(form)
    drawn = previews.preview(content, sniff(content))
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG"
        assert image.size == (40, 20)
        red, _, blue = image.convert("RGB").getpixel((5, 10))  # type: ignore[misc]
        assert red > 200 and blue < 60


def test_what_is_see_through_stays_so() -> None:
    content = picture("PNG", mode="RGBA")
    with Image.open(io.BytesIO(previews.preview(content, "image/png"))) as image:
        assert (image.format, image.mode) == ("PNG", "RGBA")


def test_a_large_picture_becomes_small() -> None:
    content = picture("JPEG", (5000, 2500))
    with Image.open(io.BytesIO(previews.preview(content, "image/jpeg"))) as image:
        assert image.size == (1600, 800)


def test_where_a_picture_was_taken_is_left_out_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    drawn = previews.preview(picture("JPEG", exif=exif, comment=b"hidden"), "image/jpeg")
    assert b"Secret camera" not in drawn and b"hidden" not in drawn and b"Exif" not in drawn
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (20, 40)
        assert not dict(image.getexif())


@pytest.mark.parametrize("size", [(6_400, 6_400), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_claims_to_be_huge_is_not_drawn(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    decoded = []
    load = ImageFile.ImageFile.load

    def counted(image: ImageFile.ImageFile) -> Any:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counted)
    assert previews.preview(png_header(*size), "image/png") == b""
    assert decoded == []
    # One of a usual size is.
    previews.preview(png_header(400, 400), "image/png")
    assert decoded[0] == (400, 400)


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (picture("JPEG")[:200], "image/jpeg"),
        (b"\xff\xd8\xff" + bytes(50), "image/jpeg"),
        (picture("PNG"), "image/jpeg"),
        (SCRIPTED_SVG, "image/svg+xml"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "application/postscript"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/png"),
        (b"", "image/png"),
    ],
)
def test_what_is_no_whole_picture_of_its_type_is_not_drawn(content: bytes, type_: str) -> None:
    assert previews.preview(content, type_) == b""


@given(
    st.binary(max_size=300),
    st.sampled_from(["image/png", "image/gif", "image/tiff", "image/webp", "image/bmp"]),
)
def test_broken_pictures_raise_nothing(rest: bytes, type_: str) -> None:
    starts = {
        "image/png": png_header(4, 4)[:40],
        "image/gif": b"GIF89a\x04\0\x04\0",
        "image/tiff": b"II*\0\x08\0\0\0",
    }
    previews.preview(starts.get(type_, b"RIFF\x40\0\0\0WEBPVP8 ") + rest, type_)


async def test_pictures_that_take_too_long_are_kept_without_a_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = picture("JPEG", (4000, 4000), quality=95)
    files = [NewFile("a.jpg", "", "image/jpeg", content, len(content))] * 6
    monkeypatch.setattr(previews, "SECONDS", 0.01)
    drawn: list[bytes] = []
    given_up = threading.Event()
    draw = previews.preview

    def slow(content: bytes, type_: str) -> bytes:
        drawn.append(draw(content, type_))
        given_up.wait()
        return drawn[-1]

    monkeypatch.setattr(previews, "preview", slow)
    try:
        async with asyncio.timeout(60):
            kept = await previews.looked_at(files)
    finally:
        given_up.set()
    assert [file.content for file in kept] == [content] * 6
    assert not any(file.preview for file in kept)
    # The picture in hand is finished, and no other is begun.
    await asyncio.get_running_loop().shutdown_default_executor()
    assert len(drawn) <= 1
