"""The sentences that ask something: each one wants an answer."""

from collections.abc import Mapping, Sequence

from bot.rules.matching import Match
from bot.rules.words import Wording

_MOST = 20
_LONGEST = 400


def read_questions(wording: Wording, found: Mapping[str, Sequence[Match]]) -> tuple[str, ...]:
    """As the customer wrote them, in order, none twice: with a question mark, or worded as a question."""
    asking = {match.sentence for match in found.get("tone.question", ())}
    telling = {match.sentence for match in found.get("tone.statement", ())}
    questions: dict[str, None] = {}
    for index, sentence in enumerate(wording.sentences):
        if sentence.start < wording.body_start and wording.answers:
            continue
        if sentence.mark == "?" or (index in asking and index not in telling):
            questions.setdefault(" ".join(wording.text[sentence.start : sentence.end].split())[:_LONGEST])
    return tuple(questions)[:_MOST]
