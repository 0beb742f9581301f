"""What the documents say is so: links, commands, settings, formats and names are compared with the program."""

import re
from datetime import date
from pathlib import Path

import pytest
from typer import Typer

from bot.__main__ import cli
from bot.handlers.slack_commands import COMMANDS
from bot.imports import COLUMNS, BadLine, read_orders
from bot.rules import RULES
from bot.settings import PARTS, SECRETS, Settings

TREE = Path(__file__).parent.parent
DOCUMENTS = [
    TREE / "README.md",
    TREE / "CHANGELOG.md",
    *sorted((TREE / "docs").rglob("*.md")),
    TREE / "bot/templates/README.md",
]
DECISIONS = sorted((TREE / "docs/decisions").glob("*.md"))
#: Where a document may send its reader. Whoever reads offline, or forks, is sent nowhere else.
HOSTS = {"api.slack.com", "slack.com", "keepachangelog.com", "semver.org"}
#: Example hosts, and those that are always the reader's own.
EXAMPLES = re.compile(r"(?:[\w-]+\.)*example(?:\.dk)?|localhost|127\.0\.0\.1|host|user|hej")
#: Folders that a document may name from the root on: those of the image, and where secrets are handed out.
ROOTS = {"data", "house", "opt", "run"}


def read(name: str) -> str:
    return (TREE / name).read_text(encoding="utf-8")


def named(path: Path) -> str:
    return path.relative_to(TREE).as_posix()


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        place = document.parent / name if name else document
        assert place.exists(), target
        assert not heading or heading in anchors(place), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_file_of_ours_that_is_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:bot|storage|tests|docs)/[\w./-]*\w)`", text):
        assert (TREE / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_no_document_names_a_strange_host_or_a_path_of_somebodys_machine(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    hosts = {each.rpartition("@")[2].partition(":")[0] for each in re.findall(r"://([^/\s`)>\"]+)", text)}
    assert {host for host in hosts - HOSTS if not EXAMPLES.fullmatch(host)} == set()
    roots = re.findall(r"(?<![\w./:<>*~-])/([a-z][\w.-]*)/", text)
    assert set(roots) - ROOTS == set()


# ---- commands -------------------------------------------------------------------------------------------------


def commands(group: Typer = cli, before: str = "") -> set[str]:
    """Every command with its words: `run`, `mail parse`."""
    found = {
        before + (each.name or each.callback.__name__)
        for each in group.registered_commands
        if each.callback is not None
    }
    for each in group.registered_groups:
        if each.typer_instance is not None:
            found |= commands(each.typer_instance, f"{each.name} ")
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_that_is_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    known = commands()
    for words in re.findall(r"(?:`|^|\| )tillid ([a-z]+(?: [a-z]+)?)", text, re.MULTILINE):
        assert words in known or words.split()[0] in known, words


def test_the_readme_leads_through_what_a_newcomer_needs() -> None:
    text = read("README.md")
    for command in ("make demo", "make test", "make sandbox", "tillid init", "tillid check", "tillid run"):
        assert command in text
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_the_changelog_lists_the_commands_there_are() -> None:
    block = re.search(
        r"\*\*Commands\*\*: (.*?); and `/tillid` with (.*?)\.\n", read("CHANGELOG.md"), re.DOTALL
    )
    assert block is not None
    ours, slacks = (re.findall(r"`([^`]+)`", part) for part in block.groups())
    assert {" ".join(each.split()) for each in ours} == commands()
    assert set(slacks) == set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_slash_command_that_is_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert set(re.findall(r"`/tillid ([a-z]+)", text)) <= set(COMMANDS)


# ---- settings -------------------------------------------------------------------------------------------------


def settings_table() -> dict[str, tuple[bool, str]]:
    """Name -> whether it may be a secret file, and its default, as the table in operations.md says."""
    rows = re.findall(
        r"^\| `([A-Z_]+)`( \*)? \| (?:`([^`]*)`)? ?\|", read("docs/operations.md"), re.MULTILINE
    )
    return {name: (bool(secret), default) for name, secret, default in rows}


