"""How mail programs introduce what they quote, in Danish, Norwegian, Swedish, English, German and Finnish.

All patterns look at one line, or at a few joined lines of at most 400 characters, and none nests a repeat.
"""

import re
from collections.abc import Sequence

MAX_LINE_CHARS = 400
#: A program breaks its "On … wrote:" over no more lines than this.
MAX_WROTE_LINES = 4
#: An Outlook header block, long recipient lists included.
MAX_BLOCK_LINES = 14

_SPACES = re.compile(r"[\s\u200b\u200e\u202a\u202c\u2066-\u2069]+")
_VERB = re.compile(
    r"\b(?:skrev|skreiv|skriver|skriv|wrote|writes|schrieb|schreibt|kirjoitti|kirjoittaa|"
    r"a écrit|escribió|ha scritto|schreef|napisał|napsal)\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_DATE_START = re.compile(
    r"(?:den|på|on|am|at|le|il|el|op|dne|dnia|il giorno)\s+\S|\d{1,4}[./ -]"
    r"|(?:man|mån|måndag|mandag|tir|tis|tor|ons|fre|lør|lör|laur|søn|sön|sun|mon|tue|wed|thu|fri|sat"
    r"|mo|di|mi|do|fr|sa|so"
    r"|ma|ti|ke|to|pe|la|su)[a-zæøåäö]{0,9}[., ]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,128}\.[^\s<>()\[\]]{2,}")
_GERMAN_PERFECT = re.compile(
    r"am .{5,60} hat .{0,120}<[^<>\s]{3,200}> folgendes geschrieben ?:", re.IGNORECASE
)
_ONLY_DATE_AND_ADDRESS = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d\b.{0,200}<[^<>\s]{3,200}>:")
#: As written inside a sentence; "Vi" and "Ni" are names too, and names come with an address.
_FIRST_PERSON = re.compile(r"\b(?:jeg|jag|eg|ich|minä|we|wir|I)\b")
_PRONOUN = re.compile(
    r"\b(?:jeg|jag|eg|ich|minä|i|vi|we|wir|du|de|dere|ni|you|sie|han|hun|hon|they|he|she)\b", re.IGNORECASE
)

_SEPARATOR_WORDS = (
    r"original (?:message|e-?mail|mail)|(?:oprindelig|opprinnelig|opphavleg"
    r"|opprinneleg) (?:meddelelse|besked|melding|e-?post|mail)"
    r"|originalmeddelande|original ?besked|ursprungligt (?:meddelande|mail|e-?post(?:meddelande)?)"
    r"|originalmeddelelse"
    r"|ursprüngliche (?:nachricht|mail|e-?mail)|original-?nachricht|alkuperäinen (?:viesti|sähköposti)"
    r"|forwarded (?:message|by .{1,80})|(?:videresendt|vidaresendt|vidaresend) (?:besked|meddelelse"
    r"|melding|e-?post|mail)"
    r"|vidarebefordrat (?:meddelande|mail|brev)|vidarebefordrat|weitergeleitete (?:nachricht|e-?mail|mail)"
    r"|(?:edelleen ?)?(?:lähetetty|välitetty) viesti|message (?:d'origine|transféré)|mensaje original"
    r"|messaggio originale"
    r"|oorspronkelijk bericht|reply message|svarmeddelelse"
)
#: Some phones write the header of the earlier mail into the same line.
_SEPARATOR = re.compile(
    rf"[-_*=]{{2,}}\s*(?:{_SEPARATOR_WORDS})\s*:?\s*[-_*=]{{2,}}(?:\s*(?:from|fra|frå|från|von|lähettäjä)\s?:.*)?",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"(?:begin forwarded message|(?:start på )?videresendt (?:besked|meddelelse|melding)|vidaresend melding"
    r"|vidarebefordrat (?:brev|mejl|meddelande)|(?:anfang der weitergeleiteten"
    r"|weitergeleitete) (?:nachricht|e-?mail)"
    r"|välitetty viesti(?: alkaa)?)\s*:",
    re.IGNORECASE,
)
_REPLY_ABOVE = re.compile(
    r"[-#=*\s]{0,12}(?:please )?(?:(?:type|write|enter) your reply above|reply above this line"
    r"|skriv (?:dit|ditt) svar (?:over|ovenfor|ovanför)"
    r"|svar over denne linje|svara ovanför|antworten sie oberhalb|kirjoita vastauksesi tämän)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_*=─—]{5,}")

