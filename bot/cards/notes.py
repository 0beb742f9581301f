"""Short words to colleagues: a note in a card's thread, and the alarm about a message that could not be read."""

from bot.cards.elements import context, leaf, mention, mrkdwn, preformatted, rich_text, section
from bot.cards.shapes import Card
from bot.cards.texts import escaped, is_slack_user, line, passage, person


# `mention` is the contract's name for the person; inside this module it is also the block that names one.
def note(text: str, mention_id: str) -> Card:
    """A note that needs a person, or nobody in particular where `mention_id` is empty."""
    shown = passage(text, 2900)
    if not is_slack_user(mention_id):
        return Card(escaped(shown), [rich_text(leaf(shown))])
    return Card(
        f"{person(mention_id)} {escaped(shown, 3800)}", [rich_text(mention(mention_id), leaf(f" {shown}"))]
    )


def quarantine_alert(quarantine_id: int, error: str) -> Card:
    """Tells the operators that one message waits for a fix; only the last line of the error is shown."""
    lines = [one for one in error.splitlines() if one.strip()]
    what = line(lines[-1] if lines else "", 300, otherwise="no error text")
    lead = f"One message could not be worked through (number {quarantine_id}). It is kept whole; the others go on."
    command = f"tillid replay {quarantine_id}"
    blocks = [
        section(f"*{lead}*"),
        preformatted(what),
        context(mrkdwn(f"Fix the cause, then run `{command}`.")),
    ]
    return Card(f"{lead} {escaped(what)} Fix the cause, then run {command}.", blocks)
