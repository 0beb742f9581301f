"""The windows a person types into. Each is a view; `metadata` is JSON of ids only, put in as it is.

The handler answers wrong input itself, by block id: every input's block id equals its action id, except for
replies, see `reply_modals`.
"""

from datetime import datetime
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision

from bot.cards import labels
from bot.cards.elements import context, option, paragraph, plain
from bot.cards.reply_modals import edit_reply, kinder_wording
from bot.cards.shapes import Block
from bot.cards.texts import clean, cut, line, uncapitalized
from bot.cards.views import MOST_INPUT, input_block, modal
from bot.speech import mark, say, spoken

__all__ = [
    "amount_minor_of",
    "correct_intent",
    "dismiss",
    "edit_reply",
    "follow_up",
    "kinder_wording",
    "loading",
    "notice",
    "refund",
]

MONEY_KINDS = (
    (mark("Refund"), "refund"),
    (mark("Refund of shipping"), "shipping_refund"),
    (mark("Refund of a price difference"), "price_difference"),
    (mark("Credit"), "credit"),
)


def loading(title: str, callback_id: str, metadata: str) -> Block:
    """Opened at once, because Slack waits three seconds only; updated once there is something to show."""
    return modal(title, callback_id, metadata, [paragraph(say("One moment ..."))])


def notice(title: str, text: str) -> Block:
    """Something to read and close."""
    return modal(title, "notice", "", [paragraph(text)], close=say("Close"))


def dismiss(metadata: str) -> Block:
    """Why a suggestion is not used; the reason may stay empty."""
    reason = {
        "type": "plain_text_input",
        "action_id": "reason",
        "multiline": True,
        "max_length": 500,
        "placeholder": plain(say("Such as: answered by phone"), 150),
    }
    blocks = [
        paragraph(say("Nothing is sent. The case stays open until somebody answers or resolves it.")),
        input_block("reason", say("What should be better next time?"), reason, optional=True),
    ]
    return modal(say("Dismiss suggestion"), "dismiss", metadata, blocks, submit=say("Dismiss"))


def correct_intent(current: str, metadata: str, language: str = "") -> Block:
    """What the customer really wants, and in which language to answer; a new draft follows."""
    options = [option(say(label), name) for name, label in labels.INTENTS.items()]
    chosen = [one for one in options if one["value"] == current]
    select: Block = {"type": "static_select", "action_id": "intent", "options": options}
    if chosen:
        select["initial_option"] = chosen[0]
    blocks = [
        input_block("intent", say("What does the customer want?"), select),
        input_block("language", say("Which language do they write?"), _languages(language), optional=True),
        context(say("The card gets a new draft for it. Nothing is sent.")),
    ]
    return modal(say("Correct the reading"), "correct_intent", metadata, blocks, submit=say("Save"))


def _languages(current: str) -> Block:
    options = [option(say(name), code) for code, name in labels.ANSWERED.items()]
    select: Block = {"type": "static_select", "action_id": "language", "options": options}
    if chosen := [one for one in options if one["value"] == current]:
        select["initial_option"] = chosen[0]
    return select


def follow_up(
    text: str,
    due_at: datetime | None,
    why: str,
    metadata: str,
    *,
    resolving: bool,
    kind: str,
    compulsory: bool = False,
) -> Block:
    """The personal message after a case. When `resolving` it may be skipped: `due` and `text` may be empty.

    `compulsory` (a customer we let down before) asks for the reason of skipping, in `reason`.
    """
    picker: Block = {"type": "datetimepicker", "action_id": "due"}
    if due_at is not None:
        picker["initial_date_time"] = int(due_at.timestamp())
    about = line(say(why), 500)
    if kind:
        named = labels.named(labels.FOLLOW_UPS, kind)
        about = f"{named} – {uncapitalized(about)}" if about else named
    blocks = [
        *([context(about)] if about else []),
        input_block("due", say("When it goes out"), picker, optional=resolving),
        input_block("text", say("What it says"), _message(text), optional=resolving),
    ]
    if resolving:
        blocks += _skipping(compulsory)
    title = say("Resolve") if resolving else say("Set follow-up")
    submit = say("Resolve") if resolving else say("Set Follow-Up")
    return modal(title, "follow_up", metadata, blocks, submit=submit)


