"""Mail that makes other readers raise, hang or lose its words."""

import base64
from collections.abc import Callable

import pytest
from bounded import SideProcess
from mail_builders import raw_mail

from bot.mail.bodies import MAX_TEXT_CHARS
from bot.mail.reading import parse_mail
from bot.messages import Attachment


@pytest.mark.parametrize(
    "header",
    [
        "Message-ID: <>", "Message-ID: <[1]@x>", "Message-ID: <@>", "Message-ID: <a@[",
        "Message-ID: <[0f@microsoft.com]>",
        "To: undisclosed-recipients:;", "To: undisclosed-recipients: ;, a", 'Cc: "', "Cc: ccc@",
        "Cc: Carolr <",
        "Date: Mon, 24 Nov 99999999999 10:00:00 +0000", "Date: Mon, 0 Foo 2026 99:99:99 +9999", "Date: ,,,",
        "Content-Type: text/plain; name*", "Content-Type: text/plain; charset*0*=x'y'z; charset*2*=q",
        "Content-Type: text/plain; charset=x-unknown", "Content-Type: text/plain; charset=cp-850",
        "Content-Type: text/plain; charset=unicode_escape", "Content-Type: text/plain; charset=rot13",
        'Content-Type: text/plain; charset="', "Content-Type: =?utf-8?q?text/plain?=",
        "Content-Type: text", "Content-Type: ;;;",
        "Content-Type: text/plain; charset=\x00",
        "Content-Disposition: attachment; filename*0*=x; filename*2*=y; filename*=x'y'",
        "Content-Disposition: inline; filename*=utf-9''%E6", "Content-Transfer-Encoding: x-nothing",
        "Content-Transfer-Encoding: base64",
        "Subject: =?utf-8?b?!!!?= =?x?q?=ZZ?= =?utf-8?b?w?=", "In-Reply-To: <<<>>>", "References: >",
        "Authentication-Results: ;;;=;", "Reply-To: <<a@b>", "From: ", "Auto-Submitted: ;", "Precedence: (",
        "Content-Type: multipart/mixed; boundary=", "Content-Type: multipart/mixed; boundary*=x'y",
        "Content-Type: message/rfc822",
        "Content-Type: multipart/mixed; boundary=\"Hej\"",
        "Content-Type: message/external-body; access-type=ftp",
    ],
)  # fmt: skip
def test_headers_that_raise_elsewhere_are_read(header: str) -> None:
    message = parse_mail(raw_mail(header, "Hvornår kommer min pære?\n"))
    assert "Hvornår kommer min pære?" in message.text or message.attachments


def test_a_thousand_nested_parts_keep_their_words_readable() -> None:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1_000))
    closed = "".join(f"--b{n}--\n" for n in reversed(range(1_000)))
    message = parse_mail(
        raw_mail(opened.partition("\n\n")[0], opened.partition("\n\n")[2] + "\nInderst inde\n" + closed)
    )
    assert "Inderst inde" in message.text
    assert "nested_too_deep" in message.defects


def test_five_hundred_nested_mails_keep_their_words_readable() -> None:
    message = parse_mail(
        raw_mail(
            "Content-Type: message/rfc822", "Content-Type: message/rfc822\n\n" * 500 + "\nInderst inde\n"
        )
    )
    assert "Inderst inde" in message.text
    assert "nested_too_deep" in message.defects


#: Each of some size, and of many times that.
HEAVY: dict[str, Callable[[int], bytes]] = {
    "parts": lambda n: raw_mail("Content-Type: multipart/mixed; boundary=b", "--b\n\nHej\n" * 5_000 * n + "--b--\n"),
    "recipients": lambda n: raw_mail("Cc: " + ", ".join(f"x{each}@example.dk" for each in range(5_000 * n))),
    "long header": lambda n: raw_mail("X-Long: " + "a" * 2_000_000 * n),
    "headers": lambda n: raw_mail("X: a\n" * 300_000 * n),
    "references": lambda n: raw_mail("References: " + "\n ".join(f"<{each}@x>" for each in range(3_000 * n))),
    "encoded words": lambda n: raw_mail(subject="=?utf-8?q?a?= " * 20_000 * n),
    "open brackets": lambda n: raw_mail("Cc: " + "<" * 60_000 * n),
    "open comments": lambda n: raw_mail("Cc: " + "(" * 60_000 * n),
    "open quotes": lambda n: raw_mail("Cc: " + '"' * 60_000 * n),
    "commas": lambda n: raw_mail("Cc: " + "a," * 30_000 * n),
    "deep html": lambda n: raw_mail("Content-Type: text/html", _within("<div>", "</div>", 20_000 * n)),
    "deep tables": lambda n: raw_mail("Content-Type: text/html", _within("<table><tr><td>", "", 3_000 * n)),
    "html of brackets": lambda n: raw_mail("Content-Type: text/html", "Hej" + "<" * 400_000 * n),
    "quote levels": lambda n: raw_mail(body="Hej\n" + "".join(">" * each + " x\n" for each in range(2_000)) * n),
    "blank lines": lambda n: raw_mail(body="\n" * 100_000 * n + "Hej\n"),
    "one long line": lambda n: raw_mail(body="Hej " + "a" * 2_000_000 * n),
    "large file": lambda n: raw_mail("Content-Type: multipart/mixed; boundary=b", _with_file(b"QUJD" * 18 + b"\n", n)),
}  # fmt: skip


