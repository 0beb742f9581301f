"""Texts, options and confirmation dialogs: the parts that blocks and elements are made of."""

from bot.sandbox.slackcheck.shapes import Check, array, choice, flag, record, string, variant

IDENTIFIER = string(255)
URL = string(3000, pattern=r"(https?|mailto|slack|tel):\S+")


def plain(most: int) -> Check:
    """A plain_text object."""
    return record({"type": choice("plain_text"), "text": string(most)}, {"emoji": flag})


def mrkdwn(most: int) -> Check:
    """A mrkdwn object."""
    return record({"type": choice("mrkdwn"), "text": string(most)}, {"verbatim": flag})


def text(most: int) -> Check:
    """A text object of either kind."""
    return variant({"plain_text": plain(most), "mrkdwn": mrkdwn(most)}, "text object")


#: A confirmation dialog.
CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def option(label: Check, *, with_url: bool = False) -> Check:
    """One choice of a menu or a group; only overflow menus may carry a url."""
    return record(
        {"text": label, "value": string(150)},
        {"description": text(75), **({"url": URL} if with_url else {})},
    )


MENU_OPTION = option(plain(75))
#: Checkboxes and radio buttons may use mrkdwn.
GROUP_OPTION = option(text(75))
OVERFLOW_OPTION = option(plain(75), with_url=True)
OPTION_GROUP = record({"label": plain(75), "options": array(MENU_OPTION, 100)})

SLACK_FILE = record({}, {"id": string(pattern=r"F[A-Z0-9]{8,}"), "url": URL})
