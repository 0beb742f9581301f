"""The house's own files: a broken one is named and left out, the others are used; no letter reaches out."""

import re
import shutil
from pathlib import Path

import pytest
from bounded import SideProcess

import bot
from bot.errors import ConfigError
from bot.house import House, open_house
from bot.house_templates import EXAMPLE, house_templates
from bot.rendering import Rendered, render

OWN = Path(bot.__file__).parent / "templates"
PACKS = Path(bot.__file__).parent / "rules" / "packs"


@pytest.fixture(scope="module")
def ours() -> House:
    return open_house()


def lay(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    return [str(each) for each in house_templates(OWN, folder / "templates")[1]]


def letter(house: House, name: str = "reply/declined", language: str = "da") -> Rendered:
    return render(house.templates, name, language, EXAMPLE)


GOOD = "Et emne\n---\nHej {{ name }}\n"


def test_a_house_without_files_of_its_own_has_no_problems(ours: House, tmp_path: Path) -> None:
    assert ours.problems == ()
    lay(tmp_path, "templates/README.md", "how to")
    lay(tmp_path, "templates/.gitkeep", "")
    lay(tmp_path, "templates/da/reply/declined.j2~", "{% if")
    lay(tmp_path, "words/README.md", "how to")
    assert open_house(tmp_path).problems == ()


def test_a_broken_template_is_left_out_alone_and_named_with_its_line(ours: House, tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/declined.j2", "Emne\n---\nHej\n{% if first %}\n")
    lay(tmp_path, "templates/da/reply/thanks.j2", GOOD)
    house = open_house(tmp_path)
    (problem,) = house.problems
    assert re.match(r"templates/da/reply/declined\.j2:4: .*endif", problem)
    assert letter(house) == letter(ours)
    assert letter(house, "reply/thanks") == Rendered("Et emne", "Hej Mette")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{{ nobody }}", "nobody"),
        ("{% if customer_type == 'never' %}{{ nobody }}{% endif %}", "nobody"),
        ("{{ name.__class__ }}", "__class__"),
        ("{{ name['__class__'] }}", "__class__"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "__class__"),
        ("{{ namespace.__init__.__globals__ }}", "__init__"),
        ("{{ '{0.__class__}'.format(name) }}", "__class__"),
        ("{{ self.__init__ }}", "__init__"),
        ("{{ (name | upper).encode() }}", "encode"),
        ("{{ lipsum(5) }}", "lipsum"),
        ("{{ cycler('a') }}", "cycler"),
        ("{{ name | attr('upper') }}", "attr"),
        ("{{ name | center(1000000000) }}", "center"),
        ("{% include '/etc/hostname' %}", "hostname"),
        ("{% include '../../house.yaml' %}", "house.yaml"),
        ("{% for n in range(10**9) %}x{% endfor %}", "**"),
        ("{% for n in range(1000000000) %}x{% endfor %}", "range"),
        (f"{'{% for n in range(100) %}' * 5}x{'{% endfor %}' * 5}", "steps"),
        ("{{ 10 ** 10 ** 10 }}", "**"),
        ("{{ 'a' * 1000000000 }}", "*"),
        ("{{ '%1000000000d' % 1 }}", "%"),
        ("{{ '{:1000000000}'.format(1) }}", "format"),
        ("{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}", "longer"),
        ("{% set a = 'ab' %}" + "{% set a = a + a %}" * 60 + "{{ a }}", "longer"),
        ("{% set a = 'ab' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 60 + "{{ a }}", "longer"),
        ("{% set a = 'ab' %}" + "{% set a = a | replace('a', a) %}" * 60 + "{{ a }}", "longer"),
        (
            "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
            "steps",
        ),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "recursion"),
        ("{{ also }}", "tuple"),
        ("{{ first }}", "bool"),
        ("{{ 1 / 0 }}", "division"),
        ("{% for n in also %}" * 30 + "{% endfor %}" * 30, "nested"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", ""),
    ],
)
def test_whatever_a_template_may_not_say_is_refused(
    side_process: SideProcess, tmp_path: Path, line: str, reason: str
) -> None:
    lay(tmp_path, "templates/da/reply/declined.j2", f"Emne\n---\n{line}\n")
    (problem,) = side_process.do(problems, tmp_path)
    assert problem.startswith("templates/da/reply/declined.j2")
    assert reason in problem


def test_the_line_that_fails_when_the_letter_is_written_is_named(tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/declined.j2", "Emne\n---\n\n{{ name.__class__ }}\n")
    (problem,) = problems(tmp_path)
    assert problem.startswith("templates/da/reply/declined.j2:4: ")


def test_a_letter_without_a_subject_is_left_out(tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/declined.j2", "Hej {{ name }}\n")
    (problem,) = problems(tmp_path)
    assert problem.startswith("templates/da/reply/declined.j2:1: a letter needs a subject")


def test_a_file_of_no_letters_name_is_named_with_the_nearest(tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/decline.j2", GOOD)
    lay(tmp_path, "templates/notes.txt", "x")
    assert problems(tmp_path) == [
        "templates/da/reply/decline.j2: no letter has this name; did you mean da/reply/declined.j2?",
        "templates/notes.txt: no letter has this name",
    ]


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "templates/da/reply/declined.j2"
    path.parent.mkdir(parents=True)
    path.write_bytes("Emne\n---\nKøbet\n".encode("latin-1"))
    assert problems(tmp_path) == ["templates/da/reply/declined.j2:3: is not UTF-8, save it as UTF-8"]


def test_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    path = tmp_path / "templates/da/reply/declined.j2"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "gone")
    assert problems(tmp_path) == ["templates/da/reply/declined.j2: is no file"]


def test_a_shared_file_that_our_letters_cannot_use_is_left_out_and_the_houses_letters_stay(
    ours: House, tmp_path: Path
) -> None:
    lay(tmp_path, "templates/da/reply/_voice.j2", "{% macro mine() %}x{% endmacro %}")
    lay(tmp_path, "templates/da/reply/thanks.j2", GOOD)
    env, found = house_templates(OWN, tmp_path / "templates")
    (problem,) = map(str, found)
    assert problem.startswith("templates/da/reply/_voice.j2: with it da/")
    assert render(env, "reply/thanks", "da", EXAMPLE).subject == "Et emne"
    assert render(env, "reply/declined", "da", EXAMPLE) == letter(ours)


def test_an_intent_that_the_houses_questions_forget_is_found(tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/ask_open.j2", "{{ {'other': 'x'}[question_key] }}\n---\n{{ name }}")
    (problem,) = problems(tmp_path)
    assert problem.startswith("templates/da/reply/ask_open.j2:1: ")


def test_our_own_letters_pass_as_a_houses(tmp_path: Path) -> None:
    shutil.copytree(OWN / "nn", tmp_path / "templates" / "nn")
    assert problems(tmp_path) == []


def test_the_example_holds_every_name_a_letter_may_use() -> None:
    text = (OWN / "README.md").read_text(encoding="utf-8")
    section = text.partition("## What a letter may use")[2].partition("An amount or a date")[0]
    listed = re.sub(r"\([^)]*\)", "", section)
    assert set(re.findall(r"`([a-z_]+)`", listed)) == set(EXAMPLE)


def test_a_template_changed_after_the_start_is_not_used_untried(tmp_path: Path) -> None:
    lay(tmp_path, "templates/da/reply/thanks.j2", GOOD)
    env, _ = house_templates(OWN, tmp_path / "templates")
    lay(tmp_path, "templates/da/reply/thanks.j2", "{% if")
    assert render(env, "reply/thanks", "da", EXAMPLE).subject == "Et emne"


# ---- words ----------------------------------------------------------------------------------------------------


def broken_list(kind: str, add: str, language: str = "da") -> tuple[str, int]:
    """Our list with something wrong at its end, and the line that is in."""
    text = (PACKS / language / f"{kind}.yaml").read_text(encoding="utf-8").rstrip("\n") + "\n"
    return text + add, text.count("\n") + 1


@pytest.mark.parametrize(
    ("kind", "add", "below", "reason"),
    [
        ("reading", "wrong: [1\n", 1, "cannot be read"),
        ("reading", "wrong: {}\n", 0, "no such key"),
        ("linting", "exceptions:\n  - 'a (b'\n", 1, "without"),
    ],
)
def test_a_broken_word_list_is_left_out_alone_and_named_with_its_line(
    ours: House, tmp_path: Path, kind: str, add: str, below: int, reason: str
) -> None:
    text, line = broken_list(kind, add)
    lay(tmp_path, f"words/da/{kind}.yaml", text)
    lay(tmp_path, "templates/da/reply/thanks.j2", GOOD)
    house = open_house(tmp_path)
    (problem,) = house.problems
    assert problem.startswith(f"words/da/{kind}.yaml:{line + below}: "), problem
    assert reason in problem
    assert (house.packs, house.lexicon) == (ours.packs, ours.lexicon)
    assert letter(house, "reply/thanks").subject == "Et emne"


def test_a_list_that_another_language_builds_on_is_named_itself(ours: House, tmp_path: Path) -> None:
    lay(tmp_path, "words/nb/reading.yaml", "lists: 3\n")
    lay(tmp_path, "words/fr/reading.yaml", "things: {}\n")
    (tmp_path / "words/da").mkdir()
    (tmp_path / "words/da/linting.yaml").write_bytes(b"words:\n  a: \xff\n")
    house = open_house(tmp_path)
    assert [each.partition(": ")[0] for each in house.problems] == [
        "words/da/linting.yaml:2",
        "words/fr/reading.yaml",
        "words/nb/reading.yaml:1",
    ]
    assert house.packs == ours.packs


@pytest.mark.parametrize("name", ["house.yaml", "policy.yaml"])
def test_a_broken_house_or_policy_stops_the_start(tmp_path: Path, name: str) -> None:
    lay(tmp_path, name, "authority: [\n")
    with pytest.raises(ConfigError, match=rf"{name}:\d+: cannot be read"):
        open_house(tmp_path)