def _within(opening: str, closing: str, levels: int) -> str:
    return opening * levels + "Hej" + closing * levels


def _with_file(line: bytes, times: int) -> bytes:
    head = b"--b\n\nHej\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    return head + line * 15_000 * times + b"--b--\n"


def texts_of(heavy: str) -> tuple[str, str]:
    """What is read of the mail, and of one that is twenty times as heavy."""
    return parse_mail(HEAVY[heavy](1)).text, parse_mail(HEAVY[heavy](20)).text


@pytest.mark.parametrize("heavy", HEAVY)
def test_heavy_mail_is_read(side_process: SideProcess, heavy: str) -> None:
    text, longer = side_process.do(texts_of, heavy)
    assert "Hej" in text
    assert len(longer) <= MAX_TEXT_CHARS


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("utf-8", "Sæt pæren i".encode("cp1252"), "Sæt pæren i"),
        ("us-ascii", "Sæt pæren i".encode(), "Sæt pæren i"),
        ("iso-8859-1", "Sæt – pæren".encode("cp1252"), "Sæt – pæren"),
        ("iso-8859-1", "Sæt pæren i".encode(), "Sæt pæren i"),
        ("cp-850", "Sæt pæren i".encode("cp850"), "Sæt pæren i"),
        ("x-unknown", "Sæt pæren i".encode("latin-1"), "Sæt pæren i"),
        ("", "Sæt pæren i".encode("latin-1"), "Sæt pæren i"),
        ("", "Sæt pæren i".encode(), "Sæt pæren i"),
        ("utf-16", "Sæt pæren i".encode("utf-16"), "Sæt pæren i"),
        ("koi8-r", "Где мой заказ".encode("koi8-r"), "Где мой заказ"),
    ],
)
def test_the_letters_survive_whatever_charset_is_declared(charset: str, octets: bytes, text: str) -> None:
    header = f"Content-Type: text/plain; charset={charset}" if charset else "Content-Type: text/plain"
    encoded = raw_mail(header + "\nContent-Transfer-Encoding: base64", base64.encodebytes(octets))
    assert parse_mail(encoded).text == text


def multipart(*parts: str, kind: str = "mixed") -> bytes:
    body = "".join(f"--grænse\n{part}\n" for part in parts) + "--grænse--\n"
    return raw_mail(f'Content-Type: multipart/{kind}; boundary="grænse"', body)


PLAIN, HTML = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"
MIXED = "Content-Type: multipart/mixed; boundary=b"


