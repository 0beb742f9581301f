"""Slack's blocks -> lines to draw. Pure; the same lines serve the terminal and the page."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from bot.sandbox.demo.moments import Button, Line, Span

Json = Mapping[str, Any]
_MARKUP = re.compile(r"<([^<>]+)>|\*([^*\n]+)\*|`([^`\n]+)`")


class Reader:
    """Reads blocks as one person sees them: names for ids, times in their zone."""

    def __init__(self, names: Mapping[str, str], zone: tzinfo) -> None:
        self._names = names
        self._zone = zone

    def lines(self, blocks: Iterable[Json], values: Json | None = None) -> tuple[Line, ...]:
        """The blocks in order; `values` is a view's state, for what was typed into its fields."""
        return tuple(line for block in blocks for line in self._block(block, values or {}))

    def _block(self, block: Json, values: Json) -> list[Line]:
        match block["type"]:
            case "header":
                return [Line("header", self._text(block["text"]))]
            case "section":
                return [Line("text", self._text(block["text"]))]
            case "context":
                return [Line("small", self._joined(block["elements"]))]
            case "rich_text":
                return [line for element in block["elements"] for line in self._rich(element)]
            case "actions":
                return [Line("buttons", buttons=tuple(_button(each) for each in block["elements"]))]
            case "container":
                title = "".join(span.text for span in self._text(block["title"]))
                return [Line("folded", label=title, children=self.lines(block["child_blocks"]))]
            case "input":
                return [self._field(block, values)]
            case "divider":
                return [Line("divider")]
        return []

    def _rich(self, element: Json) -> list[Line]:
        match element["type"]:
            case "rich_text_quote":
                return [Line("quote", self._leaves(element["elements"]))]
            case "rich_text_preformatted":
                return [Line("code", self._leaves(element["elements"]))]
            case "rich_text_list":
                return [
                    Line(
                        "bullets", items=tuple(self._leaves(each["elements"]) for each in element["elements"])
                    )
                ]
        return [Line("text", self._leaves(element["elements"]))]

    def _leaves(self, leaves: Iterable[Json]) -> tuple[Span, ...]:
        return tuple(self._leaf(each) for each in leaves)

    def _leaf(self, leaf: Json) -> Span:
        style = leaf.get("style") or {}
        if leaf["type"] == "user":
            return Span(f"@{self._names.get(leaf['user_id'], 'somebody')}", mention=True)
        text = str(leaf.get("text") or leaf.get("url") or "")
        return Span(text, bold=bool(style.get("bold")), italic=bool(style.get("italic")))

    def _field(self, block: Json, values: Json) -> Line:
        element = block["element"]
        held = (values.get(block["block_id"]) or {}).get(element.get("action_id")) or {}
        label = str(block["label"]["text"])
        return Line("field", (Span(self._value(element, held)),), label=label)

    def _value(self, element: Json, held: Json) -> str:
        if element["type"] == "datetimepicker":
            at = held.get("selected_date_time") or element.get("initial_date_time")
            return self._moment(int(at)) if at else ""
        chosen = held.get("selected_option") or element.get("initial_option")
        if chosen:
            return str(chosen["text"]["text"])
        if element["type"] == "checkboxes":
            ticked = {each["value"] for each in held.get("selected_options") or ()}
            return "  ".join(
                f"{'☑' if each['value'] in ticked else '☐'} {each['text']['text']}"
                for each in element["options"]
            )
        value = held.get("value") if "value" in held else element.get("initial_value")
        return str(value or "")

    def _joined(self, elements: Iterable[Json]) -> tuple[Span, ...]:
        spans: list[Span] = []
        for element in elements:
            if spans:
                spans.append(Span("  ·  "))
            spans += self._text(element)
        return tuple(spans)

    def _text(self, text: Json) -> tuple[Span, ...]:
        if text["type"] != "mrkdwn":
            return (Span(str(text["text"])),)
        return self.markup(str(text["text"]))

    def markup(self, text: str) -> tuple[Span, ...]:
        """Slack's markup as spans."""
        spans: list[Span] = []
        position = 0
        for found in _MARKUP.finditer(text):
            spans.append(Span(html.unescape(text[position : found.start()])))
            reference, bold, code = found.groups()
            if reference:
                spans.append(self._reference(reference))
            else:
                spans.append(Span(html.unescape(bold or code), bold=bool(bold), code=bool(code)))
            position = found.end()
        spans.append(Span(html.unescape(text[position:])))
        return tuple(span for span in spans if span.text)

    def _reference(self, inside: str) -> Span:
        target, _, label = inside.partition("|")
        if target.startswith("!date^"):
            return Span(self._moment(int(target.split("^")[1])))
        if target.startswith("@"):
            return Span(f"@{self._names.get(target[1:], 'somebody')}", mention=True)
        if target.startswith("#"):
            return Span(f"#{self._names.get(target[1:], label or target[1:])}", mention=True)
        return Span(html.unescape(label or target))

    def _moment(self, seconds: int) -> str:
        local = datetime.fromtimestamp(seconds, tz=self._zone)
        return f"{local:%a} {local.day} {local:%b %H:%M}"


def _button(element: Json) -> Button:
    if element["type"] == "overflow":
        return Button("⋯")
    return Button(str(element.get("text", {}).get("text", "")), str(element.get("style") or ""))


def pressed(lines: Iterable[Line], style: str = "primary") -> str:
    """The label of the first button of that style, or empty."""
    for line in lines:
        for button in line.buttons:
            if button.style == style:
                return button.label
    return ""
