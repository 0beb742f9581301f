"""Blocks that Slack takes, and blocks that it refuses with the place of the error."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "press", **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number), str(number)) for number in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(2), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def typing(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "type", **more}


def amount(**more: Any) -> Json:
    return {"type": "number_input", "action_id": "amount", "is_decimal_allowed": True, **more}


def rich(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def leaf(text: str = "Text", **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def container(*blocks: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(blocks), **more}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def chart(points: int = 2, **more: Any) -> Json:
    labels = [str(number) for number in range(points)]
    series = {"name": "Mail", "data": [{"label": label, "value": 1} for label in labels]}
    plot = {"type": "bar", "series": [series], "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "By day", "chart": plot, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain("Send"), "blocks": list(blocks), **more}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}

LEGAL_BLOCKS: list[Json] = [
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    section(text=mrkdwn("x" * 3000), accessory=button()),
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 5},
    section(accessory={"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"}),
    {"type": "context", "elements": [mrkdwn(), plain()]},
    actions(button(style="primary", value="x" * 2000, confirm=CONFIRM), button(action_id="other")),
    actions({"type": "overflow", "action_id": "more", "options": options(5)}, select()),
    actions({"type": "users_select", "action_id": "who", "initial_user": "U012AB3CD"}),
    actions({"type": "conversations_select", "action_id": "where", "filter": {"include": ["private"]}}),
    actions({"type": "datetimepicker", "action_id": "when", "initial_date_time": 1_800_000_000}),
    field(select(options=options(100), initial_option=option("7", "7"))),
    field({"type": "radio_buttons", "action_id": "one", "options": [{"text": mrkdwn("*b*"), "value": "b"}]}),
    field({"type": "checkboxes", "action_id": "any", "options": options(10), "initial_options": options(1)}),
    field({"type": "datepicker", "action_id": "day", "initial_date": "2027-03-01"}, hint=plain()),
    field(typing(multiline=True, max_length=3000, initial_value="x" * 3000), optional=True),
    field(amount(min_value="0.01", max_value="42.00", initial_value="42")),
    {"type": "image", "slack_file": {"id": "F0123456789"}, "alt_text": "A chart", "title": plain()},
    {"type": "markdown", "text": "**bold**"},
    rich(leaf(style={"bold": True}), {"type": "link", "url": "https://example.com"}, leaf("<!channel>")),
    rich({"type": "user", "user_id": "U012AB3CD"}, {"type": "emoji", "name": "eyes"}),
    rich({"type": "channel", "channel_id": "C012AB3CD"}, kind="rich_text_quote"),
    rich(leaf("code"), kind="rich_text_preformatted"),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [leaf()]}],
            }
        ],
    },
    container(section(), actions(button()), is_collapsible=True, default_collapsed=True),
    {"type": "table", "rows": [[raw(), raw()], [raw(), {"type": "raw_number", "value": 1, "text": "1"}]]},
    {"type": "data_table", "caption": "Open cases", "rows": [[raw("Case")], [rich(leaf())]], "page_size": 10},
    chart(20),
    {
        "type": "data_visualization",
        "title": "Share",
        "chart": {
            "type": "pie",
            "segments": [{"label": "Mail", "value": 2}, {"label": "Chat", "value": 1.5}],
        },
    },
]

ILLEGAL_BLOCKS: list[tuple[str, Json]] = [
    ("/type", {"type": "sectoin", "text": mrkdwn()}),
    ("/colour", section(colour="red")),
    ("/", {"type": "section"}),
    ("/text/text", section(text=mrkdwn("x" * 3001))),
    ("/text/text", section(text=mrkdwn(""))),
    ("/text/type", section(text={"type": "markdown", "text": "x"})),
    ("/text/emoji", section(text={**mrkdwn(), "emoji": True})),
    ("/fields/0/text", {"type": "section", "fields": [mrkdwn("x" * 2001)]}),
    ("/fields", {"type": "section", "fields": [mrkdwn()] * 11}),
    ("/accessory/type", section(accessory=typing())),
    ("/text/type", {"type": "header", "text": mrkdwn()}),
    ("/text/text", {"type": "header", "text": plain("x" * 151)}),
    ("/elements", {"type": "context", "elements": [mrkdwn()] * 11}),
    ("/elements", {"type": "context", "elements": []}),
    ("/elements/0/text", {"type": "context", "elements": [mrkdwn("x" * 3001)]}),
    ("/elements/0/type", {"type": "context", "elements": [button()]}),
    ("/elements", actions(*[button(action_id=str(number)) for number in range(26)])),
    ("/elements/0/type", actions(typing())),
    ("/elements/0/text/type", actions(button(text=mrkdwn()))),
    ("/elements/0/text/text", actions(button(text=plain("x" * 76)))),
    ("/elements/0/value", actions(button(value="x" * 2001))),
    ("/elements/0/value", actions(button(value=""))),
    ("/elements/0/value", actions(button(value=7))),
    ("/elements/0/style", actions(button(style="default"))),
    ("/elements/0/url", actions(button(url="example.com"))),
    ("/elements/0/action_id", actions(button(action_id="x" * 256))),
    ("/elements/0/confirm/deny", actions(button(confirm={**CONFIRM, "deny": None}))),
    ("/elements/0/confirm/text/text", actions(button(confirm={**CONFIRM, "text": plain("x" * 301)}))),
    ("/elements/0/confirm/title/text", actions(button(confirm={**CONFIRM, "title": plain("x" * 101)}))),
    ("/", actions(button(), button())),
    ("/elements/0/options", actions({"type": "overflow", "action_id": "m", "options": options(6)})),
    ("/elements/0/options", actions(select(options=options(101)))),
    ("/elements/0/options", actions(select(options=[]))),
    ("/elements/0", actions(select(option_groups=[{"label": plain(), "options": options(1)}]))),
    ("/elements/0", actions(select(initial_option=option("Other", "other")))),
    ("/elements/0/options/0/text/text", actions(select(options=[option("x" * 76)]))),
    ("/elements/0/options/0/value", actions(select(options=[option(value="x" * 151)]))),
    (
        "/elements/0/options/0/description/text",
        actions(select(options=[option(description=plain("x" * 76))])),
    ),
    ("/elements/0/options/0/url", actions(select(options=[option(url="https://example.com")]))),
    ("/element/options", field({"type": "checkboxes", "action_id": "c", "options": options(11)})),
    ("/element/type", field(button())),
    ("/label/text", field(typing(), label=plain("x" * 2001))),
    ("/hint/text", field(typing(), hint=plain("x" * 2001))),
    ("/element/initial_value", field(typing(initial_value="x" * 3001))),
    ("/element/initial_value", field(typing(initial_value="xxx", max_length=2))),
    ("/element", field(typing(min_length=3, max_length=2))),
    ("/element/placeholder/text", field(typing(placeholder=plain("x" * 151)))),
    ("/element", field(amount(min_value="2", max_value="1"))),
    ("/element", field(amount(min_value="2", initial_value="1"))),
    ("/element/min_value", field(amount(min_value="a lot"))),
    ("/element/min_value", field({**amount(min_value="0.5"), "is_decimal_allowed": False})),
    ("/element/initial_date", field({"type": "datepicker", "action_id": "d", "initial_date": "1.3.2027"})),
    ("/element/initial_date_time", field({"type": "datetimepicker", "initial_date_time": 1.5})),
    ("/alt_text", {"type": "image", "image_url": "https://example.com/a.png"}),
    ("/", {"type": "image", "alt_text": "x"}),
    ("/slack_file/id", {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}),
    ("/block_id", section(block_id="x" * 256)),
    ("/elements/0/elements/0/text", rich(leaf(""))),
    ("/elements/0/elements/0/style/big", rich(leaf(style={"big": True}))),
    ("/elements/0/elements/0/type", rich({"type": "mention", "user_id": "U1"})),
    ("/elements/0/elements/0/user_id", rich({"type": "user", "user_id": "ingrid"})),
    ("/elements/0/elements/0/type", rich({"type": "emoji", "name": "x"}, kind="rich_text_preformatted")),
    ("/elements/0/type", rich(leaf(), kind="rich_text_title")),
    ("/child_blocks", container(*[section()] * 11)),
    ("/child_blocks/0/type", container(container(section()))),
    ("/child_blocks/0/type", container({"type": "markdown", "text": "x"})),
    ("/default_collapsed", container(section(), default_collapsed=True)),
    ("/title/text", container(section(), title=plain("x" * 151))),
    ("/rows", {"type": "table", "rows": [[raw()]] * 101}),
    ("/rows/0", {"type": "table", "rows": [[raw()] * 21]}),
    ("/rows", {"type": "table", "rows": [[raw()], [raw(), raw()]]}),
    ("/rows", {"type": "table", "rows": [[raw("x" * 10_001)]]}),
    ("/caption", {"type": "data_table", "rows": [[raw()], [raw()]]}),
    ("/rows", {"type": "data_table", "caption": "x", "rows": [[raw()]]}),
    ("/rows/0/0", {"type": "data_table", "caption": "x", "rows": [[rich(leaf())], [raw()]]}),
    ("/rows/1/0/text", {"type": "data_table", "caption": "x", "rows": [[raw()], [raw("")]]}),
    ("/title", chart(title="x" * 51)),
    ("/chart/series/0/data", chart(21)),
    ("/chart/type", chart(chart={"type": "donut", "segments": []})),
    ("/chart/segments/0/value", chart(chart={"type": "pie", "segments": [{"label": "x", "value": 0}]})),
    ("/chart/segments", chart(chart={"type": "pie", "segments": [{"label": "x", "value": 1}] * 7})),
    ("/chart/segments/0/label", chart(chart={"type": "pie", "segments": [{"label": "x" * 21, "value": 1}]})),
    ("/chart/axis_config", chart(chart={"type": "bar", "series": [{"name": "x", "data": []}]})),
    ("/type", {"type": "alert", "text": plain()}),
]
