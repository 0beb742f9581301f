"""What a learned model makes of a message, or of a sentence of ours, as rules are handed it: shares, no decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1. An empty mapping: the model says nothing about it (no model, or a text without words)."""

    #: How much of the message each wish is; sums to 1.
    intents: Mapping[str, float] = field(default_factory=dict)
    #: Calm, annoyed, furious; sums to 1.
    feeling: tuple[float, float, float] = (1.0, 0.0, 0.0)
    urgent: float = 0.0
    second_bad_experience: float = 0.0
    #: Why it may be a matter for the owner, "none" among them; sums to 1.
    owner_only: Mapping[str, float] = field(default_factory=dict)
    #: Each language of ours; sums to 1.
    languages: Mapping[str, float] = field(default_factory=dict)
    #: The words that made each of the likely wishes, in the order of the text.
    because: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


#: Without a model the words decide alone.
NO_SCORES = Scores()


@dataclass(frozen=True, slots=True)
class Heard:
    """What a learned model thinks a customer hears in one sentence of ours. Empty: it says nothing about it."""

    #: How likely each category of the trust linter is, 0 to 1; they need not sum to 1.
    shares: Mapping[str, float] = field(default_factory=dict)
    #: For the likely ones the words that say so, as code points into the sentence.
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


NOTHING_HEARD = Heard()
