import pytest
from bounded import SideProcess

from bot.mail.closings import is_sent_from
from bot.mail.markup import html_text
from bot.mail.replies import newly_written

INTRODUCTIONS = {
    "da gmail": "Den tirs. 3. jun. 2025 kl. 10.15 skrev Mette Holm <\nmette@example.dk>:\n\n> Hej\n> Mette",
    "da iphone, unmarked": "Den 3. jun. 2025 kl. 10.15 skrev Mette Holm <mette@example.dk>:\n\nHej\nMette",
    "da yahoo": "    Den tirsdag den 3. juni 2025 10.15.22 CEST skrev Mette <m@example.dk>:  \n \n Hej",
    "da outlook": "________________________________\nFra: Mette <m@example.dk>\nSendt: 3. juni 2025 10:15\n"
    "Til: Ole <o@example.dk>\nEmne: SV: Ordre 12\n\nHej Ole",
    "da windows mail": "Fra: Mette\nDato: tirsdag, 3. juni 2025 kl. 10.15\nTil: Ole\nEmne: Ordre 12\nHej Ole",
    "da old outlook": "-----Oprindelig meddelelse-----\nFra: Mette\nHej",
    "da samsung": "-------- Oprindelig besked --------\nFra: m@example.dk\nHej",
    "da line to answer above": "##- Skriv dit svar over denne linje -##\nHej",
    "nb gmail": "tir. 3. juni 2025 kl. 10:15 skrev Kundeservice <k@example.no>:\n\n> Hei",
    "nb spark": "På 3. juni 2025 kl. 10:15:00, Kari Li (kari@example.no) skrev:\n\nHei",
    "nb thunderbird": "Den 03.06.2025 10:15, skrev Kari Li:\n> Hei",
    "nb old outlook": "-----Opprinnelig melding-----\nFra: Kari\nHei",
    "nb samsung": "-------- Opprinnelig melding --------\nFra: K <k@example.no>\nDato: 03.06.2025 10:15\nHei",
    "nn apple": "Den 3. juni 2025 kl. 10:15 skreiv Kari Li:\n> Hei",
    "sv gmail": "Den tis 3 juni 2025 kl 10:15 skrev Anna <anna@example.se>:\n\n> Hej",
    "sv iphone": "3 juni 2025 kl. 10:15 skrev Anna <anna@example.se>:\n\nHej",
    "sv outlook": "Från: Anna <a@example.se>\nSkickat: den 3 juni 2025 10:15\nTill: b@example.se\nÄmne: Hej\n\nHej",
    "sv samsung": "-------- Originalmeddelande --------\nFrån: Anna <a@example.se>\nHej",
    "en gmail": "On Tue, Jun 3, 2025 at 10:15 AM Support <s@example.com> wrote:\n\n> Hello",
    "en name only": "Mette Holm wrote:\n> Hello\n> there",
    "en outlook": "-----Original Message-----\nFrom: S <s@example.com>\nHello",
    "de gmail": "Am Di., 3. Juni 2025 um 10:15 Uhr schrieb Support <s@example.de>:\n\n> Hallo",
    "de outlook": "Von: S <s@example.de>\nGesendet: Dienstag, 3. Juni 2025 10:15\n"
    "An: o@example.de\nBetreff: X\n\nHallo",
    "fi gmail": "ti 3. kesäk. 2025 klo 10.15 Tuki (tuki@example.fi) kirjoitti:\n\n> Hei",
    "fi iphone": "Tuki <tuki@example.fi> kirjoitti 3.6.2025 kello 10.15:\n\nHei",
    "fi outlook": "Lähettäjä: Tuki <tuki@example.fi>\nLähetetty: tiistai 3. kesäkuuta 2025 10.15\n"
    "Vastaanottaja: o@example.fi\nAihe: Vs: X\n\nHei",
    "bold labels": "*Fra:* K <k@example.dk>\n*Sendt:* 3. juni\n*Til:* o\n*Emne:* x\n\nHej",
    "fr gmail": "Le mar. 3 juin 2025 à 10:15, Support <s@example.fr> a écrit :\n\n> Bonjour",
    "nl gmail": "Op di 3 jun 2025 om 10:15 schreef S <s@example.nl>:\n\nHallo",
    "two levels": "Den 4. juni 2025 kl. 11.00 skrev A <a@example.dk>:\n\n> Ja\n>\n> Den 3. juni skrev B:\n>> Hvad?",
}


@pytest.mark.parametrize("quote", INTRODUCTIONS.values(), ids=INTRODUCTIONS.keys())
def test_the_earlier_mail_is_cut_off(quote: str) -> None:
    assert newly_written(f"Første linje.\n\nAnden linje.\n\n{quote}\n") == "Første linje.\n\nAnden linje."


@pytest.mark.parametrize("quote", INTRODUCTIONS.values(), ids=INTRODUCTIONS.keys())
def test_the_line_right_above_the_earlier_mail_stays(quote: str) -> None:
    assert newly_written(f"Hej\nLampen virker ikke\n{quote}\n") == "Hej\nLampen virker ikke"


