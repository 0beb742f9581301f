"""winmail.dat: its words and its files, and every way in which it may be broken off or lie about its size."""

import struct
from functools import partial

import pytest
from bounded import steps

from bot.mail.rich_text import decompressed, rtf_text
from bot.mail.tnef import MAX_OBJECTS, read_tnef


def thing(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def wrapped(*things: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(things)


def counted(kind: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, tag, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def properties(*each: bytes, count: int | None = None) -> bytes:
    return struct.pack("<I", len(each) if count is None else count) + b"".join(each)


CODEPAGE = thing(1, 0x9007, struct.pack("<II", 1252, 0))
BODY = thing(1, 0x800C, "Lampen på køkkenet".encode("cp1252") + b"\0")
NAMED = struct.pack("<HH", 0x1E, 0x8123) + b"\1" * 16 + struct.pack("<II", 1, 6) + b"abcdef\0\0"
NAMED += struct.pack("<II", 1, 4) + b"hej\0"
UNICODE = counted(0x1F, 0x1000, "Blå pære\0".encode("utf-16-le"))
HTML = counted(0x102, 0x1013, "<p>Blå</p>".encode())
FILE = (
    thing(2, 0x9002, b"\0" * 14)
    + thing(2, 0x8010, b"kort.txt\0")
    + thing(2, 0x800F, b"indhold")
    + thing(2, 0x9005, properties(counted(0x1E, 0x3707, b"..\\et langt navn.txt\0")))
)
WHOLE = wrapped(CODEPAGE, BODY, thing(1, 0x9003, properties(NAMED)), FILE, FILE)


@pytest.mark.parametrize(
    ("octets", "kind", "text"),
    [
        (wrapped(CODEPAGE, BODY), "text/plain", "Lampen på køkkenet"),
        (
            wrapped(CODEPAGE, thing(1, 0x9003, properties(NAMED, UNICODE))),
            "text/plain",
            "Blå pære",
        ),
        (
            wrapped(thing(1, 0x9003, properties(HTML, struct.pack("<HHI", 3, 0x3FDE, 65001)))),
            "text/html",
            "<p>Blå</p>",
        ),
        (b"", "", ""),
        (b"ikke tnef, men en fil med det navn", "", ""),
    ],
    ids=["body", "unicode property", "html with its code page", "empty", "no tnef"],
)
def test_the_text_inside_is_found(octets: bytes, kind: str, text: str) -> None:
    found = read_tnef(octets)
    assert (found.kind, found.text) == (kind, text)


def test_the_files_inside_keep_their_long_names_and_their_content() -> None:
    assert read_tnef(WHOLE).files == (("et langt navn.txt", b"indhold"),) * 2


def test_what_stands_before_a_break_is_kept() -> None:
    for end in range(len(WHOLE)):
        found = read_tnef(WHOLE[:end])
        assert len(found.files) <= 2
    assert read_tnef(WHOLE[: len(WHOLE) - 40]).text == "Lampen på køkkenet"


@pytest.mark.parametrize(
    "octets",
    [
        wrapped(thing(1, 0x9003, properties(count=0xFFFFFFFF))),
        wrapped(thing(1, 0x9003, properties(struct.pack("<HHI", 0x101E, 0x1000, 0xFFFFFFFF)))),
        wrapped(thing(1, 0x9003, properties(struct.pack("<HHI", 0x1003, 0x1000, 0xFFFFFFFF)))),
        wrapped(thing(1, 0x9003, properties(struct.pack("<HHII", 0x1E, 0x1000, 1, 0xFFFFFFFF)))),
        wrapped(thing(1, 0x9003, properties(struct.pack("<HHI", 0x55, 0x1000, 1), count=9))),
        wrapped(*[thing(1, 0x8004, b"x")] * 50_000),
        wrapped(struct.pack("<BHHI", 1, 0x800C, 6, 0xFFFFFFF0) + b"x" * 100),
        wrapped(thing(2, 0x800F, b"x" * 20_000_000)),
    ],
    ids=["properties", "values", "numbers", "length", "type", "objects", "object length", "20 MB"],
)
def test_a_count_that_lies_costs_nothing(octets: bytes) -> None:
    steps(lambda: read_tnef(octets), most=50 * MAX_OBJECTS)
    assert len(read_tnef(octets).files) <= MAX_OBJECTS


# The two examples of the format's own description.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_compressed_rich_text_is_unpacked() -> None:
    assert decompressed(HELLO, 1_000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompressed(REPEATED, 1_000) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert decompressed(REPEATED, 10) == b"{\\rtf1 WXY"
    assert rtf_text(decompressed(HELLO, 1_000).decode()) == "hello world"


def test_compressed_rich_text_that_is_broken_gives_what_it_has() -> None:
    for end in range(len(HELLO)):
        assert decompressed(HELLO, 1_000).startswith(decompressed(HELLO[:end], 1_000))


def test_compressed_rich_text_is_unpacked_no_further_than_asked() -> None:
    head = b"\0" * 8 + b"LZFu" + b"\0" * 4
    references, words = head + b"\xff\x01\x0f" * 2_000_000, head + b"\0Hej, hej" * 1_000_000
    for packed in (references, words):
        assert len(decompressed(packed, 5_000)) == 5_000
        steps(partial(decompressed, packed, 5_000), most=100_000)


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        (r"{\rtf1\ansi Bl\u229?b\u230\'e6r}", "Blåbær"),
        (r"{\rtf1 En\par To\line Tre}", "En\nTo\nTre"),
        (r"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator Word}Hej\tab du}", "Hej du"),
        (r"{\rtf1 \u-10179?\u-8704?}", "\U0001f600"),
        (r"{\rtf1 100 \{kr\} \\ }", "100 {kr} \\"),
        (r"}}}}{{{ hej", "hej"),
    ],
)
def test_the_words_of_rich_text_are_read(rich: str, words: str) -> None:
    assert rtf_text(rich) == words
