"""A question in plain words -> a figure and a period, from a closed set. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.speech import say


class Topic(StrEnum):
    """What can be asked about."""

    EVERYTHING = "everything"
    CONVERSATIONS = "conversations"
    FIRST_ANSWER = "first answer"
    SUGGESTIONS = "suggestions"
    REFUNDS = "refunds"
    FOLLOW_UPS = "follow-ups"


class Period(StrEnum):
    """Since when."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


#: Words that name a topic; the Nordic ones too, because managers ask as they speak.
TOPICS = {
    Topic.CONVERSATIONS: (
        "conversation conversations case cases volume sag sager sak saker henvendelse henvendelser "
        "førespurnad førespurnader ärende ärenden"
    ),
    Topic.FIRST_ANSWER: (
        "answer answers response time wait waiting fast quick svar svartid svartider svarstid svarstider "
        "ventetid ventetider väntetid väntetider"
    ),
    Topic.SUGGESTIONS: "suggestion suggestions draft drafts edited dismissed wording forslag utkast förslag framlegg",
    Topic.REFUNDS: (
        "refund refunds money penge penger pengar refusion refusioner refusjon refusjoner refusjonar "
        "tilbagebetaling tilbagebetalinger tilbakebetaling tilbakebetalinger tilbakebetalingar "
        "återbetalning återbetalningar"
    ),
    Topic.FOLLOW_UPS: (
        "follow-up follow-ups followup followups follow opfølgning opfølgninger oppfølging oppfølginger "
        "oppfølgingar uppföljning uppföljningar"
    ),
}
PERIODS = {
    Period.TODAY: "today day i-dag idag dag dagen dagens",
    Period.WEEK: "week weekly uge ugen ugens uke uken ukens veke veka vecka veckan veckans",
    Period.MONTH: "month monthly måned måneden månad månaden månadens",
}
_SMALL_WORDS = (
    "how many much long did we do does is are the a an of in on for this and our what were was have "
    "i to per up ups stats numbers figures please show me sent give gave given back been has until first "
    "hvor mange meget lang hur många mycket lång kor mykje denne denna dette den det her här så er är "
    "har vi blev vart blitt givet gitt gjett sendt skickat talt tal tall första første "
)
FILLER = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and since when."""

    topic: Topic = Topic.EVERYTHING
    period: Period = Period.TODAY


class UnknownQuestion(ValueError):
    """Not understood; `nearest` are questions that would be."""

    def __init__(self, words: str, nearest: tuple[str, ...]) -> None:
        super().__init__(
            say(
                "I don't understand “{words}”. You can ask: {questions}.",
                words=words,
                questions="; ".join(nearest),
            )
        )
        self.nearest = nearest


EXAMPLES = ("stats today", "refunds this week", "first answer month", "follow-ups week", "suggestions today")


def parse(text: str) -> Question:
    """Read a question; nothing at all is everything, today. Raises UnknownQuestion with the nearest ones."""
    words = [word.strip("?!.,:;\"'") for word in text.lower().split()]
    topic, period = Topic.EVERYTHING, Period.TODAY
    for word in filter(None, words):
        topics = [each for each, names in TOPICS.items() if word in names.split()]
        periods = [each for each, names in PERIODS.items() if word in names.split()]
        if topics:
            topic = topics[0] if topic is Topic.EVERYTHING else topic
        elif periods:
            period = periods[0]
        elif word not in FILLER:
            raise UnknownQuestion(text.strip(), _nearest(word))
    return Question(topic, period)


def _nearest(word: str) -> tuple[str, ...]:
    names = {name: topic for topic, known in TOPICS.items() for name in known.split()}
    close = [names[each] for each in get_close_matches(word, names, n=3, cutoff=0.6)]
    return tuple(dict.fromkeys(f"{topic.value} this week" for topic in close)) or EXAMPLES


def bounds(period: Period, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The period's first moment in the house's own day, and now. A week starts on Monday."""
    today = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    start = {
        Period.TODAY: today,
        Period.WEEK: today - timedelta(days=today.weekday()),
        Period.MONTH: today.replace(day=1),
    }[period]
    return start.astimezone(now.tzinfo), now + timedelta(microseconds=1)
