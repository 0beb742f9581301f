"""The windows about wordings: always legal, whatever stands in a letter, a name or a case."""

from collections.abc import Iterator
from typing import Any

import pytest
from card_views import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards.shapes import FindingLine
from bot.cards.texts import clean
from bot.cards.wording_fields import field_of, part_fields, typed_parts
from bot.cards.wording_labels import LANGUAGES, grouped, language_in, letter_label, matching
from bot.cards.wording_modals import (
    LetterShown,
    Preview,
    VersionLine,
    choose_letter,
    edit_wording,
    versions,
)
from bot.sandbox.screens import keep_values
from bot.sandbox.slackcheck import check_view

LETTERS = [
    "reply/double_charge_granted",
    "reply/declined",
    "follow_up/heard",
    "event/outage",
    "reply/new_thing",
]
BAD = (
    "<!channel> <@U1> <https://evil.example|bank>",
    "\u202egnp.exe |>",
    "👩‍👩‍👧" * 700,
    "x" * 10_000,
    "&" * 10_000,
    "\n" * 500,
    "",
    "\x00\x1b[31m\ud800",
    "{{ name }}{% if x %}",
)
hostile = st.one_of(st.sampled_from(BAD), st.text(max_size=60))
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
REMEMBERED = {"n": "reply/declined", "l": "da", "b": 3, "r": 2, "h": "0" * 16, "a": False}


EDITED = ("subject", "fix", "heard", "next_step", "question", "head")


def texts_in(shown: Any) -> Iterator[dict[str, Any]]:
    """Every text object."""
    if isinstance(shown, dict):
        if shown.get("type") in ("mrkdwn", "plain_text"):
            yield shown
        shown = list(shown.values())
    for each in shown if isinstance(shown, list) else ():
        yield from texts_in(each)


def values_of(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack would send back, nothing touched."""
    return keep_values(view["blocks"], {})


@quick
@given(st.dictionaries(st.sampled_from(EDITED), hostile), hostile)
def test_the_window_to_edit_is_legal_and_gives_back_what_stands_in_it(
    parts: dict[str, str], words: str
) -> None:
    finding = FindingLine("demands_proof", "high", words, words, words)
    letters = tuple(LetterShown(words, at, words, words) for at in (NOW, None, NOW))
    for preview in (None, Preview(letters, (finding,) * 9, asks_again=True), Preview(letters, ())):
        view = edit_wording(
            parts, REMEMBERED, standing=words or "-", names=["name"], news=[words], preview=preview
        )
        assert check_view(view) == []
        typed = typed_parts(values_of(view))
        assert {name: text.strip() for name, text in typed.items()} == {
            name: clean(text).strip() for name, text in parts.items()
        }


@quick
@given(hostile, st.integers(0, 14))
def test_the_list_of_versions_is_legal_however_long(words: str, number: int) -> None:
    lines = [VersionLine(words, words, NOW, words, place) for place in range(1, number + 1)]
    lines.append(VersionLine("What came with Tillid", "", None, words, 0))
    view = versions("reply/declined", "da", lines, seen=number, undo=True, news=words)
    assert check_view(view) == []
    # The way back to the files is never cut off.
    assert "wording:version:0" in str(view["blocks"])


@quick
@given(hostile, st.sampled_from(["da", "xx", ""]))
def test_the_window_to_choose_is_legal(words: str, language: str) -> None:
    for letters in (LETTERS, LETTERS[:1]):
        assert check_view(choose_letter(letters, language, words)) == []


def test_markup_of_strangers_is_never_read_as_such() -> None:
    letter = LetterShown("<@U1>", NOW, "<!here>", "<!channel>")
    view = edit_wording(
        {"fix": "<!channel>"},
        REMEMBERED,
        standing="<!here>",
        names=[],
        news=["<@U1>"],
        preview=Preview((letter,), ()),
    )
    markup = [each["text"] for each in texts_in(view["blocks"]) if each["type"] == "mrkdwn"]
    assert len(markup) == 1
    assert markup[0].startswith("<!date^")


def test_a_line_is_found_in_the_field_that_holds_it() -> None:
    text = "\n".join(f"{number} " + "x" * 98 for number in range(1, 61))
    values = values_of({"blocks": part_fields({"heard": text, "fix": "Ja."}, 1)})
    fields = [each for each in values if ":heard" in each]
    assert len(fields) == 3
    for line in (1, 29, 30, 31, 60):
        block_id, within = field_of(values, "heard", line)
        assert values[block_id]["text"]["value"].split("\n")[within - 1].startswith(f"{line} ")
    assert field_of(values, "gone", 4) == ("part:1:fix", 0)


def test_every_letter_has_a_label_and_a_group() -> None:
    assert letter_label("reply/double_charge_granted") == "Charged twice: done now"
    assert letter_label("follow_up/heard") == "You were heard"
    assert letter_label("reply/new_thing") == "New thing"
    held = [each for _, letters in grouped(LETTERS) for each in letters]
    assert sorted(held) == sorted(LETTERS)


@pytest.mark.parametrize(
    ("words", "language", "rest"),
    [
        ("declined sv", "sv", "declined"),
        ("declined Bokmål", "nb", "declined"),
        ("honest no", "", "honest no"),
        ("", "", ""),
        ("DANSK", "da", ""),
    ],
)
def test_a_language_among_the_words_is_heard(words: str, language: str, rest: str) -> None:
    assert language_in(words) == (language, rest)
    assert set(LANGUAGES) == {"da", "nb", "nn", "sv", "en"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("declined", ["reply/declined"]),
        ("Charged", ["reply/double_charge_granted"]),
        ("dubble charge", ["reply/double_charge_granted"]),
        ("declined charge", []),
        ("dubble xyzzy", []),
        ("", LETTERS),
    ],
)
def test_all_words_have_to_fit(words: str, found: list[str]) -> None:
    assert matching(LETTERS, words) == found
