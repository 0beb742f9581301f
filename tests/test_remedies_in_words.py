"""What a card would give, said so that it is a sentence with an amount and without one."""

import pytest

from bot.speech import SPOKEN, speaking
from bot.views.remedies import REMEDIES, remedy_in_words


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("kind", REMEDIES)
def test_a_remedy_reads_well_with_and_without_its_amount(kind: str, language: str) -> None:
    with speaking(language):
        known, unknown = remedy_in_words(kind, "499 kr."), remedy_in_words(kind, "")
    assert ("499 kr." in known) == ("{amount}" in REMEDIES[kind])
    assert unknown and "  " not in unknown and not unknown.endswith(" ")
    assert ("{amount}" in REMEDIES[kind]) == (known != unknown)
