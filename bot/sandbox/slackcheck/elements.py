"""Interactive elements: one table each, then which block may hold which."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.slackcheck.objects import (
    CONFIRM,
    GROUP_OPTION,
    IDENTIFIER,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    URL,
    plain,
)
from bot.sandbox.slackcheck.shapes import (
    Check,
    Place,
    agreeing,
    array,
    choice,
    flag,
    record,
    string,
    variant,
    whole,
)

ACTION = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": flag}
MENU = {**ACTION, "placeholder": plain(150)}
DATE = string(pattern=r"\d{4}-\d{2}-\d{2}")
DISPATCH = record({}, {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)})


def exactly_one_of(*keys: str) -> Check:
    """A rule between fields: one of them, and only one."""

    def check(value: Any, place: Place) -> None:
        if sum(key in value for key in keys) != 1:
            place.refuse(f"needs exactly one of {', '.join(keys)}")

    return check


def initial_is_an_option(value: Any, place: Place) -> None:
    """What is chosen at the start must be one of the options, letter for letter."""
    holders = [value, *value.get("option_groups", [])]
    options = [option for holder in holders for option in holder.get("options", [])]
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(one not in options for one in chosen):
        place.refuse("the initial option must be one of the options")


def lengths_agree(value: Any, place: Place) -> None:
    """min_length, max_length and initial_value must not contradict each other."""
    most = value.get("max_length", 3000)
    if value.get("min_length", 0) > most:
        place.refuse("min_length must not be above max_length")
    if len(value.get("initial_value", "")) > most:
        place.at("initial_value").refuse(f"must be at most {most} characters")


def bounds_agree(value: Any, place: Place) -> None:
    """Numbers of a number_input are strings, in order, and whole unless decimals are allowed."""
    in_order: list[Decimal] = []
    for key in ("min_value", "initial_value", "max_value"):
        if key not in value:
            continue
        try:
            amount = Decimal(value[key])
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            place.at(key).refuse("must be a number, as a string")
            return
        if amount % 1 and not value["is_decimal_allowed"]:
            place.at(key).refuse("must be whole when is_decimal_allowed is false")
        in_order.append(amount)
    if in_order != sorted(in_order):
        place.refuse("min_value, initial_value and max_value must be in order")


BUTTON = record(
    {"type": choice("button"), "text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "url": URL,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = record(
    {"type": choice("overflow"), "options": array(OVERFLOW_OPTION, 5)},
    {"action_id": IDENTIFIER, "confirm": CONFIRM},
)
STATIC_SELECT = agreeing(
    record(
        {"type": choice("static_select")},
        {
            **MENU,
            "options": array(MENU_OPTION, 100),
            "option_groups": array(OPTION_GROUP, 100),
            "initial_option": MENU_OPTION,
        },
    ),
    exactly_one_of("options", "option_groups"),
    initial_is_an_option,
)
USERS_SELECT = record({"type": choice("users_select")}, {**MENU, "initial_user": string(pattern="[UW].+")})
CONVERSATIONS_SELECT = record(
    {"type": choice("conversations_select")},
    {
        **MENU,
        "initial_conversation": string(),
        "default_to_current_conversation": flag,
        "response_url_enabled": flag,
        "filter": record(
            {},
            {
                "include": array(choice("im", "mpim", "private", "public"), 4),
                "exclude_external_shared_channels": flag,
                "exclude_bot_users": flag,
            },
        ),
    },
)
PLAIN_TEXT_INPUT = agreeing(
    record(
        {"type": choice("plain_text_input")},
        {
            "action_id": IDENTIFIER,
            "initial_value": string(3000, least=0),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
            "placeholder": plain(150),
            "focus_on_load": flag,
            "dispatch_action_config": DISPATCH,
        },
    ),
    lengths_agree,
)
NUMBER_INPUT = agreeing(
    record(
        {"type": choice("number_input"), "is_decimal_allowed": flag},
        {
            "action_id": IDENTIFIER,
            "initial_value": string(),
            "min_value": string(),
            "max_value": string(),
            "placeholder": plain(150),
            "focus_on_load": flag,
            "dispatch_action_config": DISPATCH,
        },
    ),
    bounds_agree,
)
CHECKBOXES = agreeing(
    record(
        {"type": choice("checkboxes"), "options": array(GROUP_OPTION, 10)},
        {**ACTION, "initial_options": array(GROUP_OPTION, 10)},
    ),
    initial_is_an_option,
)
RADIO_BUTTONS = agreeing(
    record(
        {"type": choice("radio_buttons"), "options": array(GROUP_OPTION, 10)},
        {**ACTION, "initial_option": GROUP_OPTION},
    ),
    initial_is_an_option,
)
DATEPICKER = record({"type": choice("datepicker")}, {**MENU, "initial_date": DATE})
#: Seconds since 1970, ten digits.
DATETIMEPICKER = record(
    {"type": choice("datetimepicker")}, {**ACTION, "initial_date_time": whole(10**9, 10**10 - 1)}
)
FILE_INPUT = record(
    {"type": choice("file_input")},
    {"action_id": IDENTIFIER, "filetypes": array(string(20), 100), "max_files": whole(1, 10)},
)
IMAGE = agreeing(
    record(
        {"type": choice("image"), "alt_text": string(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE},
    ),
    exactly_one_of("image_url", "slack_file"),
)

CHOICES: Mapping[str, Check] = {
    "static_select": STATIC_SELECT,
    "users_select": USERS_SELECT,
    "conversations_select": CONVERSATIONS_SELECT,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "datepicker": DATEPICKER,
}
ACTIONS_ELEMENT = variant(
    {"button": BUTTON, "overflow": OVERFLOW, "datetimepicker": DATETIMEPICKER, **CHOICES},
    "element in an actions block",
)
ACCESSORY = variant({"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **CHOICES}, "accessory")
INPUT_ELEMENT = variant(
    {
        "plain_text_input": PLAIN_TEXT_INPUT,
        "number_input": NUMBER_INPUT,
        "datetimepicker": DATETIMEPICKER,
        "file_input": FILE_INPUT,
        **CHOICES,
    },
    "element in an input block",
)