OWN_WORDS = [
    "Fra: Oslo\nTil: Bergen\nDato: 3. juni\n\nNår går bussen?",
    "Hej\nDen 3. juni kl. 10.15 skrev jeg til jer:\nJeg vil have pengene retur.\nHilsen Ole",
    "Hej\nDen 3. juni kl. 10.15 skrev jeg til kundeservice@lysoglampe.dk:\nIngen svarede.",
    "Jeg mangler:\n- en kop\n- en tallerken\n\nTak for hjælpen",
    "Kari skrev 3. juni 2025 kl. 10:15 at dere sender pengene:\nHvor er de?",
    "Hent venligst pakken hos naboen i morgen, min telefon er 555 12 345\nHilsen Ole",
    "Sendt med PostNord til min mail\nHvor er den?",
    "Get my mail out of your system\nThanks",
    "Tak\nMen lampen virker stadig ikke, og jeg har ventet tre uger.",
    "Vare     Pris\n----     ----\nKop      49,00\nFad      129,00",
    "Mvh\nOle\n\nPS: I må gerne ringe.",
]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_own_words_that_resemble_a_quote_stay(text: str) -> None:
    assert newly_written(text) == text


def test_answers_between_the_quoted_lines_stay() -> None:
    text = (
        "Se nedenfor\n\nDen 3. jun. 2025 kl. 10.15 skrev M <m@example.dk>:\n> Hvad er nummeret?\n\n12345\n\n"
        "> Farve?\nBlå\n-- \nOle\nTlf. 555 12 345"
    )
    assert newly_written(text) == "Se nedenfor\n\n12345\n\nBlå"


@pytest.mark.parametrize(
    "text",
    [
        "> kun\n> citat",
        "---------- Forwarded message ---------\nFra: A <a@example.dk>\nEmne: X\nTo: b\n\nHej",
        "--\nOle",
    ],
)
def test_where_everything_is_quoted_everything_is_given(text: str) -> None:
    assert newly_written(text) == text


def test_answers_between_quotes_in_html_stay() -> None:
    markup = (
        "<div dir=ltr>Se nedenfor</div><div class=gmail_quote><div class=gmail_attr>Den 3. jun. 2025 kl. 10.15 skrev "
        "M &lt;m@example.dk&gt;:</div><blockquote class=gmail_quote>Hvad er nummeret?</blockquote><div>12345</div>"
        "<blockquote class=gmail_quote>Farve?<blockquote type=cite>Ældre</blockquote></blockquote><div>Blå</div></div>"
    )
    text = html_text(markup)
    assert ">> Ældre" in text
    assert newly_written(text).split() == ["Se", "nedenfor", "12345", "Blå"]


def test_a_signature_ends_at_the_quote_below_it() -> None:
    text = "Ja tak\n-- \nOle\n\nDen 3. jun. 2025 kl. 10.15 skrev M <m@example.dk>:\n> Vil du?\n\nOg en til."
    assert newly_written(text) == "Ja tak\n\nOg en til."


def test_two_dashes_above_a_long_text_are_no_signature() -> None:
    story = "\n".join(f"Punkt {number} mangler." for number in range(40))
    assert newly_written(f"Hej\n--\n{story}") == f"Hej\n{story}"


@pytest.mark.parametrize(
    "line",
    [
        "Sendt fra min iPhone", "Hent Outlook til iOS",
        "Sendt fra Outlook til Android<https://example.org/x>",
        "Skickat från min iPhone", "Hämta Outlook för Android", "Sent from my iPhone", "Get Outlook for iOS",
        "Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Lähetetty iPhonesta",
        "Sendt frå min iPad",
        "Lähetetty Outlookin iOS-versiosta", "Last ned Outlook for iOS", "Sendt fra Yahoo Mail på Android",
        "Sendt fra min Samsung Galaxy-smarttelefon.", "Skickat från min Sony Xperia™-smartphone",
        "[Sendt fra min iPhone]",
    ],
)  # fmt: skip
def test_a_device_that_advertises_itself_is_known(line: str) -> None:
    assert is_sent_from(line)
    assert newly_written(f"Hvor er den?\n\n{line}") == "Hvor er den?"


@pytest.mark.parametrize(
    "poison",
    [
        "\n" * 100_000, ">" * 5_000, ("> " * 50 + "x\n") * 5_000, "On " * 5_000, "On \n" * 5_000, "--\n" * 5_000,
        "Fra: x\n" * 5_000, "a: " * 30_000, "<" * 100_000, "Sent from " * 20_000, "Le x\n" * 1_500, "_" * 50_000,
        "De: x\nA: y\n" * 3_000, ("On " * 5_000 + "\n") * 50, "begin forwarded " * 9_000,
    ],
    ids=lambda poison: repr(poison[:8]),
)  # fmt: skip
def test_poison_is_read(side_process: SideProcess, poison: str) -> None:
    for times in (1, 100):
        assert side_process.do(newly_written, "Hej\n" + poison * times).startswith("Hej")