@pytest.mark.parametrize(
    "raw",
    [
        multipart(PLAIN + "  \n", HTML + "<p>Skærmen er <b>revnet</b>.</p>", kind="alternative"),
        multipart(
            PLAIN + "Your mail program cannot show HTML.",
            HTML + "<p>Skærmen er revnet.</p>" + "<p>Ja</p>" * 20,
            kind="alternative",
        ),
        multipart(PLAIN + "\n", PLAIN + "Skærmen er revnet."),
        multipart("Content-Disposition: attachment; filename=a.txt\n" + PLAIN + "Skærmen er revnet."),
        multipart("Content-Type: message/rfc822\n\nSubject: x\n\nSkærmen er revnet."),
        multipart("\nFrom: a@b.dk\n\nSkærmen er revnet.", kind="digest"),
        raw_mail(
            'Content-Type: multipart/mixed; boundary="forkert"',
            f"--rigtig\n{PLAIN}Skærmen er revnet.\n--rigtig--\n",
        ),
        raw_mail(MIXED, "Skærmen er revnet.\n"),
        raw_mail(MIXED, "Skærmen er revnet.\n--b\nContent-Type: image/png\n\n--b--\n"),
        raw_mail(MIXED, "--b\n\n\n--b--\nSkærmen er revnet.\n"),
        raw_mail("Content-Type: text/enriched; charset=utf-8", "<bold>Skærmen</bold> er revnet.\n"),
        raw_mail(
            "Content-Type: text/rtf", r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Sk\'e6rmen er revnet.\par}"
        ),
        raw_mail("Content-Type: text/html; charset=utf-8", "Skærmen er revnet."),
        raw_mail(
            "Content-Type: text/html; charset=utf-8",
            "<table><tr><td><p>Skærmen</td><td>er revnet.</td></tr></table>",
        ),
        raw_mail("Content-Type: text/plain; format=flowed", "Skærmen er \nrevnet.\n"),
        raw_mail("Content-Type: text/plain; format=flowed; delsp=yes", "Skærmen er rev \nnet.\n"),
        raw_mail("Content-Transfer-Encoding: base64", "Skærmen er revnet. Det skete i går.\n"),
        b"\r\n\r\n" + raw_mail(body="Skærmen er revnet.\n"),
        raw_mail(body="Skærmen er revnet.\n").replace(b"\n", b"\r"),
        raw_mail(body="Skærmen er revnet.\n").replace(b"\n", b"\r\r\n"),
        raw_mail(body="Skærmen er revnet.\n").decode().encode("utf-16"),
        b"\xef\xbb\xbf" + raw_mail(body="Skærmen er revnet.\n"),
        raw_mail("Skærmen er revnet."),
    ],
)
def test_words_in_unusual_places_are_found(raw: bytes) -> None:
    message = parse_mail(raw)
    assert "Skærmen er revnet." in " ".join(message.text.split())
    assert "Skærmen er revnet." in " ".join(message.reply.split()) or "text_after_end" in message.defects
    assert message.sender == "karen@example.dk"


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="display:none">SKJULT</p>', '<p style="color:red; Display : None !important">SKJULT</p>',
        '<p style="visibility:hidden">SKJULT</p>', '<span style="font-size:0px">SKJULT</span>',
        "<p hidden>SKJULT</p>",
        "<style>SKJULT</style>", "<script>SKJULT</script>", "<title>SKJULT</title>", "<!-- SKJULT -->",
        '<div style="max-height:0;overflow:hidden">SKJULT</div>', '<span style="mso-hide:all">SKJULT</span>',
        '<div style="opacity:0">SKJULT</div>',
    ],
)  # fmt: skip
def test_what_nobody_sees_is_not_read(markup: str) -> None:
    message = parse_mail(raw_mail("Content-Type: text/html", f"<html><body>{markup}Synlig</body></html>"))
    assert message.text == "Synlig"


def test_styles_that_only_look_hidden_are_read() -> None:
    markup = (
        '<p style="font-size:0.9em">En</p><p style="opacity:0.8">To</p><p style="max-height:0px5">Tre</p>'
    )
    assert parse_mail(raw_mail("Content-Type: text/html", markup)).text.split() == ["En", "To", "Tre"]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\\Users\\bo\\regning.pdf"', "regning.pdf"),
        ("attachment; filename=../..", "unnamed"),
        ("attachment", "unnamed"),
        ("attachment; filename*=utf-8''r%C3%B8d.pdf", "rød.pdf"),
        ("attachment; filename*=ukendt'x'rod.pdf", "rod.pdf"),
        ("attachment; filename==?iso-8859-1?Q?r=F8d.pdf?=", "rød.pdf"),
        ('attachment; filename="rød.pdf"', "rød.pdf"),
        ('attachment; filename="regning\u202efdp.exe"', "regningfdp.exe"),
    ],
)
def test_a_file_is_named_without_its_path(disposition: str, name: str) -> None:
    kind = "Content-Type: application/pdf\nContent-Transfer-Encoding: base64"
    part = f"{kind}\nContent-Disposition: {disposition}\n\nQUJD\n"
    assert parse_mail(multipart(PLAIN + "Hej", part)).attachments == (Attachment(name, "application/pdf", 3),)


def test_a_long_file_name_keeps_its_ending() -> None:
    part = f"Content-Type: application/pdf; name={'a' * 4_000}.pdf\n\nx\n"
    name = parse_mail(multipart(PLAIN + "Hej", part)).attachments[0].name
    assert len(name) <= 200
    assert name.endswith(".pdf")


def test_an_encrypted_mail_says_so() -> None:
    part = "Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nQUJD\n"
    message = parse_mail(multipart(part))
    assert "encrypted" in message.defects
    assert [file.name for file in message.attachments] == ["smime.p7m"]
