"""A letter as parts: nothing is lost on the way, and every line is found again where it was typed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.wording_parts import HEAD, PARTS, WHOLE, Place, misplaced, missing, parts_of, place_of, text_of

TEMPLATES = Path(bot.__file__).parent / "templates"
LETTERS = sorted(each for each in TEMPLATES.glob("*/*/*.j2") if each.name[0] != "_")
MADE = """{% extends "da/reply/_letter.j2" %}
{% block subject %}Om ordren{% endblock %}
{% block fix %}
Ja.
{% endblock %}
"""


def test_every_letter_of_ours_is_made_of_parts_and_keeps_them() -> None:
    assert len(LETTERS) > 200
    for path in LETTERS:
        parts = parts_of(path.read_text(encoding="utf-8"))
        assert WHOLE not in parts, path
        assert "{% extends" in parts[HEAD], path
        assert parts_of(text_of(parts)) == parts, path


def test_every_line_of_every_part_is_found_where_it_stands() -> None:
    for path in LETTERS[::7]:
        parts = parts_of(path.read_text(encoding="utf-8"))
        lines = text_of(parts).split("\n")
        for name in (each for each in PARTS if parts[each].strip()):
            for number, line in enumerate(parts[name].split("\n"), start=1):
                places = [place_of(parts, at) for at, found in enumerate(lines, start=1) if found == line]
                assert Place(name, number) in places, (path, name, number)


def test_parts_that_are_empty_are_left_out() -> None:
    parts = parts_of(MADE)
    assert (parts["subject"], parts["fix"], parts["heard"]) == ("Om ordren", "Ja.", "")
    assert "heard" not in text_of(parts)


@pytest.mark.parametrize(
    "text",
    [
        "Hej {{ name }}\n",
        "Hej\n---\n{% block fix %}a{% endblock %} efter",
        MADE + "{% block fix %}to gange{% endblock %}",
        MADE + "{% block strange %}x{% endblock %}",
        MADE.replace("Ja.", "{% block heard %}inden i{% endblock %}"),
        "",
    ],
)
def test_what_is_not_made_of_parts_is_edited_in_one_piece(text: str) -> None:
    assert parts_of(text) == {WHOLE: text.strip("\n")}
    assert text_of(parts_of(text)).strip("\n") == text.strip("\n")


@pytest.mark.parametrize("tag", ["{% endblock %}", "{% block fix %}", "{%- endblock", "{%   block x %}"])
@pytest.mark.parametrize("part", [*PARTS, HEAD])
def test_a_part_that_breaks_out_of_its_place_is_seen(part: str, tag: str) -> None:
    assert misplaced(parts_of(MADE)) is None
    assert misplaced({**parts_of(MADE), part: f"a {tag} b"}) == part


def test_a_letter_needs_a_subject_and_a_first_line() -> None:
    parts = parts_of(MADE)
    assert missing(parts) is None
    assert missing({**parts, "subject": " \n"}) == "subject"
    assert missing({**parts, "fix": ""}) == "fix"
    assert missing({WHOLE: " "}) == WHOLE


@given(st.dictionaries(st.sampled_from(PARTS), st.text(max_size=80)))
def test_whatever_is_typed_comes_back_as_typed(typed: dict[str, str]) -> None:
    parts = {HEAD: '{% extends "da/reply/_letter.j2" %}', "subject": "Om", "fix": "Ja."} | typed
    if misplaced(parts) or missing(parts):
        return
    found = parts_of(text_of(parts))
    for name in PARTS:
        kept = parts.get(name, "")
        assert found.get(name, "").strip() == kept.strip()
