"""A wording tried: what is wrong is named by part and line, what is right is shown and read by the trust check."""

from pathlib import Path

import pytest
from builders import NOW

from bot.house import House, open_house
from bot.trying_wordings import Case, Fault, Trial, sample, saying, try_wording
from bot.wording_parts import HEAD, WHOLE, parts_of

LETTER = "reply/declined"
FREE = """{% set subject = "Om din ordre" %}
{{ subject }}
---
Hej {{ name }}

Jeg kan ikke, men jeg kan noget andet.

{{ agent }}
"""


@pytest.fixture(scope="module")
def our_house() -> House:
    return open_house()


def ours(house: House, letter: str = LETTER, language: str = "da") -> dict[str, str]:
    assert house.our_templates.loader is not None
    name = f"{language}/{letter}.j2"
    return parts_of(house.our_templates.loader.get_source(house.our_templates, name)[0])


def tried(house: House, *cases: Case, **changed: str) -> Trial:
    return try_wording(house, LETTER, "da", {**ours(house), **changed}, cases)


@pytest.mark.parametrize(
    ("part", "text", "line", "reason"),
    [
        ("fix", "Ja.\n{% iff x %}", 2, "unknown tag 'iff'"),
        ("heard", "a\nb\n{{ nam }}", 3, "No letter is given 'nam'"),
        ("heard", "{% if name", 1, "expected"),
        ("heard", "{{ name }", 1, "unexpected"),
        ("subject", "{{ 1 / 0 }}", 1, "Division by zero"),
        ("question", "{% if feeling == 2 %}{{ also.there }}{% endif %}", 1, "no attribute 'there'"),
        ("next_step", "x\n{{ by_date.__class__ }}", 2, "unsafe"),
        ("next_step", "{% for a in range(100) %}{% for b in range(100) %}.{% endfor %}{% endfor %}", 1, "5000"),
        ("heard", "{{ name|shout }}", 1, "shout"),
        ("heard", "{{ ['a'] }}", 1, "texts and numbers"),
        ("fix", "", 0, "Every letter needs this"),
        ("heard", "{% endblock %}{% block x %}", 0, "cannot hold"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_part_line_and_reason(
    our_house: House, part: str, text: str, line: int, reason: str
) -> None:
    fault = tried(our_house, **{part: text}).fault
    assert fault is not None
    assert (fault.part, fault.line) == (part, line)
    assert reason.lower() in fault.reason.lower()


def test_a_fault_in_a_shared_file_names_that_file(our_house: House) -> None:
    changed = ours(our_house)[HEAD].replace("_letter.j2", "_lettre.j2")
    fault = tried(our_house, head=changed).fault
    assert fault is not None and "_lettre.j2" in fault.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (FREE.replace("Hej {{ name }}", "Hej"), "greet"),
        (FREE.replace("{{ agent }}", ""), "does not end with"),
        (FREE.replace("---", ""), "needs a subject"),
        (FREE.replace("{{ subject }}", ""), "needs a subject"),
        ("Hej", "needs a subject"),
    ],
)
def test_a_letter_without_subject_greeting_or_name_is_refused(
    our_house: House, text: str, reason: str
) -> None:
    trial = try_wording(our_house, LETTER, "da", {WHOLE: text}, [])
    assert trial.fault is not None and reason in trial.fault.reason
    assert try_wording(our_house, LETTER, "da", {WHOLE: FREE}, []).fault is None


def test_a_letter_is_shown_in_real_cases_or_with_sample_facts(our_house: House) -> None:
    case = Case(7, "Åse Dahl", NOW, {**sample(our_house, "da"), "name": "Åse"})
    trial = tried(our_house, case, fix="Jeg har set på det.")
    assert [each for each, _ in trial.letters] == [case]
    assert trial.letters[0][1].text.startswith("Hej Åse\n") or "Åse" in trial.letters[0][1].text
    (sampled,) = tried(our_house, fix="Jeg har set på det.").letters
    assert sampled[0] is None and "Mette" in sampled[1].text


def test_a_letter_that_fails_in_a_real_case_is_refused(our_house: House) -> None:
    strange = Case(7, "Åse", NOW, {**sample(our_house, "da"), "order_number": 5})
    fault = tried(our_house, strange, heard="{{ order_number.strip() }}").fault
    assert fault is not None
    assert fault == Fault("heard", 1, fault.reason)
    assert "real case" in fault.reason


def test_the_trust_check_reads_sentences_that_only_some_customers_get(our_house: House) -> None:
    unkind = "{% if customer_type == 'thinker' %}Send et billede som bevis.{% endif %}"
    trial = tried(our_house, next_step=unkind)
    assert [(each.category, each.severity) for each in trial.findings] == [("demands_proof", "high")]
    assert trial.high == 1
    assert trial.findings[0].rewrite and trial.findings[0].why


def test_every_letter_of_ours_passes_as_it_is(our_house: House) -> None:
    names = [each for each in our_house.our_templates.list_templates() if each.count("/") == 2]
    letters = [each.removesuffix(".j2").split("/", 1) for each in names if "/_" not in each]
    assert len(letters) > 200
    for language, letter in letters[::9]:
        trial = try_wording(our_house, letter, language, ours(our_house, letter, language), [])
        assert (trial.fault, trial.high) == (None, 0), (language, letter)


def test_a_house_whose_shared_file_changed_says_what_an_old_version_says_now(tmp_path: Path) -> None:
    shared = tmp_path / "templates" / "da" / "reply" / "_voice.j2"
    shared.parent.mkdir(parents=True)
    assert saying(open_house(), LETTER, "da", FREE) is not None
    assert saying(open_house(), LETTER, "da", FREE + "{{ gone }}") is None
