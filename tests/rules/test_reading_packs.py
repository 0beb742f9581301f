"""The packs of words: a broken one is named, and none of ours is thin."""

import pytest
from reading_support import raw_packs

from bot.rules.reading import compile_packs


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"intents": {"no_such": {"strong": ["x"]}}}, "da: intents.no_such"),
        ({"intents": {"praise": {"loud": ["x"]}}}, "da: intents.praise.loud"),
        (
            {"intents": {"praise": {"strong": ["{nowhere} x"]}}},
            "da: intents.praise.strong: no list is called 'nowhere'",
        ),
        ({"intents": {"praise": {"strong": ["x .."]}}}, "da: intents.praise.strong"),
        ({"intents": {"praise": {"strong": [False]}}}, "da: intents.praise.strong"),
        ({"feeling": {"happy": ["x"]}}, "da: feeling.happy"),
        ({"colours": {}}, "da: colours"),
        ({"lists": ["x"]}, "da: lists"),
        ({"extends": "xx"}, "da: extends"),
    ],
)
def test_a_broken_pack_is_named_by_language_and_key(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match="da: ") as caught:
        compile_packs({"en": raw_packs()["en"], "da": change})
    assert str(caught.value).startswith(named)


def test_without_english_there_is_nothing_to_fall_back_on() -> None:
    with pytest.raises(ValueError, match="en: "):
        compile_packs({"da": raw_packs()["da"]})


def test_every_shipped_pack_of_a_whole_language_has_cues_for_every_intent() -> None:
    raw = raw_packs()
    for language in ("da", "nb", "sv", "en"):
        assert len(raw[language]["intents"]) == 19
