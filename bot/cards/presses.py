"""What can be pressed on the card of a conversation, state by state."""

import json

from bot.cards.elements import actions, button, confirm, overflow, pressed_on
from bot.cards.shapes import Block, CardView
from bot.cards.texts import line
from bot.speech import mark, say

NEXT = "queue_next"
#: A case passed over comes round again after so many others.
MOST_PASSED = 20
#: What Send says by the kind of money that goes with it.
_SENDING = {
    "refund": mark("Send and Refund {amount}"),
    "release": mark("Send and Release {amount}"),
    "credit": mark("Send and Credit {amount}"),
}


def send_label(view: CardView) -> str:
    """What the first button says: the money it moves is named on it."""
    amount = line(view.remedy_amount, 30)
    if not view.send_refunds or not amount:
        return say("Send Reply")
    return say(_SENDING.get(view.remedy_kind, _SENDING["refund"]), amount=amount)


def buttons(view: CardView) -> list[Block]:
    """The actions block of the card, or nothing where nothing can be pressed."""
    elements = _elements(view)
    return [actions(f"card:{view.conversation_id}:v{view.version}", *elements)] if elements else []


def quiet_menu(view: CardView) -> Block:
    """The one thing to do about a machine's mail."""
    value = f"card:{view.conversation_id}:v{view.version}"
    return actions(value, overflow("card_more", [(say("Resolve"), "resolve")]))


def next_button(*passed: int, label: str = "") -> Block:
    """Leads to the next case; `passed` are those that are left, the one on screen last."""
    return button(label or say("Next"), NEXT, json.dumps({"p": passed[-MOST_PASSED:]}))


def left(value: str) -> list[int]:
    """The cases that a press on such a button leaves."""
    return [int(each) for each in json.loads(value)["p"]]


def _elements(view: CardView) -> list[Block]:
    match view.state:
        case "sending":
            return [_undo(view)] if view.undo_version == view.version else []
        case "new" if view.owner_only:
            return [_plain(view, say("Write Reply"), "card_edit", style="primary"), _resolve(view)]
        case "new" if view.draft.strip():
            return [_send(view), _plain(view, say("Edit"), "card_edit"), *_remedies(view), *_rest(view)]
        case "new":
            return [_plain(view, say("Write Reply"), "card_edit"), *_remedies(view), *_rest(view)]
        case "shown":
            return [_plain(view, say("Write Reply"), "card_edit"), _resolve(view), _more(view)]
        case "failed":
            retry = _plain(view, say("Retry"), "card_retry", style="primary")
            return [retry, _more(view, (say("Resolve"), "resolve"))]
        case _ if view.owner_only:
            return [_resolve(view)]
        case _:
            return [*_remedies(view), _resolve(view), next_button(view.conversation_id), _more(view)]


def undo_button(conversation_id: int, version: int) -> Block:
    """Takes a reply back before it goes."""
    return button(say("Undo"), "card_undo", pressed_on(c=conversation_id, v=version))


def _undo(view: CardView) -> Block:
    return undo_button(view.conversation_id, view.undo_version)


def _send(view: CardView) -> Block:
    return button(send_label(view), "card_send", _value(view), style="primary", confirm=_second_look(view))


def _second_look(view: CardView) -> Block | None:
    if not view.needs_second_check:
        return None
    amount = line(view.remedy_amount, 30, otherwise=say("The amount"))
    return confirm(
        say("Is the amount right?"),
        say(
            "{amount} is a large amount. A colleague checks the typing before the money moves.", amount=amount
        ),
        say("Send"),
        say("Not Yet"),
    )


def _remedies(view: CardView) -> list[Block]:
    return [_plain(view, say("Refund"), "card_refund"), _plain(view, say("Follow Up"), "card_follow_up")]


def _rest(view: CardView) -> list[Block]:
    more = _more(view, (say("Resolve"), "resolve"), (say("Not a Request"), "not_a_request"))
    return [_plain(view, say("Dismiss"), "card_dismiss"), more]


def _resolve(view: CardView) -> Block:
    if view.resolved:
        return _plain(view, say("Reopen"), "card_reopen")
    return _plain(view, say("Resolve"), "card_resolve")


def _more(view: CardView, *first: tuple[str, str]) -> Block:
    options = [*first, (say("Correct the Reading"), "correct_intent")]
    if view.follow_up is not None and view.follow_up.state == "scheduled":
        options.append((say("Cancel Follow-Up"), "cancel_follow_up"))
    return overflow("card_more", options)


def case_menu(view: CardView) -> list[Block]:
    """Whose the case is, and when: what can be done with it whatever the draft says."""
    if view.resolved or view.owner_only or view.state == "sending" or view.leading is not None:
        return []
    options = [(say("Assign to Me"), "assign"), (say("Hand Over"), "hand_over"), (say("Snooze"), "snooze")]
    if view.state == "new" and view.draft.strip():
        options.append((say("Read in Your Language"), "sibling"))
    return [overflow("card_case", options)]


def _plain(view: CardView, label: str, action_id: str, *, style: str = "") -> Block:
    return button(label, action_id, _value(view), style=style)


def _value(view: CardView) -> str:
    return pressed_on(c=view.conversation_id, v=view.version)
