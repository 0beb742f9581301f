"""The words an answer of ours is checked for: dates, apologies, questions, who speaks. All languages at once.

A check that finds a word of another language does no harm; one that misses a mixed text would.
"""

import re
from functools import cache

from babel.dates import get_day_names, get_month_names

_LOCALES = ("da", "nb", "nn", "sv", "en")
_RELATIVE_DAYS = (
    r"i ?dag|i ?morgen|i ?morgon|i ?kveld|i ?aften|i ?kväll|overmorgen|overimorgen|overmorgon|övermorgon"
    r"|today|tomorrow|tonight"
)
_NUMERIC_DATE = r"\b\d{1,2}[./]\s?\d{1,2}\b(?!\s?(?:kr|euro))"
_APOLOGY = re.compile(
    r"\b(?:undskyld\w*|beklager|beklagar|unnskyld\w*|orsak|tilgi|tilgje|lei (?:for|meg)|ked af|förlåt\w*"
    r"|ursäkt\w*|ledsen|sorry|apologi[sz]e\w*|apolog(?:y|ies))\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:hvornår|når tid|når|kva tid|när|hur länge|hvor længe|hvor lenge|when|how long)\b", re.IGNORECASE
)
_HOW_MUCH = re.compile(r"\b(?:hvor meget|hvor mye|kor mykje|hur mycket|how much)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:vi|we)\b", re.IGNORECASE)
#: "I dag" and the Danish plural "I" are no English I.
_ONE_PERSON = {
    "da": re.compile(r"\b(?:jeg|mig|min|mit|mine)\b", re.IGNORECASE),
    "nb": re.compile(r"\b(?:jeg|meg|min|mitt|mine)\b", re.IGNORECASE),
    "nn": re.compile(r"\b(?:eg|meg|min|mitt|mine)\b", re.IGNORECASE),
    "sv": re.compile(r"\b(?:jag|mig|min|mitt|mina)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:I|I['’](?:m|ll|ve|d)|me|my)\b"),
}
#: What customers are asked for although we often know it, in words of all our languages.
_ASKED_FOR = {
    "order number": r"(?:ordre|order|bestillings?|beställnings?)[- ]?(?:nummer\w*|numret|nr|number|no)",
    "mail address": r"(?:e-?mail|e-?post|mail|mejl)[- ]?(?:adress\w*|address)"
    r"|(?:din|dit|deres|your|ditt) e-?(?:mail|post)",
    "name": r"(?:dit|ditt|your)(?: fulde| fulle| full)? (?:navn|namn|name)|navnet ditt|namnet ditt",
    "thing they bought": r"(?:hvilken|hvilket|hvilke|kva|vilken|vilket|vilka|which|what)"
    r" (?:vare|varer|produkt|produkter|vara|varor|product|products|item|items|article)\b",
}
_KNOWN = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _ASKED_FOR.items()}
_ASKING = re.compile(
    r"\?|\b(?:send|sende|skriv|skrive|oplys\w*|opgiv\w*|oppgi\w*|oppgje\w*|uppge\w*|angiv\w*|ange|skicka|provide|share"
    r"|tell|need|brug for|behøver|trenger|treng|behöver)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")
#: So many first letters tell two words apart and forgive their endings.
_STEM_LETTERS = 5
_QUESTION_WORDS = """
    hvad hvem hvor hvordan hvorfor hvornår hvilken hvilket hvilke hva kva kven korleis kvifor kvar vad varför
    vilken vilket vilka när what which when where whose does have will would could should there this that with
    your from about been they them skal ville kunne skulle havde været være blive bliver blev jeres deres
    eller ikke noget nogen også bare mere meget hatt vært blir dere noen eit vore verte dykk noko nokon
    kunde vara varit inte också något någon mina mitt denne dette disse detta dessa kommer please tack takk
"""
#: "Can you help me?" is answered by helping.
_HELP_WORDS = (
    "hjælpe hjælp hjælper hjelpe hjelp hjelper hjelpa hjälpa hjälp hjälper help assist assistance venligst vennligst "
    "snälla please lige gerne gjerne gärna se kigge kikke kika look sjekke tjekke kolla check svare svara reply"
)
_EMPTY_WORDS = frozenset((_QUESTION_WORDS + " " + _HELP_WORDS).split())


def has_date(text: str) -> bool:
    """Whether the text names a day somebody could wait for."""
    return _dates().search(text) is not None


def has_apology(text: str) -> bool:
    """Whether the text says sorry."""
    return _APOLOGY.search(text) is not None


def asks_when(question: str) -> bool:
    """Whether a day or a stretch of time would answer it."""
    return _WHEN.search(question) is not None


def asks_how_much(question: str) -> bool:
    """Whether an amount would answer it."""
    return _HOW_MUCH.search(question) is not None


def asked_for(text: str) -> frozenset[str]:
    """What a sentence wants from the customer: order number, mail address, name, thing they bought."""
    sentences = [match.group() for match in _SENTENCE.finditer(text)]
    asking = [sentence for sentence in sentences if _ASKING.search(sentence)]
    return frozenset(
        name for name, words in _KNOWN.items() if any(words.search(sentence) for sentence in asking)
    )


def speaks_only_as_we(text: str, language: str) -> bool:
    """Whether nobody in the text says I, but a firm says we."""
    one_person = _ONE_PERSON.get(language, _ONE_PERSON["en"])
    return _WE.search(text) is not None and one_person.search(text) is None


def ends_with_question(text: str) -> bool:
    """Whether one of the last two paragraphs asks something; the very last may be the signature."""
    paragraphs = [paragraph for paragraph in re.split(r"\n\s*\n", text.strip()) if paragraph.strip()]
    return any("?" in paragraph for paragraph in paragraphs[-2:])


def topics(text: str) -> frozenset[str]:
    """The beginnings of the words that carry meaning, for comparing a question with an answer."""
    words = _CONTENT_WORD.findall(text.casefold())
    return frozenset(word[:_STEM_LETTERS] for word in words if word not in _EMPTY_WORDS)


@cache
def _dates() -> re.Pattern[str]:
    days = {name for locale in _LOCALES for name in get_day_names("wide", locale=locale).values()}
    months = {name for locale in _LOCALES for name in get_month_names("wide", locale=locale).values()}
    named_date = rf"\b\d{{1,2}}\.? (?:{'|'.join(sorted(months))})\b"
    named_day = rf"\b(?:{'|'.join(sorted(days))}|sundag)\b"
    return re.compile(rf"{named_day}|{named_date}|\b(?:{_RELATIVE_DAYS})\b|{_NUMERIC_DATE}", re.IGNORECASE)
