"""What a command answers: the help, the queue, and the follow-ups that are due."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, header, mrkdwn, paragraph, section
from bot.cards.shapes import Block, Card, DueRow, QueueRow
from bot.cards.texts import escaped, instant, line, link, person
from bot.speech import mark, say, say_number

MOST_ROWS = 10
#: Word, what it does, whether it works yet, and whether it needs a lead.
COMMANDS = (
    ("help", mark("what you can ask for"), True, False),
    ("next", mark("the next case for you"), True, False),
    ("queue", mark("who waits for an answer, longest first"), True, False),
    ("due", mark("follow-ups that are due"), True, False),
    ("stats", mark("figures, such as stats refunds this week"), True, False),
    ("whoami", mark("your role here, and why"), True, False),
    ("status", mark("whether everything runs"), True, False),
    ("watch", mark("answer customers in a channel"), True, True),
    ("unwatch", mark("stop answering in a channel"), True, True),
    ("ask", mark("a question in your own words"), False, False),
    ("customer", mark("what we know of a customer"), True, False),
    ("authority", mark("what you may give without asking"), False, False),
    ("template", mark("the wording of a letter"), True, True),
    ("away", mark("hand your cases over for a while, such as away until Monday @colleague"), True, False),
    ("quiet", mark("no reminders for a while, such as quiet 2h"), True, False),
)
#: Rows of `due` that are no follow-ups.
PROMISES = ("promise", "broken_promise")
_ROLES = {"agent": mark("agent"), "lead": mark("lead"), "manager": mark("manager")}


def help_card(role: str) -> Card:
    """What `role` (agent, lead or manager) can ask for; everybody else reads what this program is for."""
    if role not in _ROLES:
        said = say("Tillid drafts answers to customers for the support team to review. It is theirs to use.")
        return Card(said, [paragraph(said)])
    mine = [command for command in COMMANDS if role != "agent" or not command[3]]
    working = [f"`/tillid {word}` {say(does)}" for word, does, works, _ in mine if works]
    coming = ", ".join(word for word, _, works, _ in mine if not works)
    you = say(
        "You are here as {role}. Replies are reviewed and sent from their cards.", role=say(_ROLES[role])
    )
    blocks = [
        header(say("What you can ask for")),
        section("\n".join(working)),
        context(say("Not working yet: {commands}", commands=coming)),
        context(you),
    ]
    words = ", ".join(word for word, _, works, _ in mine if works)
    said = say("You can ask /tillid for: {words}. Not working yet: {coming}.", words=words, coming=coming)
    return Card(said, blocks)


def queue(rows: Sequence[QueueRow]) -> Card:
    """Who waits for us, in the order given; the first ten are shown."""
    if not rows:
        return _nothing(say("Nobody waits for an answer."))
    lead = say_number(
        len(rows), "{number} customer waits for an answer", "{number} customers wait for an answer"
    )
    entries = [_row(row.link, row.customer_name, row.headline, _queue_marks(row)) for row in rows[:MOST_ROWS]]
    first = rows[0]
    said = _first(first.customer_name, first.headline)
    return Card(escaped(f"{lead}. {said}"), [header(lead), *entries, *_more(len(rows))])


def due(rows: Sequence[DueRow]) -> Card:
    """Which follow-ups and promises are due, in the order given; the first ten are shown."""
    if not rows:
        return _nothing(say("No follow-up is due."))
    promised = sum(row.kind in PROMISES for row in rows)
    lead = _how_many_due(len(rows) - promised, promised)
    entries = [
        _row(
            row.link, row.customer_name, labels.named(labels.FOLLOW_UPS, line(row.kind, 40)), _due_marks(row)
        )
        for row in rows[:MOST_ROWS]
    ]
    said = _first(rows[0].customer_name, rows[0].why)
    return Card(escaped(f"{lead}. {said}"), [header(lead), *entries, *_more(len(rows))])


def _how_many_due(follow_ups: int, promises: int) -> str:
    if not promises:
        return say_number(follow_ups, "{number} follow-up due", "{number} follow-ups due")
    if not follow_ups:
        return say_number(promises, "{number} promise due", "{number} promises due")
    return say(
        "{follow_ups} and {promises} due",
        follow_ups=say_number(follow_ups, "{number} follow-up", "{number} follow-ups"),
        promises=say_number(promises, "{number} promise", "{number} promises"),
    )


def _nothing(said: str) -> Card:
    return Card(said, [paragraph(said)])


def _who(name: str, about: str) -> str:
    shown = line(name, 80, otherwise=say("a customer"))
    words = line(say(about), 150)
    return f"{shown}, {words}" if words else shown


def _first(name: str, about: str) -> str:
    # What a promise says ends in a mark of its own.
    return say("First: {who}.", who=_who(name, about).rstrip(".?!…"))


def _row(url: str, name: str, about: str, marks: list[Block | str]) -> Block:
    who = line(_who(name, about), 200)
    opening = mrkdwn(link(url, say("Open"))) if url else ""
    return context(who, *marks, opening)


def _queue_marks(row: QueueRow) -> list[Block | str]:
    return [
        labels.named(labels.CHANNELS, line(row.channel, 20)),
        mrkdwn(say("waiting since {when}", when=instant(row.waiting_since))),
        say("Urgent") if row.urgent else "",
        mrkdwn(say("with {who}", who=person(row.assigned_to))) if row.assigned_to else "",
    ]


def _due_marks(row: DueRow) -> list[Block | str]:
    return [
        _due_on(row),
        line(say(row.why), 150),
        mrkdwn(say("with {who}", who=person(row.assigned_to))) if row.assigned_to else "",
    ]


def _due_on(row: DueRow) -> Block | str:
    if row.day:
        return say("due {when}", when=line(row.day, 60))
    return mrkdwn(say("due {when}", when=instant(row.due_at)))


def _more(number: int) -> list[Block]:
    return [context(say("And {number} more", number=number - MOST_ROWS))] if number > MOST_ROWS else []
