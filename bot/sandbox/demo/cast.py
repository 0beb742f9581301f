"""The other customers of the day, and what our colleagues do for each. Their words are in `mails/`."""

from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("da", "nb", "nn", "sv", "en")


class Does(StrEnum):
    """What a colleague does with a card."""

    SEND = "send"
    #: Write their own words instead of the draft.
    WRITE = "write"
    #: Put the draft aside; `words` is the reason.
    DISMISS = "dismiss"
    #: Give back the money that `words` names, in the order's currency, and send the draft that says so.
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Part:
    """One customer's mail and what is done about it."""

    mail: str
    address: str
    language: str
    #: freja, nils or signe.
    who: str
    does: Does
    words: str = ""
    #: What it is really about, if the card has it wrong; corrected first.
    about: str = ""
    #: Resolve it at once, with the follow-up the program proposes.
    resolves: bool = False
    #: What a machine sends back at once.
    comes_back: str = ""
    #: The story needs this one, whatever languages are played.
    always: bool = False


PARTS = (
    Part("02-ola", "ola.nordahl@epost.example", "nb", "nils", Does.SEND, resolves=True, always=True),
    Part(
        "03-kari",
        "kari@lie-familien.example",
        "nb",
        "freja",
        Does.WRITE,
        "Hei Kari,\n\nJa, Fjord kan dimmes med en vanlig LED-dimmer. Den skal ha en E27-pære på høyst 12 watt.\n\n"
        "Lampen kan henge fra 25 til 120 cm ned. Henger du den på 30 cm, har dere 2,10 under den, og det pleier "
        "å være fint i en gang.\n\nVennlig hilsen\nFreja",
    ),
    Part("04-ingrid", "ingrid.myklebust@fjordkontor.example", "nn", "nils", Does.SEND),
    Part("05-anna", "anna.lindqvist@brev.example", "sv", "freja", Does.SEND),
    Part("06-sarah", "sarah.okafor@mailbox.example", "en", "freja", Does.SEND),
    Part(
        "07-henrik",
        "hdam@firma-dam.example",
        "da",
        "nils",
        Does.WRITE,
        "Hej Henrik,\n\nDet skal en afbryder selvfølgelig kunne holde til. Det er jeg ked af.\n\n"
        "Jeg har pakket en ny væglampe til dig, og den går med posten i dag. Du har den senest torsdag den "
        "5. marts. Behold bare den gamle, du skal ikke sende noget.\n\nVenlig hilsen\nNils",
        resolves=True,
    ),
    Part("08-lars", "lars.eide@epost.example", "nb", "nils", Does.SEND),
    Part(
        "09-elin",
        "elin.s@brev.example",
        "sv",
        "freja",
        Does.DISMISS,
        "She asked for a call, so I called her",
        resolves=True,
    ),
    Part(
        "10-james",
        "james@whitfield-studio.example",
        "en",
        "nils",
        Does.WRITE,
        "Hi James,\n\nI'm sorry, you ordered black and you should have had black. A black Sol leaves us today "
        "and will be with you by Thursday 5 March.\n\nKeep the white one until then so the office has light. "
        "I'll have it collected when the black one is there.\n\nKind regards\nNils",
        comes_back="16-james-away",
    ),
    Part("11-sofie", "sofie.ravn@post.example", "da", "freja", Does.SEND),
    Part(
        "12-magnus",
        "magnus@aasen-gard.example",
        "nn",
        "nils",
        Does.WRITE,
        "Hei Magnus,\n\nSkjermen skulle sjølvsagt ha lege i pakka, det er eg lei for. Eg sender deg ein i dag, og "
        "han er hos deg seinast torsdag 5. mars.\n\nDu treng ikkje gjere noko.\n\nVenleg helsing\nNils",
        about="missing_item",
        comes_back="17-magnus-bounce",
    ),
    Part(
        "15-johan",
        "johan.berg@brev.example",
        "sv",
        "freja",
        Does.REFUND,
        "300",
        about="price_discount",
    ),
)

#: Who writes again in the afternoon: (mail, address, language, what Freja answers).
AFTERNOON = (
    ("18-anna-thanks", "anna.lindqvist@brev.example", "sv", ""),
    (
        "19-sarah-chooses",
        "sarah.okafor@mailbox.example",
        "en",
        "Hi Sarah,\n\nA new one it is. It leaves us this afternoon, so it will be with you by Thursday 5 March, in "
        "good time for the 14th.\n\nI'll look at the packing myself this time.\n\nKind regards\nFreja",
    ),
)
