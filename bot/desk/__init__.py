"""The desk: what a person decides, each a function of (session, desk, who and what they pressed, now).

Every function checks who pressed and which version they saw, settles once, and writes its effects as outbox rows
in the same transaction. What is not allowed raises `Refused`, whose words are shown to that person.
"""

from bot.desk.absences import Away, absence_of, come_back, go_away
from bot.desk.cases import correct_reading, dismiss, not_a_request, reopen, resolve
from bot.desk.files import open_files
from bot.desk.follow_ups import cancel_follow_up, set_follow_up
from bot.desk.nudges import be_quiet, fine_as_is, lift_category, mute_category, own_nudge, quiet_of
from bot.desk.orders import choose_order
from bot.desk.passing_on import assign, hand_over
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
from bot.desk.promises import keep_promise
from bot.desk.queue import take_next
from bot.desk.refunds import ask_refund
from bot.desk.replies import retry, send
from bot.desk.snoozing import snooze
from bot.desk.speech import choose_language
from bot.desk.stacks import close_stack, send_stack, take_out, undo_stack, view_stack
from bot.desk.together import OutOfDate, take_apart
from bot.desk.undoing import Undone, undo
from bot.desk.wordings import bring_back, leading, publish_wording

__all__ = [
    "Away",
    "Desk",
    "OutOfDate",
    "Press",
    "Undone",
    "absence_of",
    "acting",
    "add_note",
    "ask_refund",
    "assign",
    "be_quiet",
    "bring_back",
    "cancel_follow_up",
    "choose_language",
    "choose_order",
    "close_stack",
    "come_back",
    "confirm_person",
    "correct_reading",
    "decide_refund",
    "dismiss",
    "fine_as_is",
    "go_away",
    "hand_over",
    "keep_promise",
    "leading",
    "lift_category",
    "mute_category",
    "not_a_request",
    "open_files",
    "own_nudge",
    "part",
    "publish_wording",
    "quiet_of",
    "remove_note",
    "reopen",
    "resolve",
    "retry",
    "same_person",
    "send",
    "send_stack",
    "set_follow_up",
    "settle_refund",
    "snooze",
    "somebody_else",
    "take_apart",
    "take_next",
    "take_out",
    "undo",
    "undo_stack",
    "view_customer",
    "view_stack",
]
