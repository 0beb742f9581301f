"""No text may make the program run away: 100 kB of hostile text through everything that reads a stranger's words."""

import faulthandler
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from rules_builders import facts, order

from bot.house import House, open_house
from bot.mail.reading import parse_mail
from bot.rules import decide
from bot.rules.composing import hints
from bot.rules.decisions import Action
from bot.rules.linting import lint
from bot.rules.reading import read_message

SIZE = 100_000
#: Below the caps of what reads it, so that the spoiling end is met as well; a mail may have many such fields.
SIZE_BELOW_CAPS, SIZE_OF_FIELD, FIELDS_OF_A_NAME = 19_000, 32_000, 2
#: For loops that are only slow on more: a part of a mail is read to 4 MB.
GREAT_SIZE = 4_000_000
GREAT = {"plain body": ("begin 644 a\n", "end\nbegin 644 a\n"), "flowed body": ("a \n",)}
#: No figures to be met, but the hour at which the plug is pulled. A text needs a tenth of a second of computing;
#: what runs away needs hours, however fast the machine, and however busy.
COMPUTING_SECONDS, WAITING_SECONDS = 20, 900
#: Repeated, they make a careless pattern or loop try every way to cut them.
PIECES = (
    "a", "é", " ", "\n", "\t", "1", "1 ", "1.", "1,1", "-", ".", ",", "?", "!", ">", "> ", "<", "(", "[", "@", "a@",
    "/", "a ", "ab1", "kr ", "1 kr", "A", "AB-", "12-", "http://", "a.a", "a-", "'", "\u00ad", "\u200b",
    "\U0001f600", "\x00", "{", "\\par ", "\n ", "a\n", "1\n", "a \n", "?=", "=?utf-8?q?", "=?utf-8?b?YQ==?= ",
    "\\", ";", ";a=", '"', '";', ":", "=", "&lt;", "order ", "ordre nr. ", "skrev ", "Den 1.1.2025 skrev a:\n",
    "-- \n", "Fra: a@b.dk\n", "kan du ikke ", "hvis ",
    "begin 644 a\n", "end\n", "message-id: <", "To:\n", "550 ", "5.1.1 ", "dkim=pass ", "a <b@c.dk>, ",
)  # fmt: skip
#: Elements that are hidden, never closed, nested or rewritten; repeated in the body of an HTML mail.
MARKS = (
    "<b>", "<p>", "<br>", "<li>", "<ul>", "<td>", "<tr><td>", "<table>", "<a href=b>", "<!--", "<!---->a", "<script>",
    "<p hidden>a</p>b", '<p style="display:none">a</p>b', "<blockquote type=cite>",
    "<blockquote class=quote>a</blockquote>", "<pre>", "<i></i>", "&amp;", "data:a/", "<p a='", '<p style="opacity:0 ',
)  # fmt: skip
#: What stands before and after the pieces: nothing, or what spoils a match that has taken everything so far.
FRAMES = (("", ""), ("x", "\x01xé\nend\n"))
#: The beginning of a field's value, so that what follows is reached at all.
FIELDS = {
    "Subject": "",
    "From": "",
    "Reply-To": "a",
    "Date": "Wed, 19 Nov 2025",
    "References": "<a@b.dk>",
    "Message-ID": "<",
    "Content-Type": "text/plain; name=\"",
    "Content-Disposition": "attachment; filename*=",
    "Authentication-Results": "mx.tillid.example; dkim",
    "Auto-Submitted": "(",
}  # fmt: skip
BODIES = {
    "plain": "Content-Type: text/plain; charset=utf-8",
    "flowed": "Content-Type: text/plain; charset=utf-8; format=flowed",
    "HTML": "Content-Type: text/html; charset=utf-8",
    "enriched": "Content-Type: text/enriched; charset=utf-8",
    "RTF": "Content-Type: text/rtf; charset=utf-8",
    "calendar": "Content-Type: text/calendar; charset=utf-8",
    "base64": "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
    "quoted-printable": "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable",
    "uuencoded": "Content-Type: text/plain\r\nContent-Transfer-Encoding: uuencode",
    "multipart": 'Content-Type: multipart/mixed; boundary="a"',
    "nested": "Content-Type: message/rfc822",
    "report": 'Content-Type: multipart/report; boundary="b"\r\nX-Failed-Recipients: c@d.dk',
}
HEAD = "From: MAILER-DAEMON <a@b.dk>\r\nTo: c@d.dk\r\nMessage-ID: <1@b.dk>\r\n"
#: Read in one process each: to start one takes as long as to read a place.
PLACES = {
    "words": ("read_message", "lint", "hints"),
    "bodies": tuple(f"{each} body" for each in BODIES),
    "fields": tuple(f"{each} field" for each in FIELDS),
}


