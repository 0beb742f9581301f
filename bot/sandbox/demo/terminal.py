"""Pieces of the story on a terminal of 80 columns: calm, few colours, customers' words never read as markup."""

from collections.abc import Iterable, Iterator

from rich.box import ROUNDED
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.sandbox.demo.moments import Beat, CaseBeat, Facts, Lane, Letter, Line, LockScreen, Piece, Slip, Span

WIDTH = 80
INDENT = 7
COLOURS = {Lane.CUSTOMER: "cyan", Lane.AGENT: "green", Lane.MANAGER: "magenta", Lane.HOUSE: "yellow"}


def beat_head(beat: Beat) -> RenderableType:
    """When, who, what."""
    head = Text.assemble((f"{beat.at:%H:%M}", "dim"), "  ", (beat.title, f"bold {COLOURS[beat.lane]}"))
    parts: list[RenderableType] = [Text("")]
    parts.append(_hanging(head))
    if beat.note:
        parts.append(_indented(Text(beat.note, "dim")))
    return Group(*parts)


def case_line(beat: CaseBeat) -> RenderableType:
    """A whole case in two lines."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=5)
    grid.add_column(width=2)
    grid.add_column(width=18, no_wrap=True)
    grid.add_column(width=WIDTH - 29)
    grid.add_row(
        Text(f"{beat.at:%H:%M}", "dim"),
        Text(beat.language, "dim"),
        Text(beat.name, "cyan"),
        Text(beat.about, "bold"),
    )
    grid.add_row("", "", "", Text(beat.outcome, "green"))
    return grid


def piece(shown: Piece) -> RenderableType:
    """One thing to look at."""
    match shown:
        case Slip():
            return _indented(_slip(shown))
        case Letter():
            return _indented(_letter(shown))
        case LockScreen():
            return _indented(_phone(shown))
        case Facts():
            return _indented(_facts(shown))


def _slip(slip: Slip) -> RenderableType:
    lines = _without_customer(slip.lines)
    parts: list[RenderableType] = [part for line in lines for part in _line(line)]
    if slip.submit:
        parts.append(_button_text(slip.submit, "primary"))
    title = Text(slip.window or slip.place, "dim")
    return Panel(
        Group(*parts), title=title, title_align="left", box=ROUNDED, border_style="dim", padding=(0, 1)
    )


def _without_customer(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A card without the customer's own words, which were told just before."""
    kinds = [line.kind for line in lines]
    if kinds[:1] != ["header"] or "quote" not in kinds:
        return lines
    first = kinds.index("quote")
    return (*lines[:first], *lines[first + 1 :])


def _line(line: Line) -> Iterator[RenderableType]:
    match line.kind:
        case "header":
            yield _styled(line.spans, "bold")
        case "small":
            yield _styled(line.spans, "dim")
        case "quote":
            yield _Barred(line.text)
        case "bullets":
            yield from (_bullet(item) for item in line.items)
        case "buttons":
            yield _buttons(line)
        case "field":
            yield Text(line.label, "dim")
            yield _Barred(line.text)
        case "folded":
            yield Text(f"▾ {line.label}", "dim")
            known = [item for child in line.children for item in child.items if _is_known(item)]
            yield from (_bullet(item) for item in known)
        case "code":
            yield Text(line.text)
        case "divider":
            yield Text("")
        case _:
            yield _styled(line.spans, "")


def _is_known(item: tuple[Span, ...]) -> bool:
    """What the order book says; the page shows the other reasons too."""
    return item[0].text.startswith("Known")


def _styled(spans: Iterable[Span], style: str) -> Text:
    text = Text(style=style)
    for span in spans:
        text.append(span.text, "bold" if span.bold or span.mention else "italic" if span.italic else "")
    return text


def _bullet(item: tuple[Span, ...]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_row(Text("•", "dim"), _styled(item, "dim"))
    return grid


class _Barred:
    """Somebody's words, with a bar beside every line of them."""

    def __init__(self, words: str) -> None:
        self._words = Text(words.strip())

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrower = options.update_width(options.max_width - 2)
        for line in console.render_lines(self._words, narrower, pad=False):
            yield Segment("│ ", Style(dim=True))
            yield from line
            yield Segment.line()


def _buttons(line: Line) -> Text:
    return Text(" ").join(_button_text(each.label, each.style) for each in line.buttons)


def _button_text(label: str, style: str) -> Text:
    return Text(f" {label} ", "bold black on green" if style == "primary" else "reverse dim")


def _letter(letter: Letter) -> RenderableType:
    head = Text.assemble((letter.sender, "bold"), ("  " + letter.subject if letter.subject else "", "dim"))
    parts: list[RenderableType] = [head, _Barred(letter.text)]
    if letter.attachments:
        parts.append(Text(f"Attached: {', '.join(letter.attachments)}", "dim"))
    return Group(*parts)


def _phone(phone: LockScreen) -> RenderableType:
    top = Table.grid(expand=True)
    top.add_column()
    top.add_column(justify="right")
    top.add_row(Text(f"{phone.at:%A} {phone.at.day} {phone.at:%B}", "dim"), Text(f"{phone.at:%H:%M}", "bold"))
    parts: list[RenderableType] = [
        top,
        Text(""),
        Text(phone.app, "dim"),
        Text(phone.sender, "bold"),
        Text(phone.subject),
    ]
    return Panel(Group(*parts, Text(phone.preview, "dim")), box=ROUNDED, width=48, border_style="cyan")


def _facts(facts: Facts) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", max_width=40)
    grid.add_column()
    for name, value in facts.rows:
        grid.add_row(Text(name), Text(value))
    return grid


def _indented(shown: RenderableType) -> Padding:
    return Padding(shown, (0, 0, 0, INDENT))


def _hanging(head: Text) -> RenderableType:
    grid = Table.grid()
    grid.add_column(width=INDENT)
    grid.add_column()
    time, _, title = head.divide((5, INDENT))
    grid.add_row(time, title)
    return grid
