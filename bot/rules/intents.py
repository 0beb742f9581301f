"""What the customer may want: cues weighed per intent, pairs that are easily mixed up set apart."""

import math
from collections.abc import Iterable, Mapping, Sequence

from bot.rules.facts import Intent
from bot.rules.feelings import is_outburst
from bot.rules.matching import Match
from bot.rules.scores import NO_SCORES, Scores
from bot.rules.topics import INTENTS
from bot.rules.words import Wording

#: Each further cue of an intent says less than the one before.
_FADING = 0.6
#: The subject of an answer speaks of what was written before.
_OLD_SUBJECT = 0.5
#: Points that make a second wish worth showing, alone and beside the first one.
_SECOND, _SECOND_SHARE = 1.9, 0.34
_LEAST = 0.9
#: How much a point of the cues weighs beside a model's share, and the most points that count there: chosen on
#: messages that neither those who wrote the cues nor the model had seen.
_CUE_WEIGHT, _CUE_MOST = 0.4, 4.0
#: The share that makes a second wish worth showing.
_SECOND_SHARE_OF_ALL = 0.2
#: The same for one that a cue names as well: together right two times in three, the share alone less than half.
_NAMED, _NAMED_SHARE = 1.0, 0.1
_LOWEST_SHARE = 1e-4
#: How sure it is that a few unhappy words complain of us; what of, is to be asked.
_OUTBURST_CONFIDENCE = 0.6
_MOST = 5
_BECAUSE = 4
#: (stronger, weaker, what is left of the weaker): both are found, the first explains the second.
MIXED_UP: tuple[tuple[str, str, float], ...] = (
    ("duplicate_fee", "double_charge", 0.3),
    ("duplicate_fee", "billing_question", 0.5),
    ("double_charge", "billing_question", 0.5),
    ("double_charge", "return", 0.4),
    ("double_charge", "refund_status", 0.5),
    ("data_request", "account_access", 0.4),
    ("data_request", "cancellation", 0.6),
    ("refund_status", "return", 0.5),
    ("refund_status", "late_delivery", 0.5),
    ("wrong_item", "return", 0.6),
    ("damaged_item", "return", 0.6),
    ("damaged_item", "technical_fault", 0.6),
    ("missing_item", "late_delivery", 0.6),
    ("address_change", "wrong_item", 0.5),
    ("price_discount", "technical_fault", 0.5),
    ("account_access", "technical_fault", 0.6),
    ("product_question", "late_delivery", 0.6),
)


def read_intents(
    wording: Wording, found: Mapping[str, Sequence[Match]], judged: Scores = NO_SCORES
) -> tuple[Intent, ...]:
    """Most likely first, never empty: `other` where nothing speaks for one of the names.

    `judged`: what a model says, moved by the cues. Without it the cues decide alone.
    """
    points = {name: _points(wording, found.get(f"intent.{name}", ())) for name in INTENTS}
    if judged.intents and is_outburst(wording, found):
        return (_complaint(wording, found),)
    if judged.intents:
        return _weighed(points, judged, wording, found)
    _hear_sarcasm(points, found)
    _set_apart(points)
    ranked = sorted((name for name in INTENTS if points[name] >= _LEAST), key=lambda name: -points[name])
    if not ranked:
        return (Intent("other", 0.3),)
    floor = max(_SECOND, points[ranked[0]] * _SECOND_SHARE)
    kept = [name for place, name in enumerate(ranked) if place == 0 or points[name] >= floor][:_MOST]
    return tuple(
        Intent(name, _confidence(points[name]), because(wording, found.get(f"intent.{name}", ())))
        for name in kept
    )


def _weighed(
    points: Mapping[str, float],
    judged: Scores,
    wording: Wording,
    found: Mapping[str, Sequence[Match]],
) -> tuple[Intent, ...]:
    """The model's shares, each multiplied by what the cues say; as sure as the share that comes out."""
    odds = {
        name: max(judged.intents.get(name, 0.0), _LOWEST_SHARE)
        * math.exp(_CUE_WEIGHT * min(points[name], _CUE_MOST))
        for name in INTENTS
    }
    whole = sum(odds.values())
    ranked = sorted(INTENTS, key=lambda name: -odds[name])
    kept = [
        name
        for place, name in enumerate(ranked[:_MOST])
        if place == 0
        or odds[name] >= _SECOND_SHARE_OF_ALL * whole
        or (points[name] >= _NAMED and odds[name] >= _NAMED_SHARE * whole)
    ]
    return tuple(
        Intent(
            name,
            round(min(0.97, odds[name] / whole), 2),
            because(wording, found.get(f"intent.{name}", ())) or judged.because.get(name, ()),
            named=points[name] >= _NAMED,
        )
        for name in kept
    )


def _complaint(wording: Wording, found: Mapping[str, Sequence[Match]]) -> Intent:
    said = [match for topic in ("feeling.angry", "feeling.annoyed") for match in found.get(topic, ())]
    return Intent("service_complaint", _OUTBURST_CONFIDENCE, because(wording, said))


def _points(wording: Wording, matches: Iterable[Match]) -> float:
    weights = []
    against = 0.0
    for match in matches:
        old = wording.answers and match.start < wording.body_start
        weight = match.weight * (_OLD_SUBJECT if old else 1.0)
        if weight < 0:
            against += weight
        else:
            weights.append(weight)
    weights.sort(reverse=True)
    return max(0.0, sum(weight * _FADING**place for place, weight in enumerate(weights)) + against)


def _hear_sarcasm(points: dict[str, float], found: Mapping[str, Sequence[Match]]) -> None:
    """Praise beside disappointment is none ("great service, three weeks and no answer")."""
    bitter = found.get("tone.sarcasm", ())
    if bitter:
        points["service_complaint"] += 1.0 + 1.5 * (points["praise"] > 0)
        points["praise"] = 0.0
    elif found.get("feeling.annoyed") or found.get("feeling.angry"):
        points["praise"] *= 0.3
        # Somebody who is angry and names no matter complains: better than "other".
        points["service_complaint"] += 1.0


def _set_apart(points: dict[str, float]) -> None:
    before = dict(points)
    for stronger, weaker, share in MIXED_UP:
        if before[stronger] >= 2.0 and before[stronger] >= 0.6 * before[weaker]:
            points[weaker] *= share


def _confidence(points: float) -> float:
    return round(min(0.97, 1 - math.exp(-points / 4.0)), 2)


def because(wording: Wording, matches: Iterable[Match]) -> tuple[str, ...]:
    """The customer's own words for the heaviest cues, in the order of the text, none twice."""
    speaking = sorted((match for match in matches if match.weight > 0), key=lambda match: -match.weight)
    spans = sorted((match.start, match.end) for match in speaking[:_BECAUSE])
    words = (" ".join(wording.text[start:end].split())[:120] for start, end in spans)
    return tuple(dict.fromkeys(words))