def test_the_table_of_settings_is_the_programs() -> None:
    fields = {name.upper(): field for name, field in Settings.model_fields.items()}
    table = settings_table()
    assert set(table) == set(fields)
    for name, (secret, default) in table.items():
        value = fields[name].default
        written = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        assert default == written, name
        assert secret is (name in SECRETS), name


def test_the_example_settings_name_every_setting_and_hold_the_defaults() -> None:
    text = read(".env.example")
    assert text == read("bot/commands/environment.txt")
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert given == {name: default for name, (_, default) in settings_table().items()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    known = {name.upper() for name in Settings.model_fields}
    mentioned = set(re.findall(r"\b(?:TILLID|SLACK)_[A-Z_]+\b", text))
    assert {name.removesuffix("_FILE") for name in mentioned} - known == set()


def test_the_parts_of_run_are_told_apart() -> None:
    rows = re.findall(r"^\| `(\w+)` \| \w", read("docs/operations.md"), re.MULTILINE)
    assert set(PARTS) <= set(rows)


# ---- formats and names ----------------------------------------------------------------------------------------


def test_the_example_of_an_orders_file_can_be_imported() -> None:
    example = re.search(r"```csv\n(.*?)```", read("docs/operations.md"), re.DOTALL)
    assert example is not None
    lines = example.group(1).splitlines()
    assert tuple(lines[0].split(",")) == COLUMNS
    (order,) = read_orders(lines)
    assert not isinstance(order, BadLine)
    assert (order.number, len(order.lines), len(order.movements), len(order.parcels)) == ("10432", 2, 1, 1)


def test_every_event_in_the_logs_is_explained() -> None:
    logged: set[str] = set()
    for path in (TREE / "bot").rglob("*.py"):
        if "sandbox" not in path.parts and path.name != "logs.py":
            called = r"\blog\.(?:debug|info|warning|error)\(\s*\"(\w+)\""
            logged |= set(re.findall(called, path.read_text(encoding="utf-8")))
    section = read("docs/operations.md").partition("## Logs")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(cells))) == logged


def test_the_map_names_tests_and_functions_that_exist() -> None:
    text = read("docs/architecture.md")
    defined: set[str] = set()
    for folder in ("bot", "storage", "tests"):
        for path in (TREE / folder).rglob("*.py"):
            defined |= set(
                re.findall(r"^\s*(?:async )?def (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            )
    tests = set(re.findall(r"\btest_\w+\b(?!\.py)", text))
    assert tests - defined == set()
    walk = text.partition("## The walk")[2].partition("### Keys")[0]
    functions = set(re.findall(r"`(?:\w+\.)*([a-z_]+)`", walk)) & {name for name in defined if "_" in name}
    assert {"write_down", "settle_card", "deliver_row", "still_wanted"} <= functions


def test_the_crash_table_names_every_test_of_a_crash() -> None:
    table = read("docs/architecture.md").partition("## When the process dies")[2].partition("\n## ")[0]
    crashes = "".join(path.read_text(encoding="utf-8") for path in (TREE / "tests").glob("test_crashes*.py"))
    tests = set(re.findall(r"^(?:async )?def (test_\w+)", crashes, re.MULTILINE))
    assert tests == set(re.findall(r"`(test_\w+)`", table))


def test_the_map_and_the_recipes_name_rules_there_are() -> None:
    names = {rule.__name__ for rule in RULES}
    assert "own_the_delay" in names
    assert all("`own_the_delay`" in read(name) for name in ("docs/architecture.md", "docs/recipes.md"))


def test_the_decisions_are_numbered_without_a_gap_dated_and_short() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for number, path in enumerate(DECISIONS, start=1):
        head, _, when, _, *rest = path.read_text(encoding="utf-8").splitlines()
        assert head.startswith(f"# {number}. ")
        assert date.fromisoformat(when) >= date(2026, 11, 21)
        assert len(" ".join(rest).split()) < 350, path.name
