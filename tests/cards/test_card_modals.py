"""The windows: what they ask, what they start with, and that no end of a reply is lost in them."""

from datetime import timedelta
from typing import Any

import pytest
from card_views import FINDING, NOW, walked
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import modals
from bot.cards.labels import ANSWERED
from bot.cards.reply_modals import MOST_FIELDS, pieces, typed_reply
from bot.cards.texts import width
from bot.rules.policy import INTENTS
from bot.sandbox.slackcheck import check_view


def element(view: dict[str, Any], action_id: str) -> dict[str, Any]:
    """The one element of that name."""
    (found,) = [one for one in walked(view) if one.get("action_id") == action_id]
    return found


def values(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack would send if nobody changed a word."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {one["block_id"]: {"text": {"value": one["element"].get("initial_value")}} for one in inputs}


def words(view: dict[str, Any]) -> str:
    """Everything a person reads."""
    return "\n".join(one["text"] for one in walked(view) if isinstance(one.get("text"), str))


def edit(draft: str, label: str = "Send Reply", amount: str = "") -> dict[str, Any]:
    return modals.edit_reply(draft, '{"c":1}', target="Mette", amount=amount, version=4, send_label=label)


def test_editing_starts_with_the_draft_under_the_version() -> None:
    view = edit("Hej Mette", amount="499 kr.")
    assert check_view(view) == []
    assert (view["callback_id"], view["private_metadata"]) == ("edit_reply", '{"c":1}')
    assert view["submit"]["text"] == "Send Reply"
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["reply:4"]
    assert element(view, "text")["initial_value"] == "Hej Mette"
    assert element(view, "text")["max_length"] == 3000
    assert "Sending this also moves the money: 499 kr." in words(view)


def test_an_empty_draft_is_an_empty_field() -> None:
    view = edit("")
    assert check_view(view) == []
    assert "initial_value" not in element(view, "text")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Send and Refund 499 kr.", "Send and Refund 499 kr."),
        ("Send and Refund 1.499,00 kr.", "Send and Refund"),
    ],
)
def test_a_label_too_long_for_a_window_leaves_the_amount_to_the_note(label: str, shown: str) -> None:
    assert edit("x", label)["submit"]["text"] == shown


@pytest.mark.parametrize(
    "draft",
    [
        "kort",
        "\n\n".join("Et afsnit med flere ord i. " * 20 for _ in range(30)).strip(),
        "\n".join("En linje med flere ord i." for _ in range(400)),
        "ord " * 2500 + "slut",
        "x" * 10_000,
        "👍" * 4000,
    ],
    ids=["short", "paragraphs", "lines", "words", "one word", "emoji"],
)
def test_a_reply_of_any_length_comes_back_whole(draft: str) -> None:
    view = edit(draft)
    assert check_view(view) == []
    assert typed_reply(values(view)) == draft
    assert typed_reply(dict(reversed(values(view).items()))) == draft


@given(st.text(alphabet="ab \n", max_size=200), st.integers(1, 60))
def test_pieces_fit_a_field_and_join_again(text: str, times: int) -> None:
    joints = {"p": "\n\n", "l": "\n", "w": " ", "c": ""}
    whole = text * times
    parts = pieces(whole)
    assert all(width(part) <= 3000 for _, part in parts)
    assert "".join(joints[letter] + part for letter, part in parts) == whole


def test_a_text_no_window_holds_is_not_offered_for_editing() -> None:
    view = edit("x" * (3000 * MOST_FIELDS + 1))
    assert check_view(view) == []
    assert "submit" not in view
    assert "too long to edit here" in words(view)


def test_typed_replies_ignore_other_fields_and_emptied_parts() -> None:
    typed = {
        "note": {"text": {"value": "no"}},
        "reply:2": {"text": {"value": "Hej"}},
        "reply:2:2p": {"text": {"value": None}},
        "reply:2:3p": {"text": {"value": "Hilsen"}},
    }
    assert typed_reply(typed) == "Hej\n\nHilsen"


def test_each_finding_can_be_made_kinder_with_one_press() -> None:
    view = modals.kinder_wording("Send us a screenshot.", [FINDING] * 5, "{}", 2)
    assert check_view(view) == []
    assert view["callback_id"] == "edit_reply"
    assert view["submit"]["text"] == "Send Anyway"
    presses = [one for one in walked(view) if one.get("action_id") == "use_kinder"]
    assert [one["value"] for one in presses] == ["0", "1", "2"]
    assert "in 5 places of your text. Here are the first 3." in words(view)
    assert FINDING.why in words(view)
    assert FINDING.rewrite in words(view)
    assert list(values(view)) == ["reply:2"]
    assert list(values(modals.kinder_wording("x", [FINDING], "{}", 3))) == ["reply:3"]


