"""Commands on the database: orders taken in, figures, quarantine, migration."""

from pathlib import Path

import pytest
from command_line import lines, tillid
from test_imports import HEAD, row

pytestmark = pytest.mark.usefixtures("own_settings")


def orders_file(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding=encoding)
    return path


def test_orders_are_imported_and_twice_is_the_same(tmp_path: Path) -> None:
    path = orders_file(tmp_path, row("1"), row("2"))
    for _ in range(2):
        result = tillid("orders", "import", path)
        assert (result.exit_code, result.stdout) == (0, "2 orders taken, 0 bad lines\n")


def test_bad_orders_are_named_and_the_others_taken(tmp_path: Path) -> None:
    result = tillid("orders", "import", orders_file(tmp_path, row("1"), row("2", amount="[/b]"), row("3")))
    assert (result.exit_code, result.stdout) == (2, "2 orders taken, 1 bad lines\n")
    assert result.stderr.startswith("line 3: `amount` is '[/b]'")


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    result = tillid(
        "orders", "import", orders_file(tmp_path, row("1", text="Blå lampe"), encoding="utf-8-sig")
    )
    assert (result.exit_code, result.stdout) == (0, "1 orders taken, 0 bad lines\n")


def test_a_file_in_an_old_encoding_is_read_and_told(tmp_path: Path) -> None:
    path = orders_file(tmp_path, row("1"), row("2", text="Blå lampe"), encoding="latin-1")
    result = tillid("orders", "import", path)
    assert (result.exit_code, result.stdout) == (0, "2 orders taken, 0 bad lines\n")
    assert "Windows-1252" in result.stderr


def test_orders_come_from_standard_input_too(tmp_path: Path) -> None:
    result = tillid("orders", "import", "-", stdin=orders_file(tmp_path, row("1")).read_bytes())
    assert (result.exit_code, result.stdout) == (0, "1 orders taken, 0 bad lines\n")


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_of_orders_that_cannot_be_opened_is_one_line(name: str) -> None:
    result = tillid("orders", "import", name)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_file_of_something_else_says_which_columns_there_must_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    result = tillid("orders", "import", tmp_path / "a.csv")
    assert result.exit_code == 2
    assert "it must have order, email" in result.stderr


def test_stats_answers_in_words_and_in_json() -> None:
    spoken = tillid("stats", "refunds this week")
    assert spoken.exit_code == 0
    assert "Support this week" in spoken.stdout and "no data yet" in spoken.stdout
    told = tillid("stats", "refunds this week", "--json")
    (answer,) = lines(told)
    assert answer["lines"] == {"Refunds": "no data yet"}
    assert answer["figures"]["refunds"] == 0


def test_a_question_that_is_not_understood_gets_the_nearest() -> None:
    result = tillid("stats", "refnds [/b]")
    assert result.exit_code == 2
    assert "refunds this week" in result.stderr


def test_replay_with_nothing_in_quarantine() -> None:
    assert tillid("replay").stdout == "Nothing is in quarantine.\n"
    missing = tillid("replay", "7")
    assert (missing.exit_code, "7" in missing.stderr) == (1, True)


def test_migrate_makes_the_database_and_twice_is_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        assert tillid("migrate").exit_code == 0
    assert (tmp_path / "tillid.db").exists()
