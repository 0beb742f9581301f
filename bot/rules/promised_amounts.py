"""The amounts a text promises to give, so that what we write is what we do."""

import re
from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_precision

from bot.rules.decisions import Remedy
from bot.rules.wording import NamedAmount, amounts_in


def amounts_agree(text: str, remedy: Remedy | None, language: str) -> bool:
    """Whether every amount the text promises to give is the remedy's amount.

    Only the amount nearest to words of giving counts, in the same sentence: "of the 998 kr. you paid I am
    sending 499 kr. back" promises 499. A text that promises no amount agrees with everything; one that
    promises an amount without a remedy agrees with nothing.
    """
    promised = list(_promised(text, language))
    if not promised:
        return True
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return False
    value = Decimal(remedy.amount_minor).scaleb(-get_currency_precision(remedy.currency))
    return all(
        amount.value == value and _same_currency(amount.currency, remedy.currency) for amount in promised
    )


def _promised(text: str, language: str) -> Iterator[NamedAmount]:
    gives = _GIVES.get(language, _GIVES["en"])
    for sentence in _SENTENCE_END.split(_WRITES_BACK.sub("", text)):
        amounts = list(amounts_in(sentence))
        for words in gives.finditer(sentence) if amounts else ():
            yield _nearest(amounts, words)


def _nearest(amounts: list[NamedAmount], words: re.Match[str]) -> NamedAmount:
    return min(amounts, key=lambda amount: max(amount.start - words.end(), words.start() - amount.end))


def _same_currency(named: str | None, currency: str) -> bool:
    """A bare "kr" is any krone: which one, the customer knows from the order."""
    return named == currency or (named is None and currency in ("DKK", "NOK", "SEK", "ISK"))


_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÆØÅÄÖ])|\n\s*\n")
#: Coming back to somebody with an answer gives no money back.
_WRITES_BACK = re.compile(
    r"\b(?:vender|skriver?|ringer|kommer|svarer|get|come|write|writing|call|hear)\b"
    r"[^.!?\n]{0,20}?\b(?:tilbage|tilbake|attende|tillbaka|back)\b",
    re.IGNORECASE,
)
_GIVES = {
    language: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for language, words in {
        "da": r"tilbage\w*|retur\b|refunder\w*|refusion|godskriv\w*|frigiv\w*|kompens\w*|giver dig",
        "nb": r"tilbake\w*|refunder\w*|refusjon\w*|krediter\w*|frigi\w*|kompens\w*|gir deg",
        "nn": r"tilbake\w*|attende\w*|refunder\w*|refusjon\w*|krediter\w*|frigje\w*|kompens\w*|gjev deg",
        "sv": r"tillbaka\w*|återbetal\w*|krediterar?\b|frigör\w*|släpper|kompens\w*|ger dig",
        "en": r"refund\w*|back\b|reimburs\w*|releas\w*|credit(?:ing|ed)\b|compensat\w*|giv(?:e|ing) you",
    }.items()
}
