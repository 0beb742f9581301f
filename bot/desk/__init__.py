"""The desk: what a person decides, each a function of (session, desk, who and what they pressed, now).

Every function checks who pressed and which version they saw, settles once, and writes its effects as outbox rows
in the same transaction. What is not allowed raises `Refused`, whose words are shown to that person.
"""

from bot.desk.cases import correct_intent, dismiss, resolve
from bot.desk.follow_ups import cancel_follow_up, set_follow_up
from bot.desk.payouts import decide_refund, settle_refund
from bot.desk.press import Desk, Press, acting
from bot.desk.refunds import ask_refund
from bot.desk.replies import retry, send

__all__ = [
    "Desk",
    "Press",
    "acting",
    "ask_refund",
    "cancel_follow_up",
    "correct_intent",
    "decide_refund",
    "dismiss",
    "resolve",
    "retry",
    "send",
    "set_follow_up",
    "settle_refund",
]
