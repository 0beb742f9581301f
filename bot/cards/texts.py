"""Making other people's words safe to show: cleaned, cut to what Slack takes, escaped where it reads markup.

Lengths are counted in UTF-16 units, the longest way anybody counts: what fits here fits everywhere.
"""

import re
from datetime import UTC, date, datetime

from babel.dates import format_date

from bot.speech import say, spoken

ELLIPSIS = "…"
#: chat.update refuses more than 4,000 in the top-level text.
MOST_TEXT = 3900

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NEW_LINE = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
#: Here the day of a date is an ordinal: 4. marts.
_ORDINAL_DAYS = ("da", "nb")


def clean(text: str) -> str:
    """`text` without what cannot be seen or turns text around: controls, bidi overrides, surrogates."""
    return _UNSHOWABLE.sub("", _SURROGATE.sub("\ufffd", _NEW_LINE.sub("\n", text)))


def width(text: str) -> int:
    """UTF-16 units: an emoji counts as two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, most: int) -> str:
    """`text` if it fits into `most` units, else its beginning with an ellipsis."""
    return text if width(text) <= most else beginning(text, most - 1).rstrip(" \n\t\u200d") + ELLIPSIS


def beginning(text: str, most: int) -> str:
    """As many whole characters from the start of `text` as fit into `most` units."""
    used = 0
    for index, character in enumerate(text):
        used += width(character)
        if used > most:
            return text[:index]
    return text


def line(text: str, most: int, *, otherwise: str = "") -> str:
    """`text` on one line of at most `most` units; `otherwise` where there is nothing to show."""
    return cut(" ".join(clean(text).split()), most) or otherwise


def passage(text: str, most: int, *, otherwise: str | None = None) -> str:
    """`text` in its own lines, at most one empty line in a row, at most `most` units.

    Never empty: without `otherwise` it says that there is no text.
    """
    tidy = re.sub(r"\n[ \t]*(?:\n[ \t]*){2,}", "\n\n", clean(text)).strip()
    return cut(tidy, most) or (say("(no text)") if otherwise is None else otherwise)


def escaped(text: str, most: int = MOST_TEXT) -> str:
    """`text` with the three characters Slack reads as markup written out, at most `most` units after that."""
    whole = _escape(text)
    if width(whole) <= most:
        return whole
    used, kept = 0, []
    for character in text:
        written = _ENTITIES.get(character, character)
        used += width(written)
        if used > most - 1:
            break
        kept.append(written)
    return "".join(kept).rstrip() + ELLIPSIS


def _escape(text: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in text)


def is_slack_user(slack_id: str) -> bool:
    """Whether this can be a user id of Slack's."""
    return _SLACK_USER.fullmatch(slack_id) is not None


def person(slack_id: str, *, otherwise: str | None = None) -> str:
    """A mention for mrkdwn; what is no user id is shown as the text it is, nothing as "a colleague"."""
    if is_slack_user(slack_id):
        return f"<@{slack_id}>"
    unknown = say("a colleague") if otherwise is None else otherwise
    return escaped(line(slack_id, 40, otherwise=unknown), 60)


def instant(at: datetime) -> str:
    """A moment for mrkdwn, shown to each reader in their own time zone. `at` is aware."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{spelled(at)}>"


def spelled(at: datetime) -> str:
    """A moment in UTC, for where Slack does not turn dates into local time."""
    utc = at.astimezone(UTC)
    return f"{day_in_words(utc, 'd MMM y')} {utc:%H:%M} UTC"


def day_in_words(day: date, pattern: str = "d MMMM y") -> str:
    """ "4 March 2026" in the reader's language; `pattern` as CLDR writes them, the day of the month as d.

    Of a datetime it is the day on its own wall.
    """
    if spoken() in _ORDINAL_DAYS:
        pattern = re.sub(r"\bd\b", "d.", pattern)
    return format_date(day, pattern, locale=spoken())


def link(url: str, label: str) -> str:
    """A link for mrkdwn, or the label alone where `url` is none a browser should open."""
    if not re.fullmatch(r"https?://[^\s<>|]{1,500}", url):
        return escaped(label)
    return f"<{_escape(url)}|{escaped(label).replace('|', '/')}>"


def sentence(text: str) -> str:
    """`text` with a full stop where it does not end in a mark of its own."""
    return text if text.endswith((".", "?", "!", ELLIPSIS)) else f"{text}."


def capitalized(text: str) -> str:
    """`text` with its first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalized(text: str) -> str:
    """`text` with its first letter small, for within a sentence; a word of one letter or of capitals stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def quoted(words: str) -> str:
    """`words` in the quotation marks of the reader's language."""
    return say("“{words}”", words=words)