@pytest.mark.parametrize(
    ("amount", "left", "first", "most"),
    [
        (49900, 49900, "499.00", "499.00"),
        (60000, 49900, "499.00", "499.00"),
        (None, 5, None, "0.05"),
        (100, None, "1.00", None),
    ],
)
def test_a_refund_is_typed_in_major_units_up_to_what_is_left(
    amount: int | None, left: int | None, first: str | None, most: str | None
) -> None:
    view = modals.refund("10432", amount, "DKK", left, "{}")
    assert check_view(view) == []
    field = element(view, "amount")
    assert field.get("initial_value") == first
    assert field.get("max_value") == most
    assert field["min_value"] == "0.01"
    kinds = [one["value"] for one in element(view, "kind")["options"]]
    assert kinds == ["refund", "shipping_refund", "price_difference", "credit"]


@pytest.mark.parametrize("left", [0, -1])
def test_nothing_can_be_typed_when_nothing_is_left(left: int) -> None:
    view = modals.refund("10432", 49900, "DKK", left, "{}")
    assert check_view(view) == []
    assert "everything that was paid has been given back" in words(view)
    assert "submit" not in view


def test_currencies_without_decimals_take_whole_amounts() -> None:
    view = modals.refund("1", 4990, "ISK", 5000, "{}")
    assert check_view(view) == []
    assert element(view, "amount")["is_decimal_allowed"] is False
    assert element(view, "amount")["initial_value"] == "4990"


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("499", "DKK", 49900), ("499.5", "SEK", 49950), ("0.01", "EUR", 1), ("12", "ISK", 12)],
)
def test_typed_amounts_are_read_exactly(typed: str, currency: str, minor: int) -> None:
    assert modals.amount_minor_of(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"), [("1.005", "DKK"), ("0.5", "ISK"), ("NaN", "DKK"), ("x", "DKK"), ("", "DKK")]
)
def test_what_is_no_amount_is_refused(typed: str, currency: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        modals.amount_minor_of(typed, currency)


def test_a_follow_up_starts_with_its_text_and_time() -> None:
    view = modals.follow_up(
        "Hej igen", NOW + timedelta(days=5), "the bank is slow", "{}", resolving=False, kind="money_arrived"
    )
    assert check_view(view) == []
    assert view["submit"]["text"] == "Set Follow-Up"
    assert element(view, "due")["initial_date_time"] == int((NOW + timedelta(days=5)).timestamp())
    assert element(view, "text")["initial_value"] == "Hej igen"
    assert not [one for one in walked(view) if one.get("action_id") == "skip"]
    assert "Has the money arrived – the bank is slow" in words(view)


def test_resolving_may_leave_the_follow_up_out_and_needs_a_reason_after_a_failure_of_ours() -> None:
    view = modals.follow_up("Hej", NOW, "", "{}", resolving=True, kind="heard")
    assert check_view(view) == []
    assert view["submit"]["text"] == "Resolve"
    assert "Resolve without a follow-up" in words(view)
    assert all(block["optional"] for block in view["blocks"] if block["type"] == "input")
    assert not [one for one in walked(view) if one.get("action_id") == "reason"]
    strict = modals.follow_up("Hej", None, "", "{}", resolving=True, kind="", compulsory=True)
    assert check_view(strict) == []
    assert element(strict, "reason")


def test_all_intents_can_be_chosen_and_the_current_one_is() -> None:
    view = modals.correct_intent("return", "{}")
    assert check_view(view) == []
    select = element(view, "intent")
    assert [one["value"] for one in select["options"]] == list(INTENTS)
    assert select["initial_option"]["value"] == "return"
    assert "initial_option" not in element(modals.correct_intent("?", "{}"), "intent")


def test_the_language_can_be_corrected_beside_the_intent() -> None:
    view = modals.correct_intent("return", "{}", "nn")
    assert check_view(view) == []
    assert element(view, "language")["initial_option"]["value"] == "nn"
    assert [one["value"] for one in element(view, "language")["options"]] == list(ANSWERED)
    assert "initial_option" not in element(modals.correct_intent("return", "{}", "fi"), "language")


def test_dismissing_needs_no_reason() -> None:
    view = modals.dismiss("{}")
    assert check_view(view) == []
    (block,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert block["optional"] is True


@pytest.mark.parametrize(
    "view",
    [
        modals.loading("A title that is far too long", "refund", "{}"),
        modals.notice("Not now", "Tom answered."),
    ],
)
def test_windows_to_read_have_no_submit(view: dict[str, Any]) -> None:
    assert check_view(view) == []
    assert "submit" not in view
