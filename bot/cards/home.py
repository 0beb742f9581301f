"""The App Home: what waits for its reader, most needed first. Under sixty blocks, whatever there is."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, header, mrkdwn, paragraph, section
from bot.cards.home_figures import is_channel, week_blocks
from bot.cards.home_own import language_choice, promised, remarks
from bot.cards.home_rows import listed, more, opening, who
from bot.cards.home_shapes import AskedRefund, HomeView, PlannedRow, SentRow
from bot.cards.shapes import Block, QueueRow
from bot.cards.texts import escaped, instant, line, link, person
from bot.speech import mark, say

MOST_WAITING, MOST_PLANNED, MOST_ASKED, MOST_SENT = 10, 8, 6, 20
#: So many lines share a block.
_TOGETHER = 3


def home(view: HomeView, *, with_table: bool = True) -> Block:
    """The Home tab; equal views give equal tabs. Without the table the figures by channel are lines."""
    blocks = [context(mrkdwn(say("Updated {when}", when=instant(view.updated_at))))]
    match view.role:
        case "agent":
            blocks += _own(view)
        case "lead":
            blocks += [*_asked(view), *_own(view)]
        case "manager":
            blocks += [*week_blocks(view.week, with_table), *_asked(view), *language_choice(view.language)]
        case _:
            blocks = _for_everybody_else()
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def has_table(view: HomeView) -> bool:
    """Whether the Home holds a block that some workspaces do not have yet."""
    return view.role == "manager" and view.week is not None and bool(view.week.channels)


def _own(view: HomeView) -> list[Block]:
    return [
        *_waiting(view),
        *promised(view),
        *_planned(view),
        *remarks(view),
        *_sent(view),
        *language_choice(view.language),
    ]


def _for_everybody_else() -> list[Block]:
    return [
        paragraph(say("Tillid drafts answers to customers, and the support team reviews and sends them.")),
        paragraph(say("What stands here is for colleagues in that team only.")),
    ]


# ---- what waits


def _waiting(view: HomeView) -> list[Block]:
    title = header(say("Waiting on you"))
    if not view.waiting:
        example = say("Example: Mette, charged twice. E-mail, waiting since today 9:12, yours")
        return [title, section(_nobody_waits(view.triage_channel)), context(example)]
    rows = [_queue_row(row) for row in view.waiting[:MOST_WAITING]]
    way = mark("And {number} more: `/tillid next` gives you the first")
    return [title, *rows, *more(view.waiting_in_all, len(rows), way)]


def _nobody_waits(triage_channel: str) -> str:
    if not is_channel(triage_channel):
        return say(
            "Nobody waits. When a customer writes, a card with a draft comes in the triage channel: read it, change "
            "what you like, and press *Send Reply*. Until then nothing reaches the customer."
        )
    return say(
        "Nobody waits. When a customer writes, a card with a draft comes in {channel}: read it, change what you "
        "like, and press *Send Reply*. Until then nothing reaches the customer.",
        channel=f"<#{triage_channel}>",
    )


def _queue_row(row: QueueRow) -> Block:
    return context(
        who(row.customer_name, row.headline),
        say("Urgent") if row.urgent else "",
        labels.named(labels.CHANNELS, line(row.channel, 20)),
        mrkdwn(say("waiting since {when}", when=instant(row.waiting_since))),
        say("Yours") if row.assigned_to else say("Nobody's yet"),
        opening(row.link),
    )


def _planned(view: HomeView) -> list[Block]:
    nothing = say(
        "None this week. When you press *Resolve* on a card, the personal follow-up is shown to you, and it goes "
        "out in your name on its day. It is cancelled by itself when the customer writes first."
    )
    rows = [_planned_row(row) for row in view.planned[:MOST_PLANNED]]
    way = mark("And {number} more: `/tillid due` shows more")
    return listed(say("Follow-ups due"), [*rows, *more(view.planned_in_all, len(rows), way)], nothing)


def _planned_row(row: PlannedRow) -> Block:
    kind = labels.named(labels.FOLLOW_UPS, line(row.kind, 40))
    at = instant(row.due_at)
    return context(
        who(row.customer_name, kind),
        mrkdwn(say("goes out {when}", when=at) if row.is_set else say("proposed for {when}", when=at)),
        line(say(row.why), 150),
        "" if row.is_set else say("Not set yet: press Follow Up on its card"),
        opening(row.link),
    )


def _sent(view: HomeView) -> list[Block]:
    nothing = say("Nothing in the last 30 days. Every text you send or approve is listed here.")
    lines = [_sent_line(row) for row in view.sent[:MOST_SENT]]
    return listed(say("What Tillid sent in your name"), _lines(lines), nothing)


def _sent_line(row: SentRow) -> str:
    at = instant(row.at)
    marks = [
        escaped(who(row.customer_name, row.headline), 300),
        say("follow-up, {when}", when=at) if row.is_follow_up else say("reply, {when}", when=at),
        say("edited by you") if row.edited else "",
        say("*not delivered: see the card*") if row.problem else "",
        link(row.link, say("Open")) if row.link else "",
    ]
    return "• " + " · ".join(each for each in marks if each)


# ---- money


def _asked(view: HomeView) -> list[Block]:
    nothing = say("None. A refund above an agent's limit is asked for here and in its card's thread.")
    rows = [_asked_row(row) for row in view.asked[:MOST_ASKED]]
    way = mark("And {number} more: all stand in the triage channel")
    return listed(say("Refunds awaiting a yes"), [*rows, *more(view.asked_in_all, len(rows), way)], nothing)


def _asked_row(row: AskedRefund) -> Block:
    to_do = labels.refund_to_do(line(row.kind, 30), line(row.amount, 40, otherwise=say("an amount")))
    name = line(row.customer_name, 80, otherwise=say("a customer"))
    return context(
        line(say("{refund} for {customer}", refund=to_do, customer=name), 250),
        mrkdwn(say("asked by {who} {when}", who=person(row.asked_by), when=instant(row.since))),
        say("Asked by you: another lead decides") if row.is_own else "",
        opening(row.link),
    )


def _lines(lines: Sequence[str]) -> list[Block]:
    """A few lines to a block: a section takes 3,000 characters, and a Home a hundred blocks."""
    return [section("\n".join(lines[start : start + _TOGETHER])) for start in range(0, len(lines), _TOGETHER)]
