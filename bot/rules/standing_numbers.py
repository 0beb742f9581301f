"""Order numbers with no word for order before them, told from phones, postcodes, dates and all other numbers."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.rules.words import Wording, fold

#: A digit run, with a letter prefix, with groups after a dash or with one letter after it.
_CANDIDATE = re.compile(
    r"(?<![\w.,:/@+#=-])(?:(?P<prefix>[A-Z]{1,3})(?P<dash>-?)(?P<coded>\d{4,9})"
    r"|(?P<left>\d{1,6})-(?P<right>\d{1,6})|\d{4,6}-[A-Z]|(?P<bare>\d{4,8}))(?!\w)(?![-/@=+]\w)(?![.,:]\d)"
)
_MORE_DIGITS_BEFORE = re.compile(r"[\d)+/][ \u00a0]?/?[ \u00a0]?$")
_MORE_DIGITS_AFTER = re.compile(r"[ \u00a0]?/?[ \u00a0]?[(]?\d")
_TOWN = re.compile(r"[ \u00a0][A-ZÆØÅÄÖ][^\W\d_]|, [A-ZÆØÅÄÖ][^\W\d_]{2,20}(?:\s*$|[.,\n])")
_ADDRESS_BEFORE = re.compile(r"\d ?[A-Za-z]?\.?(?:, ?|\s)$")
#: A word that says the number after it is another: folded, up to three words before. Beginnings of words.
_ANOTHER = re.compile(
    r"(?:^|[^a-z])(?:tlf|tel|telefon\w*|mob\w*|phone\w*|puh\w*|ring|ringe|ringer|ringt|call|soita\w*"
    r"|anruf\w*|rufnummer|nummer til mig"
    r"|(?:kunde|kund|kunden|medlem|mitglied|artik|vare|varu|produkt|modell?|sporing|spaarning|track|kolli"
    r"|konto|bank"
    r"|bankgir|plusgir|cvr|org|moms|vat|ust|ean|gtin|imei|iban|kid|ocr|maaler|maalar|maetar|zaehler"
    r"|mittari|meter|serie"
    r"|asiakas|jaesen|tuote|viite|seuranta|sendungs|lager|customer|member|article|item|product|serial"
    r"|account)"
    r"[a-z]*|bg|pg|sn|pin|kst|puk|plz|zip|postnr|postnummer\w*|postinumero\w*|postleitzahl|postcode"
    r"|postboks|box"
    r"|postfach|[a-z]*kod|[a-z]*koden|[a-z]*kode|[a-z]*koder|[a-z]*codes?|koodi\w*|fejl\w*|feil\w*|fel\w*"
    r"|error|fehler\w*"
    r"|virhe\w*|version|iso|str|storlek\w*|stoerrelse\w*|storleik\w*|size|sizes|groesse|koko|dimension\w*"
    r"|uke|uge|veke|vecka|week|kw|viikko|aar|aaret|year|jahr|vuonna|sidan|siden|sedan|since|seit|arsfoedt)"
    r"(?:[ .:]{0,3}(?:nr|no|nro|nummer|nummeret|numret|number|er|is|aer|ist|on|paa|til|mig|me|mich|i"
    r"|the)){0,3}[ .:=(#-]{0,3}$"
)
_STANDARDS = frozenset(
    ["ISO", "EN", "DIN", "IP", "USB", "EU", "ISB", "IEC", "CE", "AES", "RAL", "KB", "RTX", "GTX"]
)
_TAX_NUMBER = re.compile(r"(?:DK|FI|SE|NO)-?\d{8}|DE-?\d{9}")
_COUNTRY = frozenset(["DK", "SE", "FI", "FIN", "NO", "D", "N", "S", "DE", "A", "CH", "F"])
_UNIT = re.compile(
    r"[ \u00a0]?(?:cm|mm|m|km|kg|g|gram|ml|cl|l|liter|kwh|w|watt|v|mah|gb|mb|stk|st|stueck|kpl|pcs|%|°"
    r"|grader|dage?|dagar"
    r"|dager|days|tage|paivaa|timer|timmar|hours|stunden|uker|uger|veckor|weeks|wochen|aar|years|jahre"
    r"|min|minut\w*"
    r"|personer|people|skritt|steg|euro\w*|kr\w{0,7})(?![^\W\d_])",
    re.IGNORECASE,
)
#: A word after which a bare number is the thing that was ordered. Folded.
_BEFORE_BARE = re.compile(
    r"(?:^|[^a-z])(?:i|paa|aus|in|bei|for|foer|fuer|med|mit|zu|on|from|fra|fraan|av|af|von|angaaende|vedr"
    r"|vedroerende|ang|re"
    r"|regarding|betr|betreff|betreffend|koskien|stop|stopp|stoppe|stoppa|anhalten|cancel|annuller"
    r"|annullere|kanseller"
    r"|avboka|avbestill|avbestall|stornieren|storniere|peru|perukaa|perua|ihr|sie|stod det|staar det"
    r"|stod der|staar der"
    r"|aendern|send|skicka|paket|paketet|pakken|parcel|paketti)[ .:]{1,2}$"
)
_OPENING = re.compile(r"(?:^|[.!?…\n]\W{0,3})$")
_CLOSING = re.compile(r"\s*(?:$|[.!?…]|\n)")
_NUMBERED = re.compile(r"(?:^|[.!?…,(\n]\s*)(?:nr|nro|no)\.? ?$", re.IGNORECASE)
_PERIOD = re.compile(r"(?:19|20)\d\d-(?:0?[1-9]|1[0-2]|(?:19|20)\d\d)|(?:0?[1-9]|1[0-2])-(?:19|20)\d\d")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d|[0-3]\d(?:0[1-9]|1[0-2])(?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Swedish, Danish and Finnish identity numbers and Swedish company numbers, by how many digits stand in a group.
_IDENTITY = ((6, 4), (6, 3))
_LOOK = 48
_PHONE_DIGITS = 8
_WIDEST_RANGE = 5
_BARE_SHORTEST = 5
_MOST = 200


def standing_numbers(wording: Wording, *, bare: bool) -> tuple[tuple[int, int], ...]:
    """Start and end of each. `bare`: also a mere run of digits, which is the weakest sign of all."""
    found: list[tuple[int, int]] = []
    for match in _candidates(wording):
        is_one = _is_bare(wording, match) if match["bare"] else _is_grouped(wording, match)
        if is_one and (bare or not match["bare"]):
            found.append(match.span())
    return tuple(found)


def _candidates(wording: Wording) -> Iterator[re.Match[str]]:
    """What looks like one and does not stand among other digits, in an address or after another thing's name."""
    text = wording.text
    for match in islice(_CANDIDATE.finditer(text), _MOST):
        start, end = match.span()
        before = text[max(0, start - _LOOK) : start]
        if _MORE_DIGITS_BEFORE.search(before[-4:]) or _MORE_DIGITS_AFTER.match(text, end):
            continue
        if _UNIT.match(text, end) or _ANOTHER.search(fold(before)):
            continue
        if _PERIOD.fullmatch(match.group()):
            continue
        yield match


