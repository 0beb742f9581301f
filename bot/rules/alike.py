"""Which open drafts are about the same thing, so that a colleague can judge them together at a glance.

A stack is read letter by letter, but quickly: whatever needs a second thought stands alone, on its own card.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.rules.decisions import Situation

#: Drafts made so long after the last one are about something else, or it should have been told by now.
WITHIN = timedelta(hours=48)
#: A reading that is less sure may be another matter altogether.
SURE_ENOUGH = 0.6
#: What such a draft says is done or looked into; a question, a no or a lead's yes is each customer's own.
_PLAIN = frozenset({Situation.GRANTED.value, Situation.LOOKING.value})
#: What ties drafts of an intent together. An intent that is missing here has no common cause that we could name.
_TIES = {
    "late_delivery": "carrier",
    "damaged_item": "product",
    "missing_item": "product",
    "wrong_item": "product",
    "technical_fault": "service",
    "account_access": "service",
}
#: Carriers as customers write them. Those whose name is an everyday word somewhere count in our books only.
_CARRIERS = {
    "airmee": "Airmee",
    "budbee": "Budbee",
    "dao": "dao",
    "dhl": "DHL",
    "early bird": "Early Bird",
    "fedex": "FedEx",
    "gls": "GLS",
    "helthjem": "Helthjem",
    "instabee": "Instabee",
    "instabox": "Instabox",
    "porterbuddy": "Porterbuddy",
    "post nord": "PostNord",
    "postnord": "PostNord",
    "schenker": "Schenker",
}
#: How a service that fails is named in the languages we read, by what we call it.
_SERVICES = {
    "internet": "internet internett internettet nettet bredbånd bredbåndet breiband breibandet bredband bredbandet "
    "broadband fiber fiberen fibern wifi wi-fi",
    "app": "app appen",
    "website": "hjemmeside hjemmesiden nettside nettsiden nettsida heimeside heimesida hemsida hemsidan webbplats "
    "webbplatsen website webshop webshoppen nettbutikk nettbutikken",
    "television": "tv tv-et tv'et tv'en fjernsyn fjernsynet television",
    "power": "strøm strømmen straum straumen ström strömmen electricity",
}
_SERVICE_OF = {word: name for name, words in _SERVICES.items() for word in words.split()}
_NAMED_CARRIER = re.compile(rf"\b(?:{'|'.join(_CARRIERS)})(?:s|:s|'s)?\b", re.IGNORECASE)
_WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that waits to be sent, with what the customer has written in the case so far."""

    intent: str
    situation: str
    template: str
    #: What was written, and what the order says; no carrier or product where no order is trusted.
    words: str = ""
    carriers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    #: What the customer asks for already: replacement, refund, or empty.
    wish: str = ""
    confidence: float = 1.0
    #: The strongest of the case: 0 calm, 1 annoyed, 2 angry or about to leave.
    feeling: int = 0
    urgent: bool = False
    #: By their words in this case, or by our record.
    second_bad_experience: bool = False
    owner_only: bool = False
    findings: int = 0
    #: The letter answers other matters or other cases too.
    answers_more: bool = False
    #: Money that a lead or a colleague looks at first.
    needs_a_look: bool = False
    #: We have answered in this case before.
    answered_before: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a draft is about. Drafts with equal ones are alike, when they are made within `WITHIN`."""

    intent: str
    situation: str
    template: str
    wish: str
    #: carrier, product or service, and its name.
    tie: str
    cause: str


def may_be_alike(intent: str) -> bool:
    """Whether answers to that wish may have a common cause that we can name."""
    return intent in _TIES


def likeness(draft: OpenDraft) -> Likeness | None:
    """What it shares with others like it; None where it is to be read on its own card."""
    if _stands_alone(draft):
        return None
    tie = _TIES[draft.intent]
    cause = _cause(tie, draft)
    if not cause:
        return None
    return Likeness(draft.intent, draft.situation, draft.template, draft.wish, tie, cause)


def _stands_alone(draft: OpenDraft) -> bool:
    """Somebody who is angry, in a hurry or let down before is answered as one person, not as one of sixty."""
    return (
        not may_be_alike(draft.intent)
        or draft.situation not in _PLAIN
        # What the shop told us stands in a stack of its own.
        or not draft.template.startswith("reply/")
        or draft.confidence < SURE_ENOUGH
        or draft.feeling > 1
        or draft.findings > 0
        or draft.urgent
        or draft.second_bad_experience
        or draft.owner_only
        or draft.answers_more
        or draft.needs_a_look
        or draft.answered_before
    )


def _cause(tie: str, draft: OpenDraft) -> str:
    """Its name where exactly one is meant, else empty."""
    match tie:
        case "carrier":
            return _carrier(draft)
        case "product":
            return _only({" ".join(each.split()) for each in draft.products})
        case _:
            named = (_SERVICE_OF.get(each.casefold(), "") for each in _WORD.findall(draft.words))
            return _only(set(filter(None, named)))


def _carrier(draft: OpenDraft) -> str:
    """Our books say who has the parcel; a customer who names another may have another parcel in mind."""
    booked = {carrier_name(each) for each in draft.carriers} - {""}
    named = {_CARRIERS[_plain(each)] for each in _NAMED_CARRIER.findall(draft.words)}
    if booked and named:
        return _only(booked & named) if named <= booked else ""
    return _only(booked or named)


def carrier_name(booked: str) -> str:
    """One way of writing a carrier, however the shop's books do ("Post Nord", "POSTNORD DK")."""
    words = " ".join(booked.split())
    found = {_CARRIERS[_plain(each)] for each in _NAMED_CARRIER.findall(words)}
    return _only(found) or words


def _plain(named: str) -> str:
    word = named.casefold()
    return word if word in _CARRIERS else re.sub(r"(?::s|'s|s)$", "", word)


def _only(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def make_a_stack(alike: int, stack_from: int) -> bool:
    """Whether so many alike drafts are enough for the house; 0 never makes one."""
    return 0 < stack_from <= alike
