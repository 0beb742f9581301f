"""How our languages name a coming day, and how they promise something for it. One module per language.

Every field is a regular expression without groups of its own names, for text in small letters.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.rules.promise_words.da import DANISH
from bot.rules.promise_words.en import ENGLISH
from bot.rules.promise_words.nb import BOKMAAL
from bot.rules.promise_words.nn import NYNORSK
from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows
from bot.rules.promise_words.sv import SWEDISH

#: By the language of the text.
WORDS: Mapping[str, PromiseWords] = MappingProxyType(
    {"da": DANISH, "nb": BOKMAAL, "nn": NYNORSK, "sv": SWEDISH, "en": ENGLISH}
)

__all__ = ["WORDS", "DayWords", "PromiseWords", "Vows"]
