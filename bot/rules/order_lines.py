"""Which line of an order the customer speaks of."""

import re

from bot.rules.facts import Item, OrderFacts, Reading

_WORD = re.compile(r"[^\W\d_]{3,}")
#: "jakken", "lampan" and "huset" end in an article of one or two letters; the name in the shop does not.
_LONGEST_ARTICLE = 2
_SHORTEST_STEM = 3


def meant(order: OrderFacts, reading: Reading) -> Item | None:
    """The only line, the one whose name holds the customer's own word, or the one that costs what they wrote.

    None where several lines with different prices fit: then a person looks.
    """
    if len(order.items) == 1:
        return order.items[0]
    stems = [_stem(word) for word in _WORD.findall(reading.noun.casefold())]
    named = [item for item in order.items if any(stem in item.name.casefold() for stem in stems)]
    prices = {money.amount_minor for money in reading.amounts if money.currency == order.currency}
    priced = [item for item in named or order.items if item.amount_minor in prices]
    for found in (priced, named):
        if len({item.amount_minor for item in found}) == 1:
            return found[0]
    return None


def _stem(word: str) -> str:
    return word[: max(len(word) - _LONGEST_ARTICLE, _SHORTEST_STEM)]
