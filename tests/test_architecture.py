"""The house keeps its rules, and a planted violation of each is caught."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import architecture
import pytest

HERE = Path(__file__).parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source tree, to plant something in."""
    for name in ("bot", "storage"):
        shutil.copytree(HERE / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_session_and_the_outside_never_meet() -> None:
    assert architecture.colour_violations(HERE) == []


def test_rules_see_no_clock_disk_network_or_chance() -> None:
    assert architecture.clock_violations(HERE) == []


def test_functions_and_files_stay_readable() -> None:
    assert architecture.size_violations(HERE) == []


def test_no_two_test_files_have_the_same_name() -> None:
    """They are modules of one run: pytest would refuse the second."""
    names = Counter(path.name for path in (HERE / "tests").rglob("test_*.py"))
    assert len(names) > 100
    assert [name for name, number in names.items() if number > 1] == []


def test_the_arrows_point_one_way() -> None:
    assert architecture.broken_arrows(HERE) == []


def test_exactly_two_places_catch_everything() -> None:
    assert [each.split(":")[0] for each in architecture.broad_excepts(HERE)] == ["bot/pipeline.py"] * 2


ASYNC_SESSION = (
    "from sqlmodel import Session\n\n\nasync def look(session: Session) -> None:\n    del session\n"
)
POSTING = (
    "from sqlmodel import Session\n\n\ndef look(session: Session, client: object) -> None:\n"
    "    client.chat_postMessage(text='hello')\n"
)
CLOCK = "from datetime import datetime\n\nNOW = datetime.now()\n"
CHANCE = "import random\n\nNUMBER = random.random()\n"
LONG = "def long() -> None:\n" + "    print()\n" * 51


@pytest.mark.parametrize(
    ("check", "place", "planted"),
    [
        (architecture.colour_violations, "bot/desk/planted.py", ASYNC_SESSION),
        (architecture.colour_violations, "storage/planted.py", POSTING),
        (architecture.clock_violations, "bot/rules/planted.py", CLOCK),
        (architecture.clock_violations, "bot/rules/planted.py", CHANCE),
        (architecture.size_violations, "bot/planted.py", LONG),
        (architecture.size_violations, "bot/planted.py", "A = 1\n" * 301),
        (architecture.broken_arrows, "storage/planted.py", "import bot.messages\n"),
        (architecture.broken_arrows, "bot/rules/planted.py", "import storage.tables\n"),
        (architecture.broken_arrows, "bot/outbound/planted.py", "import storage.outbox\n"),
        (architecture.broken_arrows, "bot/desk/planted.py", "import bot.handlers.web\n"),
    ],
)
def test_a_planted_violation_is_caught(
    copy: Path, check: Callable[[Path], list[str]], place: str, planted: str
) -> None:
    (copy / place).write_text(planted, encoding="utf-8")
    assert check(copy) != []