def _is_grouped(wording: Wording, match: re.Match[str]) -> bool:
    """A code with letters, or groups of digits with a dash between them."""
    text, end = wording.text, match.end()
    if match["coded"]:
        if match["prefix"] in _STANDARDS or _TAX_NUMBER.fullmatch(match.group()):
            return False
        if match["prefix"] in _COUNTRY and _TOWN.match(text, end):
            return False
        return bool(match["dash"]) or len(match["coded"]) >= _BARE_SHORTEST
    left, right = match["left"], match["right"]
    if left is None:
        return True
    digits = (len(left), len(right))
    if left.startswith("0") or digits in _IDENTITY or (digits == (3, 2) and _TOWN.match(text, end)):
        return False
    if sum(digits) < _BARE_SHORTEST or _is_range(left, right):
        first = match.start() in (0, wording.body_start)
        return first or (_opens(wording, match.start()) and _closes(text, end))
    return True


def _is_range(left: str, right: str) -> bool:
    """ "100-150", "1000-1500", "122-128": from and to."""
    return not right.startswith("0") and int(left) < int(right) <= _WIDEST_RANGE * int(left)


def _is_bare(wording: Wording, match: re.Match[str]) -> bool:
    text, number = wording.text, match["bare"]
    start, end = match.span()
    before = text[max(0, start - _LOOK) : start]
    if number.startswith("0") or _YEAR.fullmatch(number) or _DAY.fullmatch(number):
        return False
    if _NUMBERED.search(before):
        return len(number) < _PHONE_DIGITS
    first = start in (0, wording.body_start)
    if len(number) < _BARE_SHORTEST:
        return first and text[end : end + 1] == ":"
    if len(number) == _PHONE_DIGITS:
        return first and not _closes(text, end)
    if not first and (_TOWN.match(text, end) or _ADDRESS_BEFORE.search(before)):
        return False
    return _stands(wording, start, end, fold(before), first)


def _stands(wording: Wording, start: int, end: int, before: str, first: bool) -> bool:
    text = wording.text
    if first or (_opens(wording, start) and (_closes(text, end) or text[end : end + 1] in ",:")):
        return True
    if text[start - 1 : start] in "([" and text[end : end + 1] in ")],":
        return True
    if before.endswith(", ") and text[end : end + 2] == ", ":
        return True
    return not text[start:end].endswith("000") and _BEFORE_BARE.search(before) is not None


def _opens(wording: Wording, start: int) -> bool:
    return start == wording.body_start or bool(_OPENING.search(wording.text[max(0, start - 5) : start]))


def _closes(text: str, end: int) -> bool:
    return _CLOSING.match(text, end) is not None
