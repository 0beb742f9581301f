"""The trust check: the linter's words, and what the reading network hears, over one text of ours."""

import re
from dataclasses import replace

from bot.house import House
from bot.reading_model import ReadingModel
from bot.rules.linting import MAY_BE, Finding, lint
from bot.rules.scores import NOTHING_HEARD, Heard
from bot.rules.sentences import Sentence, sentences
from bot.speech import spoken

#: How a letter is closed, with the name below it; the name alone must not sound cold.
_CLOSING = re.compile(
    r"(?:(?:med |de |mange )?(?:venlig|vennlig|venleg|vänlig|kærlig|bedste|beste|bästa)[aet]?\s+"
    r"(?:hilsen|hilsner|hilsninger|helsing|helsingar|hälsning|hälsningar)|hilsen|helsing|hälsningar"
    r"|(?:kind|best|warm|kindest)\s+(?:regards|wishes)|sincerely)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)


def check(
    house: House, text: str, *, language: str, intent: str | None = None, referral_allowed: bool = False
) -> tuple[Finding, ...]:
    """What a customer may hear in `text` as distrust; see `lint`. A sentence takes about 5 ms the first time.

    `why` is in the language of whoever reads it now.
    """
    own = sentences(text)
    heard = [_heard(house.reader, text, own, place) for place in range(len(own))]
    found = lint(
        text,
        house.lexicon,
        language=language,
        intent=intent,
        referral_allowed=referral_allowed,
        heard=heard,
    )
    return tuple(replace(each, why=_why(house, each)) for each in found)


def _why(house: House, finding: Finding) -> str:
    """Why it is one, in the language of the colleague who reads; the kinder words stay in the customer's."""
    spoken_here = house.lexicon.languages.get(spoken())
    categories = spoken_here.categories if spoken_here else ()
    return next((each.why for each in categories if each.name == finding.category), finding.why)


def _heard(reader: ReadingModel, text: str, own: tuple[Sentence, ...], place: int) -> Heard:
    """The sentence by itself; nothing in "Kind regards, Anna".

    What seems faulty there is read again with the next one, which may make it good.
    """
    sentence = own[place]
    if place + 1 == len(own) and _CLOSING.match(text, sentence.start, sentence.end):
        return NOTHING_HEARD
    alone = reader.heard(text[sentence.start : sentence.end])
    if place + 1 == len(own) or max(alone.shares.values(), default=0.0) < MAY_BE:
        return alone
    together = reader.heard(text[sentence.start : own[place + 1].end])
    shares = {name: min(share, together.shares.get(name, share)) for name, share in alone.shares.items()}
    return Heard(shares, alone.spans)
