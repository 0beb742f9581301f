"""The desk: what a person decides, each a function of (session, desk, who and what they pressed, now).

Every function checks who pressed and which version they saw, settles once, and writes its effects as outbox rows
in the same transaction. What is not allowed raises `Refused`, whose words are shown to that person.
"""

from bot.desk.cases import correct_intent, dismiss, resolve
from bot.desk.files import open_files
from bot.desk.follow_ups import cancel_follow_up, set_follow_up
from bot.desk.orders import choose_order
from bot.desk.payouts import decide_refund, settle_refund
from bot.desk.persons import (
    add_note,
    confirm_person,
    part,
    remove_note,
    same_person,
    somebody_else,
    view_customer,
)
from bot.desk.press import Desk, Press, acting
from bot.desk.refunds import ask_refund
from bot.desk.replies import retry, send

__all__ = [
    "Desk",
    "Press",
    "acting",
    "add_note",
    "ask_refund",
    "cancel_follow_up",
    "choose_order",
    "confirm_person",
    "correct_intent",
    "decide_refund",
    "dismiss",
    "open_files",
    "part",
    "remove_note",
    "resolve",
    "retry",
    "same_person",
    "send",
    "set_follow_up",
    "settle_refund",
    "somebody_else",
    "view_customer",
]
