"""Rows -> what people are shown. Reads only; the cards themselves are pure."""

from bot.views.card import card_view
from bot.views.refund import refund_view, slack_id
from bot.views.remedies import HEADLINES, remedy_of, sends_refund

__all__ = ["HEADLINES", "card_view", "refund_view", "remedy_of", "sends_refund", "slack_id"]
