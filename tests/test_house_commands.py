"""What init writes, what check and a start say about a house with mistakes in it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

import bot
from bot.__main__ import cli
from bot.app import start
from bot.house import open_house
from bot.settings import Settings
from bot.suggesting import suggest

OWN = Path(bot.__file__).parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def tillid(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in words])


def broken_house(folder: Path) -> Path:
    """A house with a letter and a word list that do not work."""
    for name, text in (
        ("templates/da/reply/declined.j2", "Emne\n---\n{{ custmer }}\n"),
        ("words/da/linting.yaml", "words: [\n"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_init_says_how_a_letter_and_the_words_are_changed_and_what_it_says_works(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    assert tillid("init", folder).exit_code == 0
    for name, ours in (("templates", OWN / "templates"), ("words", OWN / "rules" / "packs")):
        text = (folder / name / "README.md").read_text(encoding="utf-8")
        assert str(ours) in text
        assert "tillid check" in text and "tillid suggest" in text
        (copied, target) = re.findall(r'cp "(.+)" (\S+)', text)[0]
        (folder / target).mkdir(parents=True)
        (folder / target / Path(copied).name).write_bytes(Path(copied).read_bytes())
        assert re.search(rf"mkdir -p {target.rstrip('/')}$", text, re.MULTILINE)
    assert open_house(folder).problems == ()


@pytest.mark.parametrize("name", ["house.yaml", ".env", "templates/README.md", "words/README.md"])
def test_init_overwrites_nothing_that_is_there(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    result = tillid("init", tmp_path)
    assert result.exit_code == 1
    assert name in result.stdout and "nothing was changed" in result.stdout
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.read_text(encoding="utf-8") == "mine"


def test_init_keeps_the_letters_that_are_there(tmp_path: Path) -> None:
    broken_house(tmp_path)
    assert tillid("init", tmp_path).exit_code == 0
    assert "custmer" in (tmp_path / "templates/da/reply/declined.j2").read_text(encoding="utf-8")


def test_init_where_a_file_is_in_the_way_says_so(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("x", encoding="utf-8")
    result = tillid("init", tmp_path)
    assert result.exit_code == 1
    assert "words" in result.stdout and "cannot be written" in result.stdout


def test_check_names_each_broken_file_goes_on_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TILLID_HOUSE", str(broken_house(tmp_path)))
    result = tillid("check")
    assert result.exit_code == 1
    said = result.stdout.splitlines()
    assert [line.split()[0] for line in said] == ["yes", "no", "no", "yes", "--", "--", "--"]
    assert "templates/da/reply/declined.j2:3: no letter is given 'custmer'" in said[1]
    assert re.search(r"words/da/linting\.yaml:\d: cannot be read", said[2])


async def test_a_start_logs_what_is_wrong_with_the_house_and_its_policy(tmp_path: Path) -> None:
    folder = broken_house(tmp_path)
    (folder / "policy.yaml").write_text("promises:\n  answer_business_days: 9\n", encoding="utf-8")
    settings = Settings(
        _env_file=None, database_url="sqlite:///tillid.db", tillid_house=folder, tillid_http_port=0
    )
    with capture_logs() as logged:
        running = await start(settings, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC), only=())
    await running.stop()
    seen = [(each["event"], each["log_level"]) for each in logged]
    assert seen.count(("house_problem", "warning")) == 2
    assert ("started", "info") in seen
    (warning,) = [each["warning"] for each in logged if each["event"] == "policy_warning"]
    assert warning.startswith("promises.answer_business_days is 9")


@pytest.mark.parametrize("command", ["suggest", "lint"])
def test_a_command_names_a_broken_file_of_the_house_and_goes_on(command: str, tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text('{"text": "Hej"}\n', encoding="utf-8")
    result = tillid(command, given, "--json", "--house", broken_house(tmp_path / "house"))
    assert result.exit_code == 0
    assert "templates/da/reply/declined.j2:3: no letter is given 'custmer'" in result.stderr
    assert result.stdout.count("\n") == 1


def test_a_letter_of_the_house_that_breaks_on_a_rare_case_is_replaced_by_ours_and_told(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "templates/da/reply"
    folder.mkdir(parents=True)
    rare = "{% if order_number == '777' %}{{ 1 // 0 }}{% endif %}"
    (folder / "double_charge_looking.j2").write_text(
        f"Emne\n---\nVores egne ord.\n{rare}\n", encoding="utf-8"
    )
    house = open_house(tmp_path)
    assert house.problems == ()
    usual = suggest(house, {"text": "Hej, I har trukket pengene to gange for ordre 778"}, NOW)
    assert usual["reply"]["text"] == "Vores egne ord."
    rare_case = suggest(house, {"text": "Hej, I har trukket pengene to gange for ordre 777"}, NOW)
    assert rare_case["order_numbers"] == ["777"]
    assert "Vores egne ord." not in rare_case["reply"]["text"]
    assert "templates/da/reply/double_charge_looking.j2:4: integer division" in rare_case["hints"][0]
