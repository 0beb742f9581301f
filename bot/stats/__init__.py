"""The numbers: a question -> its figure and period -> an answer in words."""

from bot.stats.answers import Answer, answer
from bot.stats.questions import Question, UnknownQuestion, parse

__all__ = ["Answer", "Question", "UnknownQuestion", "answer", "parse"]
