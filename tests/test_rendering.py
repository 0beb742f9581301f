"""How templates become letters: which file wins, what a value can do, how a broken template is named."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

import bot
from bot.errors import ConfigError
from bot.rendering import Rendered, environment, render

TEMPLATES = Path(bot.__file__).parent / "templates"
LETTER_CONTEXT = {
    "wish": "",
    "also": (),
    "sent_on": "",
    "offer_amount": "",
    "answer_by": "Friday 28 November",
    "by_date": "",
    "delivery_date": "",
    "name": "Mette",
    "agent": "Anna Holm",
    "house": "Nordlys",
    "channel": "email",
    "first": True,
    "customer_type": "",
}


def house(folder: Path, text: str, name: str = "en/reply/letter.j2") -> Environment:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return environment(folder, TEMPLATES)


def test_a_house_template_wins_over_ours_and_may_extend_our_letter(tmp_path: Path) -> None:
    text = (
        '{% extends "en/reply/_letter.j2" %}{% block subject %}S{% endblock %}{% block fix %}F{% endblock %}'
    )
    env = house(tmp_path, text, "en/reply/return_granted.j2")
    assert render(env, "reply/return_granted", "en", LETTER_CONTEXT) == Rendered(
        "S", "Hi Mette,\n\nF\n\nKind regards\nAnna"
    )


def test_a_value_cannot_grow_a_header_or_a_paragraph(tmp_path: Path) -> None:
    env = house(tmp_path, "{{ noun }}\n---\n{{ noun }}")
    rendered = render(env, "reply/letter", "en", {"noun": "a\r\nBcc: x\n---\n  b"})
    assert rendered == Rendered("a Bcc: x --- b", "a Bcc: x --- b")


def test_a_sentence_may_end_in_an_amount_with_its_own_full_stop(tmp_path: Path) -> None:
    env = house(tmp_path, "S\n---\nYou get {{ amount }}. Wait ... then {{ amount }}.")
    assert render(env, "reply/letter", "en", {"amount": "9 kr."}).text == "You get 9 kr. Wait ... then 9 kr."


def test_markup_in_a_plain_text_letter_is_left_alone_and_escaped_in_html(tmp_path: Path) -> None:
    env = house(tmp_path, "S\n---\n{{ noun }}")
    assert render(env, "reply/letter", "en", {"noun": "Ben & <Jerry>"}).text == "Ben & <Jerry>"
    env = house(tmp_path, "{{ noun }}", "mail/letter.html.j2")
    assert env.get_template("mail/letter.html.j2").render(noun="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("S\n---\n{% if %}", "letter.j2:3"),
        ("S\n---\n\n{{ nobody }}", "letter.j2:4"),
        ("S\n---\n{{ 1 / 0 }}", "letter.j2:3"),
        ("S\n---\n{{ 'a' + 1 }}", "letter.j2:3"),
        ("S\n---\n{{ name.__class__.__mro__ }}", "letter.j2:3"),
        ("S\n---\n{% include 'gone.j2' %}", "letter.j2:3"),
        ("S\n---\n{% include 'en/reply/letter.j2' %}", "letter.j2:3"),
        ("no line of dashes", "letter.j2"),
        ("\n---\ntext without a subject", "letter.j2"),
        ("subject without a text\n---\n", "letter.j2"),
    ],
)
def test_a_broken_template_is_named_with_file_and_line(tmp_path: Path, text: str, place: str) -> None:
    env = house(tmp_path, text)
    with pytest.raises(ConfigError, match=re.escape(place)):
        render(env, "reply/letter", "en", {"name": "Mette"})


def test_a_missing_template_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    env = house(tmp_path, "S\n---\nT")
    with pytest.raises(ConfigError, match=r"en/reply/gone\.j2"):
        render(env, "reply/gone", "en", {})
    (tmp_path / "en/reply/latin.j2").write_bytes("Købet\n---\nx".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"en/reply/latin\.j2: .*UTF-8"):
        render(env, "reply/latin", "en", {})
