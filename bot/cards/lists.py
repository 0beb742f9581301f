"""What a command answers: the help, the queue, and the follow-ups that are due."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, header, mrkdwn, paragraph, section
from bot.cards.shapes import Block, Card, DueRow, QueueRow
from bot.cards.texts import counted, escaped, instant, line, link, person

MOST_ROWS = 10
#: Word, what it does, whether it works yet, and whether it needs a lead.
COMMANDS = (
    ("help", "what you can ask for", True, False),
    ("next", "the next case for you", True, False),
    ("queue", "who waits for an answer, longest first", True, False),
    ("due", "follow-ups that are due", True, False),
    ("stats", "figures, such as stats refunds this week", True, False),
    ("whoami", "your role here, and why", True, False),
    ("status", "whether everything runs", True, False),
    ("watch", "answer customers in a channel", True, True),
    ("unwatch", "stop answering in a channel", True, True),
    ("ask", "a question in your own words", False, False),
    ("customer", "what we know of a customer", True, False),
    ("authority", "what you may give without asking", False, False),
    ("template", "the wording of a letter", True, True),
    ("away", "hand your cases over for a while, such as away until Monday @colleague", True, False),
    ("quiet", "no reminders for a while, such as quiet 2h", True, False),
)
#: Rows of `due` that are no follow-ups.
PROMISES = ("promise", "broken_promise")
_ROLES = {"agent", "lead", "manager"}


def help_card(role: str) -> Card:
    """What `role` (agent, lead or manager) can ask for; everybody else reads what this program is for."""
    if role not in _ROLES:
        said = "Tillid drafts answers to customers for the support team to review. It is theirs to use."
        return Card(said, [paragraph(said)])
    mine = [command for command in COMMANDS if role != "agent" or not command[3]]
    working = [f"`/tillid {word}` {says}" for word, says, works, _ in mine if works]
    coming = ", ".join(word for word, _, works, _ in mine if not works)
    blocks = [
        header("What you can ask for"),
        section("\n".join(working)),
        context(f"Not working yet: {coming}"),
        context(f"You are here as {role}. Replies are reviewed and sent from their cards."),
    ]
    words = ", ".join(word for word, _, works, _ in mine if works)
    return Card(f"You can ask /tillid for: {words}. Not working yet: {coming}.", blocks)


def queue(rows: Sequence[QueueRow]) -> Card:
    """Who waits for us, in the order given; the first ten are shown."""
    if not rows:
        return _nothing("Nobody waits for an answer.")
    lead = f"{_customers(len(rows))} for an answer"
    entries = [_row(row.link, row.customer_name, row.headline, _queue_marks(row)) for row in rows[:MOST_ROWS]]
    first = rows[0]
    said = f"{lead}. First: {_who(first.customer_name, first.headline)}."
    return Card(escaped(said), [header(lead), *entries, *_more(len(rows))])


def due(rows: Sequence[DueRow]) -> Card:
    """Which follow-ups and promises are due, in the order given; the first ten are shown."""
    if not rows:
        return _nothing("No follow-up is due.")
    promised = sum(row.kind in PROMISES for row in rows)
    numbers = ((len(rows) - promised, "follow-up"), (promised, "promise"))
    lead = f"{' and '.join(counted(number, noun) for number, noun in numbers if number)} due"
    entries = [
        _row(
            row.link, row.customer_name, labels.named(labels.FOLLOW_UPS, line(row.kind, 40)), _due_marks(row)
        )
        for row in rows[:MOST_ROWS]
    ]
    said = f"{lead}. First: {_who(rows[0].customer_name, rows[0].why)}."
    return Card(escaped(said), [header(lead), *entries, *_more(len(rows))])


def _nothing(said: str) -> Card:
    return Card(said, [paragraph(said)])


def _customers(number: int) -> str:
    return "1 customer waits" if number == 1 else f"{number} customers wait"


def _who(name: str, about: str) -> str:
    shown = line(name, 80, otherwise="a customer")
    words = line(about, 150)
    return f"{shown}, {words}" if words else shown


def _row(url: str, name: str, about: str, marks: list[Block | str]) -> Block:
    who = line(_who(name, about), 200)
    opening = mrkdwn(link(url, "Open")) if url else ""
    return context(who, *marks, opening)


def _queue_marks(row: QueueRow) -> list[Block | str]:
    return [
        labels.named(labels.CHANNELS, line(row.channel, 20)),
        mrkdwn(f"waiting since {instant(row.waiting_since)}"),
        "Urgent" if row.urgent else "",
        mrkdwn(f"with {person(row.assigned_to)}") if row.assigned_to else "",
    ]


def _due_marks(row: DueRow) -> list[Block | str]:
    return [
        f"due {line(row.day, 60)}" if row.day else mrkdwn(f"due {instant(row.due_at)}"),
        line(row.why, 150),
        mrkdwn(f"with {person(row.assigned_to)}") if row.assigned_to else "",
    ]


def _more(number: int) -> list[Block]:
    return [context(f"And {number - MOST_ROWS} more")] if number > MOST_ROWS else []
