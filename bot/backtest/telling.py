"""A backtest for people: drafts beside real answers, and the summary. Other people's words are never markup."""

from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.backtest.advice import advice
from bot.backtest.replay import Replayed
from bot.backtest.summary import Named, Share, Summary
from bot.cards.texts import line, passage
from bot.masking import mask

#: Characters of one mail, and mails of one list, that are shown; `--json` has all.
MOST_SHOWN = 1500
MOST_LISTED = 10
#: Characters of a subject and of an answer in a list.
SUBJECT_CHARS = 48
ANSWER_CHARS = 80


def tell_one(console: Console, each: Replayed) -> None:
    """A customer's mail; below it our draft, and beside that what was really sent."""
    decision = each.draft.decision
    rendered = each.draft.rendered
    ours = rendered.text if rendered else f"No draft: {decision.owner_only or decision.rule}"
    theirs = each.answer if each.answer is not None else "No answer in this archive."
    width = max(console.width // 2 - 2, 30)
    console.print(_panel(each.message.reply, line(mask(each.message.subject), 80, otherwise="no subject")))
    console.print(
        Columns(
            [
                _panel(ours, f"Tillid: {decision.intent}", width),
                _panel(theirs, "Really sent", width),
            ]
        )
    )


def _panel(text: str, title: str, width: int | None = None) -> Panel:
    shown = passage(mask(text[: MOST_SHOWN * 10]), MOST_SHOWN)
    return Panel(Text(shown), title=Text(title), width=width)


def tell_summary(console: Console, summary: Summary) -> None:
    """Counts, by intent and language, what was unsure, what was slow, and what to do next."""
    console.print(_counts(summary))
    if summary.customers:
        console.print(_shares("By intent", "About", summary.intents))
        console.print(_shares("By language", "Language", summary.languages))
    if summary.left_unsure:
        console.print(_unsure(summary.left_unsure))
    if summary.slowest:
        console.print(_slowest(summary))
    for each in advice(summary):
        console.print(Text(f"- {each}"))


def _counts(summary: Summary) -> Table:
    table = Table(title="Backtest", show_header=False)
    of = summary.customers
    left_out = (
        f"{summary.automatic} from machines, {summary.own} our own, {summary.duplicates} twice, "
        f"{summary.unreadable} unreadable"
    )
    table.add_row("Mails read", f"{summary.mails} ({left_out})")
    table.add_row("From customers", str(of))
    table.add_row("With a suggestion", _share(summary.suggested, of))
    table.add_row("For a named person only", _share(summary.owner_only, of))
    table.add_row("No answer needed", _share(summary.no_answer_needed, of))
    table.add_row("Left unsure, look twice", _share(summary.unsure, of))
    table.add_row("Answered in this archive", _share(summary.answered, of))
    times = f"median {summary.median_milliseconds} ms, slowest {summary.slowest_milliseconds} ms"
    table.add_row("Time a mail", times)
    return table


def _shares(title: str, head: str, shares: dict[str, Share]) -> Table:
    table = Table(title=title)
    for name in (head, "Mails", "With a suggestion", "Unsure", "Really answered"):
        table.add_column(name, justify="left" if name == head else "right")
    for name, each in shares.items():
        suggested = f"{each.suggested} ({each.suggested / each.mails:.0%})"
        table.add_row(name, str(each.mails), suggested, str(each.unsure), str(each.answered))
    return table


def _unsure(mails: tuple[Named, ...]) -> Table:
    more = len(mails) - MOST_LISTED
    table = Table(title="Left unsure", caption=f"and {more} more: --json lists all" if more > 0 else None)
    for name in ("Date", "Subject", "Why", "Really sent"):
        table.add_column(name)
    for each in mails[:MOST_LISTED]:
        answer = line(each.answer, ANSWER_CHARS) if each.answer is not None else "-"
        table.add_row(_date(each), _subject(each), Text("\n".join(each.why)), Text(answer))
    return table


def _slowest(summary: Summary) -> Table:
    table = Table(title="Slowest")
    table.add_column("Milliseconds", justify="right")
    table.add_column("Characters", justify="right")
    for name in ("Date", "Subject"):
        table.add_column(name)
    for each in summary.slowest:
        table.add_row(f"{each.milliseconds:.1f}", f"{each.characters:,}", _date(each), _subject(each))
    return table


def _date(mail: Named) -> str:
    return f"{mail.sent_at:%Y-%m-%d}" if mail.sent_at else "-"


def _subject(mail: Named) -> Text:
    """What it is known by: its subject, else how it begins."""
    return Text(line(mail.subject or mail.text, SUBJECT_CHARS, otherwise="no words"))


def _share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "none"
