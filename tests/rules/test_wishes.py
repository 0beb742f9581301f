"""What a customer has already asked for, and whether an earlier answer left the matter open."""

import pytest
from reading_support import packs

from bot.rules.matching import Match
from bot.rules.wishes import is_unsolved, read_wish
from bot.rules.words import prepare

REPLACEMENT, REFUND, NOTHING = "replacement", "refund", ""

DANISH = [
    ("Kan I sende mig en ny stol?", REPLACEMENT),
    ("Der mangler fire skruer i posen. Vil I eftersende de manglende?", REPLACEMENT),
    ("Jeg vil gerne bytte skoene til en større størrelse.", REPLACEMENT),
    ("Jeg skal ikke have pengene, jeg vil have stolen.", REPLACEMENT),
    ("Jeg skal bruge en ny inden lørdag.", REPLACEMENT),
    ("Jeg vil ikke have pengene retur. Jeg vil bare have stolen.", REPLACEMENT),
    ("Jeg vil hellere have en ny lampe end pengene tilbage.", REPLACEMENT),
    ("Send en ny kop, ellers vil jeg have mine penge tilbage.", REPLACEMENT),
    ("Jeg vil gerne have mine penge tilbage.", REFUND),
    ("Så hellere pengene end en ny.", REFUND),
    ("Nej tak til en ny, refunder venligst beløbet. Jeg ønsker pengene retur.", REFUND),
    ("Jeg vil ikke have en ny. Kan jeg få pengene tilbage?", REFUND),
    ("Send en ny eller giv mig pengene, begge dele er fint.", NOTHING),
    ("Hvornår kan jeg få mine penge tilbage?", NOTHING),
    ("Jeg vil gerne vide, hvor refusionen bliver af.", NOTHING),
    ("I skrev: vil du have en ny eller pengene tilbage?", NOTHING),
    ("I skal ikke sende en ny, jeg har fundet den.", NOTHING),
    ("Kan I sende mig en ny faktura?", NOTHING),
    ("Jeg er først tilbage på arbejde på mandag.", NOTHING),
    ("Tusind tak, den nye lampe er fin.", NOTHING),
]
BOKMAAL = [
    ("Kan dere sende meg en ny stol?", REPLACEMENT),
    ("Det mangler skruer i posen. Kan dere ettersende de manglende?", REPLACEMENT),
    ("Kan jeg bytte den i en mindre størrelse?", REPLACEMENT),
    ("Jeg vil ikke ha pengene, jeg vil ha stolen.", REPLACEMENT),
    ("Jeg vil heller ha en ny enn pengene tilbake.", REPLACEMENT),
    ("Send en ny kopp, ellers vil jeg ha pengene tilbake.", REPLACEMENT),
    ("Jeg vil ha pengene tilbake.", REFUND),
    ("Da vil jeg heller ha pengene enn en ny.", REFUND),
    ("Vennligst refunder kjøpet.", REFUND),
    ("Jeg vil ikke ha en ny. Kan jeg få pengene tilbake?", REFUND),
    ("Send en ny eller gi meg pengene, dere bestemmer.", NOTHING),
    ("Når får jeg pengene tilbake?", NOTHING),
    ("Jeg vil gjerne ha status på refusjonen.", NOTHING),
    ("Dere spurte om jeg vil ha pengene tilbake.", NOTHING),
    ("Dere trenger ikke sende en ny, den er funnet.", NOTHING),
    ("Kan dere sende meg en ny faktura?", NOTHING),
    ("Jeg er tilbake på jobb på mandag.", NOTHING),
    ("Tusen takk, den nye lampen er fin.", NOTHING),
]
NYNORSK = [
    ("Kan de sende meg ein ny stol?", REPLACEMENT),
    ("Kan eg få rett storleik i staden?", REPLACEMENT),
    ("Eg vil gjerne byte til ein større storleik.", REPLACEMENT),
    ("Eg vil ikkje ha pengane, eg vil ha stolen.", REPLACEMENT),
    ("Send ein ny kopp, elles vil eg ha pengane att.", REPLACEMENT),
    ("Eg vil ha pengane att.", REFUND),
    ("Eg vil heller ha pengane enn ein ny.", REFUND),
    ("Kan de betale tilbake kjøpet?", REFUND),
    ("Eg vil ikkje ha ein ny. Kan eg få pengane tilbake?", REFUND),
    ("Send ein ny eller gje meg pengane, begge delar er greitt.", NOTHING),
    ("Når får eg pengane att?", NOTHING),
    ("Kvar er det vorte av pengane mine?", NOTHING),
    ("De spurde om eg vil ha pengane tilbake.", NOTHING),
    ("De treng ikkje sende ein ny.", NOTHING),
    ("Kan de sende meg ein ny faktura?", NOTHING),
    ("Eg er attende på jobb måndag.", NOTHING),
    ("Takk, den nye lampa er fin.", NOTHING),
]
SWEDISH = [
    ("Kan ni skicka en ny stol?", REPLACEMENT),
    ("Skicka gärna de saknade skruvarna.", REPLACEMENT),
    ("Jag vill byta till en större storlek.", REPLACEMENT),
    ("Jag vill inte ha pengarna, jag vill ha stolen.", REPLACEMENT),
    ("Jag vill hellre ha en ny än pengarna tillbaka.", REPLACEMENT),
    ("Skicka en ny kopp, annars vill jag ha pengarna tillbaka.", REPLACEMENT),
    ("Jag vill ha pengarna tillbaka.", REFUND),
    ("Då vill jag hellre ha pengarna än en ny.", REFUND),
    ("Jag önskar återbetalning av hela köpet.", REFUND),
    ("Jag vill inte ha en ny. Kan jag få pengarna tillbaka?", REFUND),
    ("Skicka en ny eller ge mig pengarna, ni bestämmer.", NOTHING),
    ("Jag vill få den lagad eller utbytt.", NOTHING),
    ("När får jag tillbaka pengarna?", NOTHING),
    ("Jag vill veta var återbetalningen är.", NOTHING),
    ("Ni frågade om jag vill ha pengarna tillbaka.", NOTHING),
    ("Ni behöver inte skicka en ny.", NOTHING),
    ("Kan ni skicka en ny faktura?", NOTHING),
    ("Jag är tillbaka på jobbet på måndag.", NOTHING),
    ("Tack, den nya lampan är fin.", NOTHING),
]
ENGLISH = [
    ("Could you send me a new one, please?", REPLACEMENT),
    ("Please send the missing part.", REPLACEMENT),
    ("I'd like to exchange them for a bigger size.", REPLACEMENT),
    ("I do NOT want the money, I want the chair.", REPLACEMENT),
    ("I don't want my money back. I just want the chair.", REPLACEMENT),
    ("I'd rather have a replacement than a refund.", REPLACEMENT),
    ("Send a new one, otherwise I want my money back.", REPLACEMENT),
    ("I want my money back.", REFUND),
    ("I'd rather have the money than a replacement.", REFUND),
    ("Please refund me.", REFUND),
    ("I don't want a new one. Can I get a refund?", REFUND),
    ("A new one or my money back, either is fine.", NOTHING),
    ("When will I get my money back?", NOTHING),
    ("I would like to know where my refund is.", NOTHING),
    ("You asked if I want my money back.", NOTHING),
    ("You don't need to send a new one.", NOTHING),
    ("Could you send me a new invoice?", NOTHING),
    ("I am back at work on Monday.", NOTHING),
    ("Thank you, the replacement is lovely.", NOTHING),
]
GERMAN = [
    ("Könnten Sie mir bitte eine neue Tasse schicken?", REPLACEMENT),
    ("Ich will nicht das Geld, ich möchte den Stuhl.", REPLACEMENT),
    ("Ich möchte mein Geld zurück.", REFUND),
    ("Ich hätte lieber das Geld als einen neuen.", REFUND),
    ("Wann bekomme ich mein Geld zurück?", NOTHING),
    ("Eine neue oder das Geld, beides ist mir recht.", NOTHING),
    ("Sie müssen mir keinen neuen schicken.", NOTHING),
    ("Danke, die neue Lampe ist schön.", NOTHING),
]
FINNISH = [
    ("Voitteko lähettää uuden tuolin?", REPLACEMENT),
    ("En halua rahoja takaisin, haluan tuolin.", REPLACEMENT),
    ("Haluan rahat takaisin.", REFUND),
    ("Haluaisin mieluummin rahat kuin uuden.", REFUND),
    ("Milloin saan rahat takaisin?", NOTHING),
    ("Lähettäkää uusi tai antakaa rahat, kumpi vain käy.", NOTHING),
    ("En halua uutta.", NOTHING),
    ("Kiitos, uusi lamppu on hieno.", NOTHING),
]
WISHES = {
    "da": DANISH,
    "nb": BOKMAAL,
    "nn": NYNORSK,
    "sv": SWEDISH,
    "en": ENGLISH,
    "de": GERMAN,
    "fi": FINNISH,
}
OPEN = {
    "da": [
        "Pakken er stadig ikke kommet.",
        "Det hjalp desværre ikke.",
        "Nej, det virker stadig ikke.",
        "Nu får jeg samme fejl igen.",
        "Der er ikke sket noget endnu.",
        "Jeg har gjort, som I skrev, men det virker ikke.",
        "Jeg venter stadig på skruerne.",
    ],
    "nb": [
        "Pakken har fortsatt ikke kommet.",
        "Det hjalp dessverre ikke.",
        "Det fungerer fortsatt ikke.",
        "Nå får jeg samme feil igjen.",
        "Det har ikke skjedd noe.",
        "Jeg har gjort som dere skrev, men det virker ikke.",
        "Jeg kan fremdeles ikke logge inn.",
    ],
    "nn": [
        "Pakken er framleis ikkje komen.",
        "Det hjelpte diverre ikkje.",
        "No får eg same feilen igjen.",
        "Det har ikkje hendt noko.",
        "Eg har gjort som de skreiv, men det verkar ikkje.",
        "Eg ventar framleis på skruane.",
    ],
    "sv": [
        "Paketet har fortfarande inte kommit.",
        "Det hjälpte tyvärr inte.",
        "Det funkar fortfarande inte.",
        "Nu får jag samma fel igen.",
        "Det har inte hänt något.",
        "Jag har gjort som ni skrev, men det fungerar inte.",
        "Jag väntar fortfarande på skruvarna.",
    ],
    "en": [
        "It still hasn't arrived.",
        "Sorry, that didn't help.",
        "I get the same error again.",
        "A week on and still nothing has happened.",
        "I did what you said but it does not work.",
        "I'm still waiting for the screws.",
    ],
    "de": [
        "Das Paket ist immer noch nicht da.",
        "Das hat leider nicht geholfen.",
        "Wieder derselbe Fehler.",
    ],
    "fi": [
        "Paketti ei ole vieläkään tullut.",
        "Se ei auttanut.",
        "Sama virheilmoitus tuli taas.",
    ],
}
SETTLED = {
    "da": [
        "Hvad gør jeg, hvis den stadig ikke virker?",
        "Tak, det hjalp.",
        "Jeg er stadig ikke sikker på størrelsen.",
        "Min mor taler stadig om jer.",
        "Det er ikke samme fejl igen.",
        "I hjalp mig godt, og det var ikke dyrt.",
    ],
    "nb": [
        "Hva gjør jeg hvis den fortsatt ikke virker?",
        "Takk, det hjalp.",
        "Jeg er fortsatt ikke sikker på størrelsen.",
        "Jeg er fremdeles fornøyd kunde.",
        "Det er ikke samme feil igjen.",
        "Pakken er ikke sendt ennå, så jeg vil avbestille.",
    ],
    "nn": [
        "Kva gjer eg viss han framleis ikkje verkar?",
        "Takk, det hjelpte.",
        "Eg er framleis ikkje sikker på storleiken.",
        "Eg er framleis ein nøgd kunde.",
        "Det er ikkje same feilen igjen.",
        "Eg har ikkje opna pakken enno.",
    ],
    "sv": [
        "Vad gör jag om den fortfarande inte fungerar?",
        "Tack, det hjälpte.",
        "Jag är fortfarande inte säker på storleken.",
        "Jag frågar innan jag sprutar, ingenting har hänt.",
        "Det är inte samma fel igen.",
        "Jag är tillbaka på jobbet igen.",
    ],
    "en": [
        "What do I do if it still doesn't work?",
        "Thanks, that helped.",
        "I'm still not sure about the size.",
        "Asking before I use it, nothing has happened.",
        "It is not the same error again.",
        "I still love the lamp.",
    ],
    "de": [
        "Was mache ich, wenn es immer noch nicht geht?",
        "Danke, das hat geholfen.",
        "Ich bin noch nicht sicher.",
    ],
    "fi": [
        "Mitä teen, jos se ei vieläkään toimi?",
        "Kiitos, se auttoi.",
        "Puhumme teistä yhä.",
    ],
}


def _found(language: str, text: str) -> dict[str, list[Match]]:
    return packs().pack(language).matcher.find(prepare(text))


def _pairs(rows: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in rows.items() for text in texts]


@pytest.mark.parametrize(
    ("language", "text", "wish"), [(language, *row) for language, rows in WISHES.items() for row in rows]
)
def test_a_wish_is_read_as_the_customer_meant_it(language: str, text: str, wish: str) -> None:
    assert read_wish(_found(language, text)) == wish


@pytest.mark.parametrize(("language", "text"), _pairs(OPEN))
def test_a_customer_can_say_that_it_still_is_not_in_order(language: str, text: str) -> None:
    assert is_unsolved(_found(language, text))


@pytest.mark.parametrize(("language", "text"), _pairs(SETTLED))
def test_a_thank_you_a_condition_or_a_doubt_is_no_word_of_an_open_matter(language: str, text: str) -> None:
    assert not is_unsolved(_found(language, text))


@pytest.mark.parametrize(("language", "text"), [*_pairs(OPEN), *_pairs(SETTLED)])
def test_how_far_the_matter_is_names_no_wish(language: str, text: str) -> None:
    assert read_wish(_found(language, text)) == NOTHING
