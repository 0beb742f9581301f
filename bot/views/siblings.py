"""A draft in the agent's own language: to understand what it says before it goes in the customer's."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.drafting import YOUR_NAME, written
from bot.errors import ConfigError
from bot.house import ANSWERED, House
from bot.rules.wording import format_day
from bot.speech import say
from storage.tables import Suggestion

#: The days that a letter may name, counted from when it was drafted.
NAMED_DAYS = range(-60, 120)
#: The customer's own word for the thing has no place in another language.
UNTRANSLATED = {"noun": ""}


def own_language(house: House, speaks: Collection[str], theirs: str, chosen: str = "") -> str:
    """The language to show a draft in: the one they chose for what only they read, else one they answer in.

    Never the one it is written in.
    """
    wanted = [each for each in (chosen, *sorted(speaks), house.language, "en", "da") if each in ANSWERED]
    return next(each for each in wanted if each != theirs)


def sibling(house: House, suggestion: Suggestion, language: str) -> str:
    """The same letter in `language`; empty where there is no letter, or it does not work in that language."""
    if suggestion.template is None or not suggestion.text:
        return ""
    context = _in(suggestion.context, suggestion.language, language, suggestion.created_at)
    try:
        rendered, _ = written(house, suggestion.template, language, context)
    except ConfigError:
        return ""
    return rendered.text.replace(YOUR_NAME, say("[your name]"))


def _in(context: Mapping[str, Any], before: str, after: str, now: datetime) -> dict[str, Any]:
    """What the letter was given, its days written as in the other language."""
    days = [now + timedelta(days=number) for number in NAMED_DAYS]
    named = {format_day(each, before, now): format_day(each, after, now) for each in days}
    told = {
        key: named.get(value, value) if isinstance(value, str) else value for key, value in context.items()
    }
    return {**told, **{key: value for key, value in UNTRANSLATED.items() if key in told}}