_LABELS = {
    "from": "from fra frå från von lähettäjä avsender avsändare afsender de van da",
    "sent": "sent sendt skickat gesendet lähetetty lähetysaika verzonden envoyé",
    "date": "date dato datum päivämäärä päiväys pvm",
    "to": "to til till an vastaanottaja mottaker mottagare modtager à aan a",
    "cc": "cc kopi kopia kopio bcc",
    "subject": "subject emne ämne betreff aihe objet onderwerp oggetto asunto",
    "other": "reply-to svar-til svar importance priority prioritet attachments vedhæftet vedlegg bifogade",
}
_KIND_OF_LABEL = {word: kind for kind, words in _LABELS.items() for word in words.split()}
_LABEL = re.compile(r"[*_\s]{0,4}([A-Za-zÀ-ÿ-]{1,14})\s?[*_]{0,2}:[*_]{0,2}(?:\s|$)")


def one_line(text: str) -> str:
    """Each run of white space, and of marks that only turn or part the text, as one space."""
    return _SPACES.sub(" ", text).strip()


def is_separator(line: str) -> bool:
    """A line that says: from here on it is the earlier mail."""
    line = one_line(line[:MAX_LINE_CHARS])
    return bool(_SEPARATOR.fullmatch(line) or _FORWARD.fullmatch(line) or _REPLY_ABOVE.match(line))


def is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line.strip()[:MAX_LINE_CHARS]))


def wrote_lines(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` are one "On … X wrote:", or 0. It names a moment or an address."""
    pieces: list[str] = []
    for count in range(1, MAX_WROTE_LINES + 1):
        if start + count > len(lines):
            return 0
        line = lines[start + count - 1]
        if not line.strip() or line.lstrip().startswith(">"):
            return 0
        pieces.append(one_line(line[:MAX_LINE_CHARS]))
        joined = " ".join(pieces)
        if len(joined) > MAX_LINE_CHARS:
            return 0
        if joined.endswith(":") and _is_wrote(joined):
            return 0 if _starts_later(pieces) else count
    return 0


def _starts_later(pieces: list[str]) -> bool:
    """Where the later lines are one by themselves, the first is the sender's own; not inside an open bracket."""
    for number in range(1, len(pieces)):
        before = " ".join(pieces[:number])
        if before.count("<") <= before.count(">") and _is_wrote(" ".join(pieces[number:])):
            return True
    return False


def _is_wrote(line: str) -> bool:
    if _ONLY_DATE_AND_ADDRESS.fullmatch(line) or _GERMAN_PERFECT.fullmatch(line):
        return True
    verb = _VERB.search(line)
    if verb is None:
        return False
    address = _ADDRESS.search(line)
    beside = line[max(0, verb.start() - 12) : verb.end() + 12]
    if _FIRST_PERSON.search(beside) or (not address and _PRONOUN.search(beside)):
        return False
    before, after = line[: verb.start()].strip(), line[verb.end() :].strip(" :")
    if _DATE_START.match(line) and (_MOMENT.search(line) or address):
        return len(before) < 250
    # "Mette Holm <mette@example.dk> skrev den 3. juni 2025 kl. 10.15:" and "Mette Holm <…> wrote:"
    return bool(before) and (bool(address) or (bool(_MOMENT.search(after)) and len(before.split()) <= 6))


def bare_wrote(line: str) -> bool:
    """ "Mette Holm wrote:" with neither date nor address: believed only where quoted lines follow."""
    line = one_line(line[:MAX_LINE_CHARS])
    return (
        line.endswith(":") and len(line) <= 120 and _VERB.search(line) is not None and len(line.split()) <= 12
    )


def header_block_lines(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` are an Outlook-like block of headers, or 0.

    A sender with at least two other labels, one of them a subject, or an address somewhere: a journey
    ("Fra: … Til: … Dato: …") has neither.
    """
    if _kind(lines[start]) is None:
        return 0
    kinds: set[str] = set()
    last = start
    for number in range(start, min(start + MAX_BLOCK_LINES, len(lines))):
        kind = _kind(lines[number])
        if kind is not None:
            kinds.add(kind)
            last = number
        elif not lines[number].strip() and number > last + 1:
            break
    block = lines[start : last + 1]
    others = kinds - {"from", "other"}
    named = "subject" in kinds or "sent" in kinds or any("@" in line for line in block)
    return len(block) if "from" in kinds and len(others) >= 2 and named else 0


def _kind(line: str) -> str | None:
    found = _LABEL.match(line.lstrip("> \t")[:40])
    return _KIND_OF_LABEL.get(found[1].lower()) if found else None
