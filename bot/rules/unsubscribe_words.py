"""What a customer reads about stopping follow-ups: below each of them, and on the page behind the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class UnsubscribeWords:
    """In one language. `{url}` and `{house}` are filled in."""

    #: The last line of an automatic mail.
    line: str
    title: str
    ask: str
    #: That answers go on.
    still: str
    button: str
    done: str
    #: For a link that nobody knows.
    unknown: str
    #: For a moment in which nothing can be written down.
    away: str


def words(language: str) -> UnsubscribeWords:
    """In that language; in English where we have no words for it."""
    return _WORDS.get(language, _WORDS["en"])


_WORDS: Mapping[str, UnsubscribeWords] = MappingProxyType(
    {
        "da": UnsubscribeWords(
            line="Vil du ikke have opfølgende mails fra os? Så kan du sige nej tak her: {url}",
            title="Opfølgende mails",
            ask="Vil du ikke længere have opfølgende mails fra {house}?",
            still="Du får stadig svar, når du skriver til os.",
            button="Nej tak til opfølgende mails",
            done="Du får ikke flere opfølgende mails fra {house}.",
            unknown="Linket virker ikke. Måske kom det ikke helt med. Svar på mailen i stedet, så ordner vi det.",
            away="Det lykkedes ikke lige nu. Prøv igen om lidt.",
        ),
        "nb": UnsubscribeWords(
            line="Vil du ikke ha oppfølging fra oss på e-post? Da kan du si nei takk her: {url}",
            title="Oppfølging på e-post",
            ask="Vil du ikke lenger ha oppfølging på e-post fra {house}?",
            still="Du får fortsatt svar når du skriver til oss.",
            button="Nei takk til oppfølging",
            done="Du får ikke mer oppfølging på e-post fra {house}.",
            unknown="Lenken virker ikke. Kanskje kom ikke hele lenken med. "
            "Svar på e-posten i stedet, så ordner vi det.",
            away="Det gikk ikke akkurat nå. Prøv igjen om litt.",
        ),
        "nn": UnsubscribeWords(
            line="Vil du ikkje ha oppfølging frå oss på e-post? Då kan du seie nei takk her: {url}",
            title="Oppfølging på e-post",
            ask="Vil du ikkje lenger ha oppfølging på e-post frå {house}?",
            still="Du får framleis svar når du skriv til oss.",
            button="Nei takk til oppfølging",
            done="Du får ikkje meir oppfølging på e-post frå {house}.",
            unknown="Lenkja verkar ikkje. Kanskje kom ikkje heile lenkja med. "
            "Svar på e-posten i staden, så ordnar vi det.",
            away="Det gjekk ikkje akkurat no. Prøv igjen om litt.",
        ),
        "sv": UnsubscribeWords(
            line="Vill du inte ha uppföljande mejl från oss? Då kan du tacka nej här: {url}",
            title="Uppföljande mejl",
            ask="Vill du inte längre få uppföljande mejl från {house}?",
            still="Du får fortfarande svar när du skriver till oss.",
            button="Nej tack till uppföljande mejl",
            done="Du får inga fler uppföljande mejl från {house}.",
            unknown="Länken fungerar inte. Kanske kom inte hela länken med. "
            "Svara på mejlet i stället, så ordnar vi det.",
            away="Det gick inte just nu. Försök igen om en liten stund.",
        ),
        "en": UnsubscribeWords(
            line="Would you rather not get follow-up emails from us? You can say no here: {url}",
            title="Follow-up emails",
            ask="Would you like to stop getting follow-up emails from {house}?",
            still="We still answer whenever you write to us.",
            button="Stop follow-up emails",
            done="You will not get any more follow-up emails from {house}.",
            unknown="This link does not work. Perhaps part of it got lost. "
            "Reply to the email instead, and we will see to it.",
            away="That did not work just now. Please try again in a moment.",
        ),
    }
)
