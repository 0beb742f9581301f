"""What stands at the end of a mail and is nobody's words: the device that advertises itself, the house's notice of
confidentiality. And the sentence that says where the answers are. Pure; every pattern is bounded.
"""

import re
from collections.abc import Sequence

from bot.mail.quotes import MAX_LINE_CHARS, one_line

MAX_SENT_FROM_CHARS = 120
#: A shorter paragraph is hardly a notice, and a longer one hardly has one sender.
NOTICE_CHARS = range(80, 4_000)
#: How much of the own text may stand above a quote that holds the answers.
MAX_ANNOUNCING_CHARS = 1_500

_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,60})\]\(https?://[^()\s]{1,200}\)")
_PROGRAM = (
    r"(?:outlook|yahoo|gmail|mail|e-?post|proton|spark|thunderbird|bluemail|gmx|web\.de|aol|hotmail"
    r"|workspace one)\w{0,12}"
)
_DEVICE = (
    r"(?:iphone|ipad|ipod|mac|apple|watch|android|samsung|galaxy|huawei|xiaomi|oneplus|sony|xperia"
    r"|nokia|htc|lg|pixel"
    r"|google|blackberry|windows|phone|mobil|telefon|puhelim|smart|handy|tablet|nettbrett|surfplatta"
    r"|fairphone|honor"
    r"|motorola|oppo|redmi)[\w-]{0,20}"
)
_SENT_FROM_START = (
    r"(?:sendt? (?:fra|frå)|skickat från|skickades från|sänt från|sent from|gesendet (?:von|mit|über)"
    r"|hentet fra min|hämtat från min|von mein(?:em|er)(?:/mein(?:em|er))?"
    r"|diese nachricht wurde von mein(?:em|er)|(?:tämä viesti on )?lähetetty)"
)
_SENT_WITH_START = (
    r"(?:sendt (?:via|med|gjennom|gennem)|skickat (?:via|med)|sent (?:via|with|using)|get|hent|hämta"
    r"|skaff(?:a)?(?: (?:deg|dig))?|last ned|ladda ner|lataa|hanki|holen sie sich|download)"
)
#: What may follow the device: its model, a link, "til iOS"; no sentence, but an excuse for its keyboard.
_SENT_FROM_END = (
    r"(?:[\s.<(\[\u2122\u00ae/-][^,;!?]{0,80})?"
    r"(?:[,;.\s–-]{1,3}(?:please |so |bitte )?(?:excuse|forgive|pardon|undskyld|unnskyld|beklager|ursäkta"
    r"|orsaka|entschuldig|anteeksi)[^?]{0,60})?"
)
_SENT_FROM = re.compile(
    rf"[*_<\[(\s]{{0,4}}(?:{_SENT_FROM_START} (?:\S{{1,20}} ){{0,3}}(?:{_DEVICE}|{_PROGRAM})"
    rf"|{_SENT_WITH_START} {_PROGRAM}){_SENT_FROM_END}[\])*_>]{{0,3}}",
    re.IGNORECASE,
)
#: German puts its verb last.
_SENT_FROM_GERMAN = re.compile(
    rf"(?:mit (?:der )?(?:\S{{1,20}} )?{_PROGRAM}(?: \S{{1,20}}){{0,3}} (?:gesendet|verschickt|versendet)"
    r"|outlook für \S{2,12} (?:beziehen|herunterladen|holen|laden))(?:[\s.<(\[][^,;!?]{0,80})?",
    re.IGNORECASE,
)

_OF_THE_MAIL = re.compile(
    r"\b(?:e-?mails?|mailen|mails?|message|communication|meddelelsen?|beskeden?|e-?posten?|e-?postmeddelandet?"
    r"|meddelandet?|meldingen?|nachricht|viesti|sähköposti)\b",
    re.IGNORECASE,
)
_CONFIDENTIAL = re.compile(
    r"confidential|privileged|fortrolig|konfidensiel|konfidentiel|sekretess|vertraulich|luottamuksel",
    re.IGNORECASE,
)
_NOT_FOR_YOU = re.compile(
    r"\b(?:(?:intended|named|correct) (?:recipient|addressee)|(?:only|solely) for the (?:\w+ )?(?:person|individual"
    r"|addressee|recipient|use)|rette (?:modtager|mottak[ea]r|adressat)|(?:rätt|avsedda?|rätta) mottagaren?"
    r"|(?:richtige|beabsichtigte|vorgesehene|bestimmungsgemäße)[rn]? (?:adressat|empfänger)"
    r"|oikea (?:\w+ )?vastaanottaja|viestin oikea)",
    re.IGNORECASE,
)
_WHAT_TO_DO = re.compile(
    r"\b(?:delete|destroy|notify|disclos|prohibited|in error|slet|underret|giv(?:e)? (?:\w+ )?afsender|afsenderen"
    r"|varsle|avsender|ved en fejl|ved en feil|radera|avsändaren|av misstag|förstör|vernicht|lösch|absender|irrtüml"
    r"|poista|lähettäjälle|erehdyksessä)",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(
    r"\b(?:jeg|jag|eg|ich|minä|I|I'm|I've|mig|meg|mir|mich|me|my|min|mit|mitt|mine|mina|mein|meine|minun)\b"
)
_ENVIRONMENT = re.compile(
    r"\W{0,4}(?:please |venligst |vennligst |bitte )?(?:consider the environment|think (?:of the environment"
    r"|before you print)|tænk på miljøet|tenk på miljøet|tenk miljø|tänk på miljön|denken sie an die umwelt"
    r"|ajattele ympäristöä)[^?\n]{0,120}",
    re.IGNORECASE,
)
_SCANNED = re.compile(
    r"\W{0,4}(?:virus-?free|virusfri|virenfrei|(?:this|denne|det här|diese)[^?\n]{0,40} (?:scanned|checked|scannet"
    r"|kontrolleret|genomsökts|skannet|geprüft)[^?\n]{0,20} (?:for|for|av|af|auf|by|von) (?:virus|viruses|viren|avast"
    r"|avg))[^?\n]{0,80}",
    re.IGNORECASE,
)

_BELOW = (
    r"(?:nedenfor|herunder|nedenunder|nedan|nedanför|below|inline|in-line|in line|unten|weiter unten|mellom linjene"
    r"|mellan raderna|mellem linjerne|zwischen den zeilen|(?:i|med|in|with) (?:rødt?|rött|rød skrift|raudt|blåt?t?"
    r"|grønt?|grön[ta]?|red|blue|green)|in (?:rot|blau|grün)|rot markiert|under(?= (?:i|med) |[.,!:]|$))"
)
_ANSWERS = (
    r"(?:min[ea] (?:svar|kommentar\w{0,4})|mitt? svar|svar(?:ene|a)? mine|jeg har (?:svaret|svart|skrevet|kommenteret)"
    r"|eg har (?:svart|svara|skrive)|jag har (?:svarat|skrivit|kommenterat)|jeg svarer|eg svarar|jag svarar"
    r"|my (?:answers|replies|comments|responses)|i(?:'ve| have) (?:answered|replied|commented)"
    r"|meine (?:antworten|kommentare|anmerkungen)|ich habe (?:\w+ )?(?=unten|in rot|direkt))"
)
_ANNOUNCED = re.compile(
    rf"(?:\b{_ANSWERS}\b|^(?:svar|se svar|answers|antworten))[^.?!\n]{{0,50}}?\b{_BELOW}"
    r"|\b(?:vastaukse(?:t|ni)|vastasin)\b[^.?!\n]{0,50}?\b(?:alla|punaisella|sinisellä|rivien välissä)",
    re.IGNORECASE | re.MULTILINE,
)


def is_sent_from(line: str) -> bool:
    """An advertisement of the sender's device or program."""
    line = one_line(_MARKDOWN_LINK.sub(r"\1", line[:MAX_LINE_CHARS]))
    if len(line) > MAX_SENT_FROM_CHARS or line.endswith("?"):
        return False
    return _SENT_FROM.fullmatch(line) is not None or _SENT_FROM_GERMAN.fullmatch(line) is not None


def without_disclaimers(lines: Sequence[str]) -> list[str]:
    """The lines up to the notices that a mail server has put under them; all of them where nothing would be left."""
    end = len(lines)
    while end:
        start, stop = _last_paragraph(lines, end)
        if stop == start or not is_notice(" ".join(lines[start:stop])):
            break
        end = start
    return list(lines[:end] if any(line.strip() for line in lines[:end]) else lines)


def _last_paragraph(lines: Sequence[str], end: int) -> tuple[int, int]:
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start, end


def is_notice(paragraph: str) -> bool:
    """A notice of confidentiality, of the environment or of a virus scanner; nothing in which somebody says I."""
    paragraph = one_line(paragraph[: NOTICE_CHARS.stop])
    if "?" in paragraph:
        return False
    if _ENVIRONMENT.fullmatch(paragraph) or _SCANNED.fullmatch(paragraph):
        return True
    if (
        len(paragraph) not in NOTICE_CHARS
        or _OWN_VOICE.search(paragraph)
        or not _OF_THE_MAIL.search(paragraph)
    ):
        return False
    cues = (_CONFIDENTIAL, _NOT_FOR_YOU, _WHAT_TO_DO)
    return sum(cue.search(paragraph) is not None for cue in cues) > 1


def announces_answers_below(lines: Sequence[str]) -> bool:
    """Whether the text says that its answers stand in the quote under it, as Outlook's users do, in colour."""
    text = "\n".join(line.strip() for line in lines)
    return len(text) <= MAX_ANNOUNCING_CHARS and _ANNOUNCED.search(text) is not None
