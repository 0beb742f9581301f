"""The App Home: what waits for its reader, most needed first. Under sixty blocks, whatever there is."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import context, header, mrkdwn, paragraph, section
from bot.cards.home_figures import is_channel, week_blocks
from bot.cards.home_shapes import AskedRefund, HomeView, PlannedRow, SentRow
from bot.cards.shapes import Block, QueueRow
from bot.cards.texts import escaped, instant, line, link, person

MOST_WAITING, MOST_PLANNED, MOST_ASKED, MOST_SENT = 10, 8, 6, 20
#: So many lines share a block.
_TOGETHER = 3


def home(view: HomeView, *, with_table: bool = True) -> Block:
    """The Home tab; equal views give equal tabs. Without the table the figures by channel are lines."""
    blocks = [context(mrkdwn(f"Updated {instant(view.updated_at)}"))]
    match view.role:
        case "agent":
            blocks += [*_waiting(view), *_planned(view), *_sent(view)]
        case "lead":
            blocks += [*_asked(view), *_waiting(view), *_planned(view), *_sent(view)]
        case "manager":
            blocks += [*week_blocks(view.week, with_table), *_asked(view)]
        case _:
            blocks = _for_everybody_else()
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def has_table(view: HomeView) -> bool:
    """Whether the Home holds a block that some workspaces do not have yet."""
    return view.role == "manager" and view.week is not None and bool(view.week.channels)


def _for_everybody_else() -> list[Block]:
    return [
        paragraph("Tillid drafts answers to customers, and the support team reviews and sends them."),
        paragraph("What stands here is for colleagues in that team only."),
    ]


# ---- what waits


def _waiting(view: HomeView) -> list[Block]:
    title = header("Waiting on you")
    if not view.waiting:
        where = f"<#{view.triage_channel}>" if is_channel(view.triage_channel) else "the triage channel"
        learn = (
            f"Nobody waits. When a customer writes, a card with a draft comes in {where}: read it, change what you "
            "like, and press *Send Reply*. Until then nothing reaches the customer."
        )
        example = "Example: Mette, charged twice. E-mail, waiting since today 9:12, yours"
        return [title, section(learn), context(example)]
    rows = [_queue_row(row) for row in view.waiting[:MOST_WAITING]]
    return [title, *rows, *_more(view.waiting_in_all, len(rows), "`/tillid next` gives you the first")]


def _queue_row(row: QueueRow) -> Block:
    return context(
        _who(row.customer_name, row.headline),
        "Urgent" if row.urgent else "",
        labels.named(labels.CHANNELS, line(row.channel, 20)),
        mrkdwn(f"waiting since {instant(row.waiting_since)}"),
        "Yours" if row.assigned_to else "Nobody's yet",
        _open(row.link),
    )


def _planned(view: HomeView) -> list[Block]:
    title = header("Follow-ups due")
    if not view.planned:
        learn = (
            "None this week. When you press *Resolve* on a card, the personal follow-up is shown to you, and it goes "
            "out in your name on its day. It is cancelled by itself when the customer writes first."
        )
        return [title, section(learn)]
    rows = [_planned_row(row) for row in view.planned[:MOST_PLANNED]]
    return [title, *rows, *_more(view.planned_in_all, len(rows), "`/tillid due` shows more")]


def _planned_row(row: PlannedRow) -> Block:
    kind = labels.named(labels.FOLLOW_UPS, line(row.kind, 40))
    return context(
        _who(row.customer_name, kind),
        mrkdwn(f"{'goes out' if row.is_set else 'proposed for'} {instant(row.due_at)}"),
        line(row.why, 150),
        "" if row.is_set else "Not set yet: press Follow Up on its card",
        _open(row.link),
    )


def _sent(view: HomeView) -> list[Block]:
    title = header("What Tillid sent in your name")
    if not view.sent:
        return [title, section("Nothing in the last 30 days. Every text you send or approve is listed here.")]
    lines = [_sent_line(row) for row in view.sent[:MOST_SENT]]
    return [title, *_lines(lines)]


def _sent_line(row: SentRow) -> str:
    what = "follow-up" if row.is_follow_up else "reply"
    marks = [
        escaped(_who(row.customer_name, row.headline), 300),
        f"{what}, {instant(row.at)}",
        "edited by you" if row.edited else "",
        "*not delivered: see the card*" if row.problem else "",
        link(row.link, "Open") if row.link else "",
    ]
    return "• " + " · ".join(mark for mark in marks if mark)


# ---- money


def _asked(view: HomeView) -> list[Block]:
    title = header("Refunds awaiting a yes")
    if not view.asked:
        return [
            title,
            section("None. A refund above an agent's limit is asked for here and in its card's thread."),
        ]
    rows = [_asked_row(row) for row in view.asked[:MOST_ASKED]]
    return [title, *rows, *_more(view.asked_in_all, len(rows), "all stand in the triage channel")]


def _asked_row(row: AskedRefund) -> Block:
    to_do = labels.refund_to_do(line(row.kind, 30), line(row.amount, 40, otherwise="an amount"))
    return context(
        line(f"{to_do} for {line(row.customer_name, 80, otherwise='a customer')}", 250),
        mrkdwn(f"asked by {person(row.asked_by)} {instant(row.since)}"),
        "Asked by you: another lead decides" if row.is_own else "",
        _open(row.link),
    )


# ---- what all share


def _who(name: str, about: str) -> str:
    return line(f"{line(name, 80, otherwise='A customer')}, {line(about, 120, otherwise='wrote to us')}", 200)


def _open(url: str) -> Block | str:
    return mrkdwn(link(url, "Open")) if url else ""


def _more(in_all: int, shown: int, way: str) -> list[Block]:
    return [context(mrkdwn(f"And {in_all - shown} more: {way}"))] if in_all > shown else []


def _lines(lines: Sequence[str]) -> list[Block]:
    """A few lines to a block: a section takes 3,000 characters, and a Home a hundred blocks."""
    return [section("\n".join(lines[start : start + _TOGETHER])) for start in range(0, len(lines), _TOGETHER)]
