"""What we promised, in one line of a card, with the press that says it was kept."""

from bot.cards.elements import button, mrkdwn, pressed_on
from bot.cards.shapes import Block, PromiseLine
from bot.cards.texts import escaped, line
from bot.speech import say

_MOST_SENTENCE = 140


def promise_line(promise: PromiseLine | None) -> list[Block]:
    """The soonest promise of the case that is open."""
    if promise is None:
        return []
    text = f"*{_lead(promise)}* {escaped(line(promise.sentence, _MOST_SENTENCE), 210)}"
    if promise.others:
        more = say("and {number} more", number=promise.others)
        text = f"{text} _{more}_"
    kept = button(say("Kept"), "promise_kept", pressed_on(p=promise.promise_id))
    return [
        {
            "type": "section",
            "block_id": f"promise:{promise.promise_id}",
            "text": mrkdwn(text),
            "accessory": kept,
        }
    ]


def _lead(promise: PromiseLine) -> str:
    until, first = escaped(line(promise.until, 60), 90), escaped(line(promise.at_first, 60), 90)
    if promise.is_broken and first:
        return say("Broken: promised for {first}, then for {until}:", first=first, until=until)
    if promise.is_broken:
        return say("Broken: promised for {until}:", until=until)
    if first:
        return say("Promised for {first}, moved to {until}:", first=first, until=until)
    return say("Promised for {until}:", until=until)
