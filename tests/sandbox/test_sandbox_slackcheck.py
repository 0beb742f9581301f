"""The strict check: what Slack takes passes, what it refuses is named with its place."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackcheck_cases import (
    ILLEGAL_BLOCKS,
    LEGAL_BLOCKS,
    Json,
    actions,
    amount,
    button,
    chart,
    container,
    field,
    modal,
    mrkdwn,
    plain,
    raw,
    section,
    typing,
)

from bot.sandbox.slackcheck import check_blocks, check_message, check_view


@pytest.mark.parametrize("block", LEGAL_BLOCKS, ids=lambda block: str(block["type"]))
def test_a_legal_block_passes(block: Json) -> None:
    assert check_blocks([block]) == []


@pytest.mark.parametrize(("pointer", "block"), ILLEGAL_BLOCKS)
def test_an_illegal_block_is_refused_at_its_place(pointer: str, block: Json) -> None:
    errors = check_blocks([block])
    expected = f"[json-pointer:/blocks/0{pointer}".rstrip("/")
    assert any(error.endswith(f"{expected}]") for error in errors), errors


def test_series_must_have_a_point_for_each_category() -> None:
    broken = copy.deepcopy(chart())
    broken["chart"]["axis_config"]["categories"] = ["0", "2"]
    assert "one point for each category" in check_blocks([broken])[0]


def test_a_whole_message_passes() -> None:
    assert check_message({"text": "A case", "blocks": LEGAL_BLOCKS[4:12]}) == []


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("no text", {"blocks": [section()]}),
        ("blank text", {"text": "  ", "blocks": [section()]}),
        ("text is not a string", {"text": 7}),
        ("text too long", {"text": "x" * 40_001}),
        ("unknown key", {"text": "x", "attachment": []}),
        ("blocks is no list", {"text": "x", "blocks": section()}),
        ("51 blocks", {"text": "x", "blocks": [section()] * 51}),
        ("block_id twice", {"text": "x", "blocks": [section(block_id="a"), section(block_id="a")]}),
        (
            "block_id twice, once in a container",
            {"text": "x", "blocks": [section(block_id="a"), container(section(block_id="a"))]},
        ),
        ("two tables", {"text": "x", "blocks": [{"type": "table", "rows": [[raw()]]}] * 2}),
        ("three charts", {"text": "x", "blocks": [chart()] * 3}),
        ("too much text", {"text": "x", "blocks": [section(text=mrkdwn("x" * 2500))] * 5}),
        ("too much markdown", {"text": "x", "blocks": [{"type": "markdown", "text": "x" * 6001}] * 2}),
    ],
)
def test_an_illegal_message_is_refused(why: str, message: Json) -> None:
    assert check_message(message) != [], why


def test_a_message_that_only_deletes_needs_no_text() -> None:
    assert check_message({"delete_original": True}) == []


@pytest.mark.parametrize(
    "view",
    [
        modal(field(typing()), private_metadata="x" * 3000, callback_id="x", notify_on_close=True),
        modal(section(), {"type": "alert", "text": plain(), "level": "warning"}),
        {"type": "modal", "title": plain("x" * 24), "blocks": [section()]},
        {"type": "home", "blocks": [section(), chart(), actions(button()), container(section())]},
        modal(*[section()] * 100),
    ],
)
def test_a_legal_view_passes(view: Json) -> None:
    assert check_view(view) == []


@pytest.mark.parametrize(
    ("pointer", "view"),
    [
        ("/type", {"type": "dialog"}),
        ("/title", {"type": "modal", "blocks": [section()]}),
        ("/title/text", modal(section(), title=plain("x" * 25))),
        ("/title/type", modal(section(), title=mrkdwn())),
        ("/submit/text", modal(section(), submit=plain("x" * 25))),
        ("/close/text", modal(section(), close=plain("x" * 25))),
        ("/submit", {"type": "modal", "title": plain(), "blocks": [field(typing())]}),
        ("/private_metadata", modal(section(), private_metadata="x" * 3001)),
        ("/private_metadata", modal(section(), private_metadata={"card": 1})),
        ("/callback_id", modal(section(), callback_id="x" * 256)),
        ("/blocks", modal()),
        ("/blocks", modal(*[section()] * 101)),
        ("/blocks/0/type", modal({"type": "markdown", "text": "x"})),
        ("/blocks/0/type", modal(chart())),
        ("/blocks/0/type", modal(container(section()))),
        ("/blocks/0/type", modal({"type": "table", "rows": [[raw()]]})),
        ("/blocks/0/type", {"type": "home", "blocks": [{"type": "markdown", "text": "x"}]}),
        ("/blocks/0/type", {"type": "home", "blocks": [{"type": "alert", "text": plain()}]}),
        ("/title", {"type": "home", "title": plain(), "blocks": [section()]}),
        ("/submit", {"type": "home", "submit": plain(), "blocks": [section()]}),
        ("/blocks/1/block_id", modal(section(block_id="a"), section(block_id="a"))),
        (
            "/blocks",
            modal(field(typing(focus_on_load=True)), field(amount(focus_on_load=True))),
        ),
    ],
)
def test_an_illegal_view_is_refused_at_its_place(pointer: str, view: Json) -> None:
    errors = check_view(view)
    assert any(error.endswith(f"[json-pointer:{pointer}]") for error in errors), errors


KEYS = ("type", "text", "blocks", "elements", "element", "accessory", "rows", "options", "chart", "fields")
KINDS = ("section", "actions", "input", "table", "data_table", "data_visualization", "container", "rich_text")
MORE_KINDS = ("static_select", "number_input", "plain_text_input", "overflow", "bar", "pie", "modal", "home")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(KINDS + MORE_KINDS) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_the_check_answers_about_any_json(value: Any) -> None:
    payload = value if isinstance(value, dict) else {"blocks": value}
    answers = check_message(payload) + check_view(payload)
    assert all("[json-pointer:/" in answer for answer in answers)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LEGAL_BLOCKS), st.data())
def test_the_check_never_raises_on_a_legal_block_with_one_thing_broken(
    block: Json, data: st.DataObject
) -> None:
    broken = copy.deepcopy(block)
    holder: Any = broken
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        holder = inner
    holder[key] = data.draw(st.none() | st.integers() | st.text() | st.lists(st.none()) | st.just({}))
    check_blocks([broken])
