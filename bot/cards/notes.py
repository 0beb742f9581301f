"""Short words to colleagues: a note in a card's thread, and the alarm about a message that failed."""

from bot.cards.elements import context, leaf, mrkdwn, preformatted, rich_text, section, user_leaf
from bot.cards.shapes import Card
from bot.cards.texts import escaped, is_slack_user, line, passage, person


def note(text: str, mention: str) -> Card:
    """A note that needs a person, or nobody in particular where `mention` is empty."""
    shown = passage(text, 2900)
    if not is_slack_user(mention):
        return Card(escaped(shown), [rich_text(leaf(shown))])
    return Card(
        f"{person(mention)} {escaped(shown, 3800)}", [rich_text(user_leaf(mention), leaf(f" {shown}"))]
    )


def quarantine_alert(quarantine_id: int, error: str) -> Card:
    """Tells the operators that one message waits for a fix; only the last line of the error is shown."""
    lines = [one for one in error.splitlines() if one.strip()]
    what = line(lines[-1] if lines else "", 300, otherwise="no error text")
    lead = f"Message {quarantine_id} could not be worked through. It is kept whole, and all others go on."
    command = f"tillid replay {quarantine_id}"
    blocks = [
        section(f"*{lead}*"),
        preformatted(what),
        context(mrkdwn(f"Fix the cause, then run `{command}`.")),
    ]
    return Card(f"{lead} {escaped(what)} Fix the cause, then run {command}.", blocks)
