"""The words around a number that make it money, in the languages we read; all folded. Read by `bare_amounts`."""

import re


def _words(text: str) -> str:
    return "|".join(text.split())


#: Fees, prices and bills, also as the end of a compound: "rykkergebyr", "papirfakturagebyret".
FEE = (
    r"[a-z]*(?:"
    + _words(
        "gebyr gebyret gebyrer gebyra avgift avgiften avgifter avgifta gebuehr gebuehren fee charge surcharge pris"
        " prisen price preis hinta maksu"
    )
    + ")"
)
BILL = (
    r"[a-z]*(?:"
    + _words(
        "regning regningen regninga rekning rekninga raekning raekningen faktura fakturaen fakturan rechnung invoice"
        " bill lasku gavekort gavekortet gaavekort presentkort presentkortet gutschein lahjakortti beloeb beloebet"
        " beloep beloepet belopp beloppet betrag summa summan summe sum saldo rabat rabatt rabatten depositum"
        " deposition kaution pant fragt fragten frakt frakten porto poster trekk traek dragning"
    )
    + ")"
)
#: Where one of these stands, the text speaks of money.
OF_MONEY = re.compile(
    r"(?:avgift|gebyr|gebuehr|faktura|regning|rekning|raekning|rechnung|maksu(?![a-z])|kostnad)"
    r"|(?<![a-z])(?:kr|kroner|kronor|euroa?|betal|bezahl|gezahlt|maks|paid|pay|pris|price|preis|hinta"
    r"|penge|pengar|geld"
    r"|money|raha|refun|refusi|kredit|credit|erstat|gutschrift|gutgeschr|hyvit|palaut|faktura|invoice"
    r"|bill|regning|rekning"
    r"|raekning|rechnung|lasku|gebyr|avgift|gebuehr|fees?(?![a-z])|charge|trukk|trekk|trekt|haevet|haever"
    r"|dragi|drog"
    r"|dras|abgebucht|konto|kost|cost|rabat|discount|alennu|koeb|koep|kjoep|kauf|gekauft|bought|buy|ostin"
    r"|tilbud|erbjud"
    r"|sale(?![a-z])|rea(?![a-z])|reklam|kasse|kassan|abon|subscri|gavekort|presentkort|saldo|deposit"
    r"|belop|beloeb|beloep"
    r"|betrag|summ|mellanskill|difference|differanse|surcharge)"
)
#: Straight before the number: what it costs, what is left of it, what was taken back.
STRONG_BEFORE = re.compile(
    rf"(?:^|[^a-z])(?:(?:{FEE})(?: (?:paa|of|von|ueber|om|er|var|is|was|aer|ist|war|on|oli))?:?"
    rf"|(?:{BILL}) (?:paa|of|for|von|ueber|om|aa)"
    r"|(?:begge|baada|both|beide|hver|each) (?:paa|aa|of|at|zu|ueber)|(?:drogs|dras|debiterades|opkraeves"
    r"|opkraevet|trekkes)"
    r"|(?:tilbage|tilbake|attende|tillbaka|zurueck|back|takaisin)(?: de| dei| die| the| my| mine| mina)?"
    r"|(?:take|took|knock|knocked|taken))$"
)
#: Straight before the number: an age, a size, a number of a bill, a time, a version.
OTHERWISE_BEFORE = re.compile(
    r"(?:^|[^a-z])(?:er|aer|am|bin|olen|fylder|fyller|turned|turns|str|v|kl|ver|version|nr|no|nro|nummer"
    r"|number|room|rom|stue"
    r"|faktura|fakturan|fakturanummer|rechnung|invoice|bill|lasku|age|aged|alder|kode|koden|koder|code"
    r"|error|fejl|feil|fel"
    r"|fehler|virhe|size|storlek|stoerrelse|groesse|koko|uge|uke|vecka|week|dag|day|tag)[.:]?$"
)
#: Near before the number: what is compared are sizes, addresses or the figures of a meter.
MEASURED = re.compile(
    r"(?<![a-z])(?:str(?![a-z])|size|storlek|stoerr|storleik|groess|koko|nummer|nr|plz|postn|zip|modell?"
    r"|maaler|maalar"
    r"|maetar|meter|zaehler|mittari|[a-z]*stand(?![a-z])|hus|house|haus|skrevet|skrivit|skrive)"
)
#: Straight before the number, where the text speaks of money anyway.
WEAK_BEFORE = re.compile(
    r"(?:^|[^a-z])(?:for|foer|fuer|til|till|tila|aa|at|bare|kun|bara|nur|only|just|om|paa|zu|says?|said"
    r"|siger|sagde"
    r"|sier|seier|saeger|sade|sa|sagt|sagte|skriver|skriv|skrev|stod|staar|stand|steht"
    r"|blev|ble|vart|(?:sa|sier|seier|sade|sagde|saeger|siger|skriv|skriver|stod|staar|stand) "
    r"(?:det|der|de|dei|dere|ni|i|you|they|sie|ihr|es|da)|and|og|och|und|ja|then|saa|sen|sedan|dann|da"
    r"|sitten|also|ikke"
    r"|ikkje|inte|not|nicht|eikae|ikke|or|eller|oder|tai|mot|mod|vs|versus|fra|fraan|from|von"
    r"|[a-z]+:)$"
)
#: Straight after the number: "229 i mai", "459 i månaden", "412,50 hver gang".
STRONG_AFTER = re.compile(
    r"(?:(?:i|in|im|for|foer|fuer|om|per|pr|a|an|je|pro|each|every|hver|kvar|varje|joka) ?[.]?"
    r"(?:maaned|maanad|month|monat|kuukau|mnd|maan|uge|uke|veke|vecka|week|woche|aar(?:et)?(?![a-z])|year"
    r"|jahr|gang|gong"
    r"|time(?![a-z])|mal(?![a-z])|kerta|termin|kvartal|januar|februar|mars|marts|maerz|march|april|may(?![a-z])"
    r"|mai(?![a-z])"
    r"|maj(?![a-z])|jun[ie](?![a-z])|jul[iy](?![a-z])|august|septemb|oktob|octob|novemb|dezemb|desemb|decemb)"
    r"|(?:den|de|foersta|foerste|erste|ersten|first) [a-z]+ (?:aar|maaned|maanad|month|monat)|(?:foersta"
    r"|foerste|first|ersten?)"
    r" (?:aar|maaned|maanad|month|monat|year|jahr)|[a-z]{0,12}kuu(?:ssa|lta)|kuukaudessa|off(?![a-z]))"
)
_INSTEAD = (
    r"(?:i stedet for|istedet for|istedenfor|i stedenfor|i staden for|i staellet foer|istaellet foer|ist foer"
    r"|instead of|statt|anstatt|anstelle von|rather than)"
)
#: Between two prices, where one of them is known to be one.
INSTEAD_BEFORE = re.compile(rf"(?:^|[^a-z]){_INSTEAD}$")
INSTEAD_AFTER = re.compile(rf"{_INSTEAD}(?![a-z])")
FEE_BEFORE = re.compile(rf"(?:^|[^a-z]){FEE}(?![a-z])")
BOUGHT_FOR = re.compile(r"(?:^|[^a-z])(?:for|foer|fuer)$")
BOUGHT = re.compile(
    r"(?<![a-z])(?:koeb|koep|kjoep|kauf|gekauft|bought|buy|bestil|bestaell|ordered|tilbud|erbjud|ute"
    r"|udsalg|salg|sale|rea)"
)
#: Where the clause ends that the number is in.
ANOTHER_CLAUSE = re.compile(r"(?:^|[ ])(?:og|och|o|and|und|ja|men|but|aber|mutta)(?![a-z])")
#: What is counted after a fee or a bill, where nearly any other word may follow.
COUNTED = re.compile(
    r"(?:kwh|wh|w|m3|kbm|liter|l|kg|g|cm|mm|m|km|gb|mb|stk|st|stueck|kpl|pcs|procent|prosent|percent"
    r"|prozent|pct|dage|dagar"
    r"|dager|days|tage|sider|sidor|pages|seiten|varer|varor|items|linjer|rader|timer|timmar|hours"
    r"|minutter|minuter|poeng"
    r"|poaeng|points|punkte|maaneder|maanader|months|monate|aar|years|jahre|uger|uker|veckor|weeks"
    r"|wochen)(?![a-z])"
)
#: What may follow a price. Any other word says what is counted: "40 dage", "305 poser".
_FOLLOWING = frozenset(
    (
        "og i in im so saa sa for foer fuer und and och ja men but aber mutta som der die das den det de "
        "dei er is ist was var war foerst idag heute today nu now no naa noh igen igjen again nochmal att "
        "at til till mer mere hver kvar varje each every joka per pr pro a fra fraa fraan from von vom "
        "efter etter after med mit with ved vid by om when naar naer als wenn selv istedet istedenfor "
        "istaellet instead statt ikke ikkje inte nicht not eikae extra ekstra too ut ud ute out off blev "
        "ble vart blir bleib wurde wurden were have has har hat had mangler mangel saknas fehlt fehlen "
        "missing stadig still also ogsaa ogsa auch kun bara bare nur only skulle skal skall should stemmer "
        "staemmer stimmt once twice doppelt dobbelt dubbelt begge baada both to two zwei ganger gange gang "
        "gaanger gaang foersta foerste first da ligger staar stod going gone gick gaar gikk drogs dras "
        "trukket trukke trekt trekkes haevet debiterat dragits dragit abgebucht belastet charged taken "
        "kahdesti tuplana taas sitten on oli vai eller oder or which because fordi weil siden sedan since "
        "mot mod than enn end aen jag jeg eg ich we vi wir ni you du kan could can kunne kunna if hvis wie "
        "paa an auf zu av af of kommer kom came back tilbage tilbake tillbaka zurueck takaisin attende plus "
        "minus gatt gaatt gaaet igaar yesterday gestern over while mens medan waehrend hos bei straks "
        "direkt gratis maa ma must muss vil will ville vill would gaa gehen geht go goes "
    ).split()
)
_WORD_AFTER = re.compile(r"[ \u00a0]{1,2}([^\W\d_]+)")
_MARK_AFTER = re.compile(r"\s*(?:$|\n|[!?)\"”»;…+=]|\.{2,}|[,:;–—-](?=\s|$)|\.(?=\s+[^\sa-zæøåäöü]|\s*$))")
_POINT_AFTER = re.compile(r"\.(?!\w)")


def ends_as_a_price(text: str, end: int, folded_after: str, *, ordinal: bool) -> bool:
    """No unit and no counted thing after it. `ordinal`: small enough for a day, where a point may be one's."""
    if not ordinal and _POINT_AFTER.match(text, end):
        return True
    word = _WORD_AFTER.match(text, end)
    if word is None:
        return _MARK_AFTER.match(text, end) is not None
    return folded_after.split(" ", 1)[0].strip(".,!?:;") in _FOLLOWING