def texts(place: str) -> Iterator[tuple[str, str]]:
    """What to call each text, and the text."""
    smaller = SIZE_OF_FIELD if place.endswith(" field") else SIZE_BELOW_CAPS
    pieces = (*PIECES, *MARKS) if place == "HTML body" else PIECES
    plain, spoiled = FRAMES
    # The end of a longer text lies beyond the caps, where nothing could be spoiled by it.
    for piece, size, (before, after) in [
        *((piece, SIZE, plain) for piece in pieces),
        *((piece, smaller, spoiled) for piece in pieces),
        *((piece, GREAT_SIZE, frame) for piece in GREAT.get(place, ()) for frame in FRAMES),
    ]:
        yield (
            f"{size} characters of {before!r} {piece!r} {after!r}",
            before + piece * (size // len(piece)) + after,
        )


def reader(place: str) -> Callable[[str], object]:
    """What the program calls with a text that it meets in that place."""
    if place.endswith(" body"):
        head = f"{HEAD}Subject: Undelivered\r\n{BODIES[place.removesuffix(' body')]}\r\n\r\n"
        return lambda text: _parsed(head + text)
    if place.endswith(" field"):
        name = place.removesuffix(" field")
        head = "Received: x\r\n" + ("" if name == "From" else HEAD)
        return lambda text: _parsed(head + _fields(name, text.replace("\n", " ")) + "\r\nHej")
    house = open_house(None)
    read = {"read_message": _read, "lint": _linted, "hints": _hinted}[place]
    return lambda text: read(house, text)


def _fields(name: str, value: str) -> str:
    return f"{name}: {FIELDS[name]}{value}\r\n" * (1 if len(value) >= SIZE else FIELDS_OF_A_NAME)


def _parsed(mail: str) -> object:
    return parse_mail(mail.encode(), trusted_authserv_ids=frozenset({"mx.tillid.example"}))


def _read(house: House, text: str) -> object:
    scores, judged = house.languages.scores(text), house.reader.scores(text)
    return read_message(text, house.packs, subject=text, scores=scores, judged=judged)


def _linted(house: House, text: str) -> object:
    return [
        lint(text, house.lexicon, language=each, intent="damaged_item") for each in house.lexicon.languages
    ]


def _hinted(_house: House, text: str) -> object:
    """The text is the answer about to be sent, and the customer's question as well."""
    asked = facts(
        "double_charge", order=order(captures_minor=(54800, 54800)), questions=(text[:2000], "Hvornår?")
    )
    decision = decide(asked)
    assert decision.action is Action.SUGGEST
    return hints(text, asked, decision)


def run(places: Sequence[str]) -> None:
    """Every hostile text in some places; says where it is, for whoever pulls the plug."""
    faulthandler.register(signal.SIGPROF, all_threads=False, chain=True)
    for place in places:
        read = reader(place)
        for name, text in texts(place):
            sys.stdout.write(f"{place}: {name}\n")
            sys.stdout.flush()
            signal.setitimer(signal.ITIMER_PROF, COMPUTING_SECONDS)
            read(text)


@pytest.mark.parametrize("kind", PLACES)
def test_no_text_makes_us_run_away(kind: str) -> None:
    program = [sys.executable, "-W", "error", __file__, kind]
    try:
        done = subprocess.run(program, capture_output=True, text=True, timeout=WAITING_SECONDS)
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or kind
        pytest.fail(f"runs away at {said.splitlines()[-1]}")
    assert done.returncode == 0, f"at {done.stdout.splitlines()[-1:]}\n{done.stderr}"


if __name__ == "__main__":
    run(PLACES[sys.argv[1]])
