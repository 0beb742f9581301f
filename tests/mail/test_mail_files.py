"""The files of a mail: all of them, in order, within their caps; never an exception."""

import base64
import random
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_builders import SAMPLES, raw_mail, sample

from bot.errors import MalformedMessage
from bot.mail.files import MAX_FILE_BYTES, MAX_FILES, read_files
from bot.mail.reading import parse_mail
from bot.mail.tnef import read_tnef

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))


def with_files(*files: tuple[str, bytes, str]) -> bytes:
    """A mail with files of these names, contents and types."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "karen@example.dk", "hej@lampehuset.example", "Filer"
    mail.set_content("Her er billederne.")
    for name, content, kind in files:
        main, _, rest = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=rest, filename=name)
    return mail.as_bytes()


def tnef(*files: tuple[str, bytes, str]) -> bytes:
    """A winmail.dat with files: short name, content, long name (empty: none)."""

    def piece(name: int, data: bytes, level: int = 2) -> bytes:
        head = bytes([level]) + name.to_bytes(2, "little") + b"\x06\x00" + len(data).to_bytes(4, "little")
        return head + data + (sum(data) & 0xFFFF).to_bytes(2, "little")

    out = (0x223E9F78).to_bytes(4, "little") + b"\x01\x00" + piece(0x9006, b"\x00\x00\x01\x00", 1)
    for short, content, long in files:
        out += piece(0x9002, bytes(14)) + piece(0x8010, short.encode() + b"\0") + piece(0x800F, content)
        if long:
            text = long.encode("utf-16-le") + b"\0\0"
            value = b"\x1f\x00\x07\x37\x01\x00\x00\x00" + len(text).to_bytes(4, "little") + text
            out += piece(0x9005, b"\x01\x00\x00\x00" + value)
    return out


def test_attachments_come_with_their_name_declared_type_and_content() -> None:
    files = read_files(
        with_files(("kasse.jpg", JPEG, "image/jpeg"), ("kvittering.pdf", b"%PDF-1.7 x", "application/pdf"))
    )
    assert [(file.name, file.type, file.content) for file in files] == [
        ("kasse.jpg", "image/jpeg", JPEG),
        ("kvittering.pdf", "application/pdf", b"%PDF-1.7 x"),
    ]
    assert [file.size_bytes for file in files] == [len(JPEG), 10]


def test_an_image_inside_the_text_is_a_file() -> None:
    mail = EmailMessage()
    mail["From"] = "karen@example.dk"
    mail.set_content("Se billedet.")
    mail.add_alternative('<p>Se <img src="cid:1"></p>', subtype="html")
    mail.get_payload()[1].add_related(JPEG, "image", "jpeg", cid="<1>", filename="revne.jpg")  # type: ignore[union-attr]
    assert [(file.name, file.content) for file in read_files(mail.as_bytes())] == [("revne.jpg", JPEG)]


def test_a_uuencoded_file_has_its_content() -> None:
    assert [(file.name, file.content) for file in read_files(sample("uuencoded"))] == [("bild.txt", b"Cat")]


@pytest.mark.parametrize("name", ["C:\\Lampe\\bild.txt", "../../bild.txt", "bi\u202eld.txt"])
def test_a_uuencoded_file_is_called_the_same_wherever_it_is_named(name: str) -> None:
    body = f"Her er den\n\nbegin 644 {name}\n#0V%T\n`\nend\n"
    raw = raw_mail("Content-Type: text/plain; charset=utf-8", body)
    assert [file.name for file in read_files(raw)] == ["bild.txt"]
    assert [file.name for file in parse_mail(raw).attachments] == ["bild.txt"]


def test_a_winmail_dat_over_the_cap_of_a_file_is_opened_for_the_files_inside() -> None:
    half = bytes(MAX_FILE_BYTES // 2 + 1)
    raw = with_files(("winmail.dat", tnef(("a.jpg", half, ""), ("b.jpg", half, "")), "application/ms-tnef"))
    assert [(file.name, len(file.content)) for file in read_files(raw)] == [
        ("a.jpg", len(half)),
        ("b.jpg", len(half)),
    ]


def test_an_enclosed_mail_is_an_eml_file() -> None:
    inner = raw_mail(body="Den oprindelige mail\n").decode()
    body = f"--b\n\nSe nedenfor\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n{inner}\n--b--\n"
    (file,) = read_files(raw_mail('Content-Type: multipart/mixed; boundary="b"', body))
    assert (file.name, file.type) == ("unnamed.eml", "message/rfc822")
    assert b"Den oprindelige mail" in file.content


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_files_in_winmail_dat_stand_in_its_place_under_their_long_names(kind: str) -> None:
    winmail = tnef(("KASSE~1.JPG", JPEG, "kasse fra Århus.jpg"), ("note.txt", b"hej", ""))
    files = read_files(
        with_files(("winmail.dat", winmail, kind), ("efter.pdf", b"%PDF-1.7", "application/pdf"))
    )
    assert [(file.name, file.content) for file in files] == [
        ("kasse fra Århus.jpg", JPEG),
        ("note.txt", b"hej"),
        ("efter.pdf", b"%PDF-1.7"),
    ]


def test_a_winmail_dat_that_cannot_be_opened_is_kept_as_it_is() -> None:
    files = read_files(with_files(("winmail.dat", b"not at all", "application/ms-tnef")))
    assert [(file.name, file.content) for file in files] == [("winmail.dat", b"not at all")]


def test_a_winmail_dat_that_counts_to_four_billion_is_read_at_once() -> None:
    """Decoding MAPI properties as the file counts them would never end."""
    winmail = bytearray(tnef(("a.txt", b"hej", "a lang.txt")))
    where = winmail.index(b"\x1f\x00\x07\x37") - 4
    winmail[where : where + 4] = b"\xff\xff\xff\xff"
    assert read_tnef(bytes(winmail)).files == (("a lang.txt", b"hej"),)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.eml")), ids=lambda path: path.stem)
def test_files_stand_in_the_order_of_the_attachments(path: Path) -> None:
    raw = path.read_bytes()
    named = [file.name for file in parse_mail(raw).attachments]
    assert [file.name for file in read_files(raw)] == named


def test_of_ten_thousand_files_the_first_ones_are_kept_and_the_others_named() -> None:
    part = '--b\nContent-Type: application/pdf; name="{}.pdf"\n\nx\n'
    body = "".join(part.format(number) for number in range(10_000)) + "--b--\n"
    files = read_files(raw_mail('Content-Type: multipart/mixed; boundary="b"', body))
    assert [file.left_out for file in files] == [""] * MAX_FILES + ["too_many"] * (200 - MAX_FILES)
    assert files[-1].name == "199.pdf"
    assert not any(file.content for file in files[MAX_FILES:])


def test_a_file_over_its_cap_is_named_without_its_content() -> None:
    large = base64.encodebytes(bytes(MAX_FILE_BYTES + 3))
    head = b"--b\nContent-Type: image/png; name=stor.png\nContent-Transfer-Encoding: base64\n\n"
    small = b"--b\nContent-Type: text/plain; name=lille.txt\nContent-Disposition: attachment\n\nhej\n"
    files = read_files(
        raw_mail('Content-Type: multipart/mixed; boundary="b"', head + large + b"\n" + small + b"--b--\n")
    )
    assert [(file.name, file.left_out, bool(file.content)) for file in files] == [
        ("stor.png", "too_large", False),
        ("lille.txt", "", True),
    ]
    assert files[0].size_bytes > MAX_FILE_BYTES


@pytest.mark.parametrize(
    "raw", [b"", b"\n \n", b"\0" * 50, b"--b\n--b\n", b"Content-Type: multipart/mixed\n\n--\n"]
)
def test_what_is_no_mail_has_no_files(raw: bytes) -> None:
    assert read_files(raw) == ()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_mutated_mails_with_files_raise_nothing(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(
        with_files(
            ("winmail.dat", tnef(("a", JPEG, "b.jpg")), "application/ms-tnef"),
            ("c.txt", b"hej", "text/plain"),
        )
    )
    for _ in range(chance.randrange(1, 12)):
        where = chance.randrange(len(raw))
        raw[where : where + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    files = read_files(bytes(raw))
    try:
        named = parse_mail(bytes(raw)).attachments
    except MalformedMessage:
        return
    assert bool(files) == bool(named)
