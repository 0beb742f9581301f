"""What we promised, in one line of a card, with the press that says it was kept."""

from bot.cards.elements import button, mrkdwn, pressed_on
from bot.cards.shapes import Block, PromiseLine
from bot.cards.texts import escaped, line

_MOST_SENTENCE = 140


def promise_line(promise: PromiseLine | None) -> list[Block]:
    """The soonest promise of the case that is open."""
    if promise is None:
        return []
    lead = "Promised for" if not promise.is_broken else "Broken: promised for"
    more = f" _and {promise.others} more_" if promise.others else ""
    text = f"*{lead} {escaped(line(promise.until, 60))}:* {escaped(line(promise.sentence, _MOST_SENTENCE))}{more}"
    kept = button("Kept", "promise_kept", pressed_on(p=promise.promise_id))
    return [
        {
            "type": "section",
            "block_id": f"promise:{promise.promise_id}",
            "text": mrkdwn(text),
            "accessory": kept,
        }
    ]
