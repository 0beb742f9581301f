"""People and their words, in the five languages that customers write and colleagues answer in."""

from card_views import NOW

from bot.cards.shapes import FindingLine, FollowUpLine, Likeness, OtherCase

LINK = "https://slack.com/app_redirect?channel=C0TRIAGE&message_ts=1793871000.000100"
LONG_NAME = "Anne-Margrethe Sigurdardóttir Østergård-Nørregaard af Løvenskjold-Ståhlberg"
#: Names as they may well be, with every sign that Slack reads as markup.
FIRM = "Bjørn & Søn <Lamper>"

DANISH = (
    "Hej igen\n\nJeg er blevet trukket 499 kr. to gange for den samme bordlampe 😕 Den ene betaling må "
    "være en fejl. Kan I se på det, så jeg får den tilbage inden weekenden?\n\nKærlig hilsen\nMette Sørensen"
)
DANISH_REPLY = (
    "Hej Mette\n\nDu har ret: der er trukket 499 kr. to gange for ordre 10432, og den ene betaling er nu på vej "
    "tilbage til dit kort.\n\nBanken er typisk tre til fem hverdage om det. Jeg skriver til dig torsdag den "
    "12. november og spørger, om pengene er kommet frem.\n\nMange hilsner\n[your name]"
)
BOKMAL = (
    "Pakken skulle vært her på fredag, og sporingen har stått stille siden. Vi har bursdag på søndag, så dette "
    "begynner å haste. Hva gjør dere nå?\n\nHilsen Kåre Bjørnstad"
)
BOKMAL_REPLY = (
    "Hei Kåre\n\nPakken står fortsatt på terminalen i Lillestrøm, og der skulle den ikke blitt liggende. Jeg har "
    "bedt Posten om å finne den i dag, og sender en ny lampe hvis den ikke er funnet innen klokken 15.\n\n"
    "Vennlig hilsen\n[your name]"
)
NYNORSK = (
    "Hei. Lampa kom i går, men skjermen har ei bulk og ein knekt kant. Eg vil gjerne ha ein ny skjerm, eg treng "
    "ikkje heile lampa på nytt.\n\nHelsing Eirik Øvrebø"
)
NYNORSK_REPLY = (
    "Hei Eirik\n\nDet var leitt at skjermen kom fram skadd. Ein ny skjerm går frå lageret vårt i morgon, og du "
    "treng ikkje sende den gamle tilbake.\n\nBeste helsing\n[your name]"
)
SWEDISH = (
    "Hej! Jag returnerade två golvlampor för tre veckor sedan men har fortfarande inte fått tillbaka mina "
    "4 998 kr. Ärendet är nu på väg till Allmänna reklamationsnämnden om ni inte hör av er.\n\n"
    "Åsa Lindström-Håkansson"
)
SWEDISH_REPLY = (
    "Hej Åsa\n\nBåda golvlamporna kom fram till oss den 22 oktober, och pengarna borde redan ha varit hos dig. "
    "Jag har bett om att 4 998 kr betalas ut i dag.\n\nVänliga hälsningar\n[your name]"
)
ENGLISH = (
    "Hello, our café in Malmö ordered twelve pendants & only <ten> arrived. Order #20871 says *all* were "
    "shipped. Could you look into where the other two are?\n\nBest,\nSiobhán O’Brien, Bjørn & Søn <Lamper>"
)
ENGLISH_REPLY = (
    "Hi Siobhán\n\nTwo of your twelve pendants are missing, and we should have seen that before they left. Both leave "
    "our warehouse today, and you will have them on Monday.\n\nKind regards\n[your name]"
)
THANKS = "Tusind tak for den hurtige hjælp 🙏 Nu er alt, som det skal være."

PROOF = FindingLine(
    "demands_proof",
    "high",
    "Send os et skærmbillede af begge betalinger",
    "It sounds as if we doubt that they were charged twice.",
    "Jeg kan se begge betalinger her hos mig.",
)
COLD = FindingLine(
    "policy_hiding",
    "medium",
    "Enligt våra villkor kan vi inte hjälpa dig",
    "It puts our terms before the person.",
    "Så här kan jag hjälpa dig.",
)
TONE = FindingLine("command_tone", "low", "Du må svare innen i morgen", "It sounds like an order.", "")
FINDINGS = (PROOF, COLD, TONE)

MONEY_FOLLOW_UP = FollowUpLine("money_arrived", NOW, "the bank needs five days", "planned")
IN_SLACK = OtherCase("slack", "C0KUNDER", "a parcel is late", NOW, LINK, case_id=31)
BY_MAIL = OtherCase("email", "", "asks about their data", NOW, case_id=28)
SAME = Likeness(7, "Mette Sørensen-Bæk", "mette.baek@arbejde.example", "They have the same phone number")
