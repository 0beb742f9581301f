"""Which of our own mails answered which mail of a customer."""

import re
from collections.abc import Iterator, Sequence

from bot.messages import IncomingMessage

#: What mail programs put before the subject of an answer, once or again and again.
_ANSWER_MARK = re.compile(r"^(?:(?:re|sv|vs|aw|antw|svar)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def match_answers(messages: Sequence[IncomingMessage]) -> dict[int, int]:
    """Place of a customer's mail -> place of our first answer to it, in mails ordered by time.

    Found by In-Reply-To; else as an earlier mail of the answered thread; else, where the answer names no mail at
    all, by address and subject.
    """
    found: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for place, each in enumerate(messages):
        if each.automatic is None and each.message_id:
            places.setdefault(each.message_id, []).append(place)
    ours = [place for place, each in enumerate(messages) if each.automatic == "own"]
    for answer in ours:
        each = messages[answer]
        for message_id in each.in_reply_to or each.references[-1:]:
            for place in places.get(message_id, ()):
                found.setdefault(place, answer)
    for answer in ours:
        each = messages[answer]
        for message_id in each.references:
            for place in places.get(message_id, ()):
                found.setdefault(place, answer)
    for place, answer in _by_subject(messages):
        found.setdefault(place, answer)
    return found


def _by_subject(messages: Sequence[IncomingMessage]) -> Iterator[tuple[int, int]]:
    """What some ticket systems send: an answer without a word of which mail it answers."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for place, each in enumerate(messages):
        subject = _subject(each)
        if not subject:
            continue
        if each.automatic is None:
            waiting.setdefault((each.sender, subject), []).append(place)
        elif each.automatic == "own" and not (each.in_reply_to or each.references):
            for address in each.to:
                yield from ((earlier, place) for earlier in waiting.pop((address, subject), ()))


def _subject(message: IncomingMessage) -> str:
    return " ".join(_ANSWER_MARK.sub("", message.subject.strip()).casefold().split())
