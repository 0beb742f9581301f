"""Short words to colleagues: a note in a card's thread, and the alarm about a message that failed."""

from datetime import datetime

from bot.cards.elements import context, leaf, mrkdwn, preformatted, rich_text, section, user_leaf
from bot.cards.shapes import Card
from bot.cards.texts import escaped, instant, is_slack_user, line, passage, person, sentence
from bot.speech import say


def note(text: str, mention: str) -> Card:
    """A note that needs a person, or nobody in particular where `mention` is empty."""
    shown = passage(text, 2900)
    if not is_slack_user(mention):
        return Card(escaped(shown), [rich_text(leaf(shown))])
    return Card(
        f"{person(mention)} {escaped(shown, 3800)}", [rich_text(user_leaf(mention), leaf(f" {shown}"))]
    )


def mailbox_alert(mailbox: str, reason: str, since: datetime) -> Card:
    """Tells colleagues that a mailbox cannot be read, and why; with an empty reason, that it can again."""
    name = escaped(line(mailbox, 200, otherwise=say("the mailbox")))
    if not reason:
        text = say(
            "The mailbox {mailbox} can be read again. What came meanwhile is being taken in.", mailbox=name
        )
        return Card(text, [section(text)])
    why = escaped(line(say(reason), 300))
    lead = say("The mailbox {mailbox} cannot be read: {reason}.", mailbox=name, reason=why)
    rest = say(
        "Nothing has been taken from it since {when}. Mails wait there, and nothing is lost.",
        when=instant(since),
    )
    return Card(f"{lead} {rest}", [section(f"*{lead}*\n{rest}")])


def quarantine_alert(quarantine_id: int, error: str) -> Card:
    """Tells the operators that one message waits for a fix; only the last line of the error is shown."""
    lines = [one for one in error.splitlines() if one.strip()]
    what = line(lines[-1] if lines else "", 300, otherwise=say("No error text."))
    lead = say(
        "Message {number} could not be worked through. It is kept whole, and all others go on.",
        number=quarantine_id,
    )
    command = f"tillid replay {quarantine_id}"
    blocks = [
        section(f"*{lead}*"),
        preformatted(what),
        context(mrkdwn(_to_do(f"`{command}`"))),
    ]
    return Card(f"{lead} {sentence(escaped(what))} {_to_do(command)}", blocks)


def _to_do(command: str) -> str:
    return say("Fix the cause, then run {command}.", command=command)
