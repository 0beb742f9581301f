"""The morning's message to one colleague: how much waits for them today, and where to begin.

It names no customer: a direct message is read on telephones and stays, and somebody may ask to be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.cards.elements import context, header, mrkdwn, section
from bot.cards.shapes import Card
from bot.cards.texts import escaped, instant, line, link, spelled
from bot.speech import say, say_number

When = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Oldest:
    """The case to begin with. `link` leads to its card, or is empty."""

    headline: str
    since: datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one colleague has before them; each link leads to the first card of its kind, or is empty."""

    waiting: int = 0
    oldest: Oldest | None = None
    broken: int = 0
    broken_link: str = ""
    due: int = 0
    due_link: str = ""
    #: Follow-ups that go out by themselves, and those that nobody has set yet.
    going: int = 0
    going_link: str = ""
    unset: int = 0
    unset_link: str = ""
    #: Refunds that wait for a lead's yes.
    asked: int = 0
    asked_link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.waiting or self.broken or self.due or self.going or self.unset or self.asked)


def digest(view: Digest) -> Card:
    """One message a morning; whoever has nothing before them gets none."""
    text = " ".join(said for said, _ in _lines(view, spelled))
    shown = [_shown(said, url) for said, url in _lines(view, instant)]
    about = say(
        "Once each working day, and only when there is something. Your Home shows all of it; `/tillid quiet` stops "
        "this for a while."
    )
    return Card(text, [header(say("Your day")), section("\n".join(shown)), context(mrkdwn(about))])


def _shown(said: str, url: str) -> str:
    return f"• {said} {link(url, say('Open'))}" if url else f"• {said}"


def _lines(view: Digest, when: When) -> list[tuple[str, str]]:
    """Each sentence with the way to its card; what cannot wait comes first."""
    lines = [
        (_broken(view.broken), view.broken_link),
        (_due(view.due), view.due_link),
        (_waiting(view, when), view.oldest.link if view.oldest else ""),
        (_unset(view.unset), view.unset_link),
        (_going(view.going), view.going_link),
        (_asked(view.asked), view.asked_link),
    ]
    return [(said, url) for said, url in lines if said]


def _waiting(view: Digest, when: When) -> str:
    if not view.waiting or view.oldest is None:
        return ""
    return say_number(
        view.waiting,
        "{number} case of yours waits for an answer, since {when}: {about}.",
        "{number} cases of yours wait for an answer, the longest since {when}: {about}.",
        when=when(view.oldest.since),
        about=escaped(line(view.oldest.headline, 120)),
    )


def _broken(number: int) -> str:
    if not number:
        return ""
    return say_number(
        number,
        "{number} promise is broken: write to this customer first.",
        "{number} promises are broken: write to these customers first.",
    )


def _due(number: int) -> str:
    if not number:
        return ""
    return say_number(number, "{number} promise falls due today.", "{number} promises fall due today.")


def _unset(number: int) -> str:
    if not number:
        return ""
    return say_number(
        number,
        "{number} follow-up for today is not set yet: press Follow Up on its card.",
        "{number} follow-ups for today are not set yet: press Follow Up on their cards.",
    )


def _going(number: int) -> str:
    if not number:
        return ""
    return say_number(
        number,
        "{number} follow-up goes out in your name today.",
        "{number} follow-ups go out in your name today.",
    )


def _asked(number: int) -> str:
    if not number:
        return ""
    return say_number(number, "{number} refund waits for a yes.", "{number} refunds wait for a yes.")