def refund(
    order_number: str, amount_minor: int | None, currency: str, left_minor: int | None, metadata: str
) -> Block:
    """Money back by hand. Amounts in the smallest unit of `currency`; `left_minor` is None if not known.

    The person types major units: read them with `amount_minor_of`.
    """
    number = line(order_number, 40)
    order = say("Order {number}", number=number) if number else say("No order is linked")
    if left_minor is not None and left_minor <= 0:
        all_of_it = say("{order}: everything that was paid has been given back.", order=order)
        return modal(say("Refund"), "refund", metadata, [paragraph(all_of_it)], close=say("Close"))
    kinds = [option(say(label), kind) for label, kind in MONEY_KINDS]
    select = {"type": "static_select", "action_id": "kind", "options": kinds, "initial_option": kinds[0]}
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 500}
    blocks = [
        context(_left(order, left_minor, currency)),
        input_block(
            "amount",
            say("Amount in {currency}", currency=currency),
            _amount(amount_minor, currency, left_minor),
        ),
        input_block("kind", say("Kind"), select),
        input_block("note", say("Note for colleagues"), note, optional=True),
    ]
    return modal(say("Refund"), "refund", metadata, blocks, submit=say("Request Refund"))


def amount_minor_of(typed: str, currency: str) -> int:
    """What was typed into the amount, in the smallest unit of `currency`.

    Raises ArithmeticError where it is no number, and ValueError where it has more decimals than the currency.
    """
    minor = Decimal(typed).scaleb(get_currency_precision(currency))
    if not minor.is_finite() or minor != int(minor):
        raise ValueError(f"{typed} is no amount in {currency}")
    return int(minor)


def _left(order: str, left_minor: int | None, currency: str) -> str:
    if left_minor:
        digits = get_currency_precision(currency)
        major = Decimal(left_minor).scaleb(-digits)
        shown = format_decimal(major, f"0.{'0' * digits}" if digits else "0", locale=spoken())
        left = f"{shown} {currency}"
        return say("{order}: {amount} is left to give back.", order=order, amount=left)
    return say(
        "{order}: what is left to give back is not in our books, so it is looked up before the money moves.",
        order=order,
    )


def _major(amount_minor: int, currency: str) -> str:
    return f"{Decimal(amount_minor).scaleb(-get_currency_precision(currency)):f}"


def _amount(amount_minor: int | None, currency: str, left_minor: int | None) -> Block:
    field: Block = {
        "type": "number_input",
        "action_id": "amount",
        "is_decimal_allowed": get_currency_precision(currency) > 0,
        "min_value": _major(1, currency),
    }
    if left_minor is not None:
        field["max_value"] = _major(left_minor, currency)
    if amount_minor is not None and amount_minor > 0:
        first = amount_minor if left_minor is None else min(amount_minor, left_minor)
        field["initial_value"] = _major(first, currency)
    return field


def _message(text: str) -> Block:
    field: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": MOST_INPUT,
    }
    if text.strip():
        field["initial_value"] = cut(clean(text), MOST_INPUT)
    return field


def _skipping(compulsory: bool) -> list[Block]:
    box = {
        "type": "checkboxes",
        "action_id": "skip",
        "options": [option(say("Resolve without a follow-up"), "skip")],
    }
    blocks = [input_block("skip", say("Or"), box, optional=True)]
    if compulsory:
        reason = {"type": "plain_text_input", "action_id": "reason", "max_length": 300}
        blocks.append(context(say("We let this customer down before: leaving it out needs a reason.")))
        blocks.append(input_block("reason", say("Why no follow-up"), reason, optional=True))
    return blocks
