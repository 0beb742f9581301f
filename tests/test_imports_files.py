"""Files as shops really save them: encodings, separators, half rows, endless fields; and an import that is killed."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col
from test_imports import HEAD, read, row
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.csv_files import opened_csv
from bot.csv_rows import LONGEST_FIELD
from bot.importing import import_orders
from bot.imports import COLUMNS, BadLine, read_orders
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.order_copies import Outcome
from storage.orders import OrderRecord
from storage.tables import Customer, KnownField, Order

BLUE = row(text="Blå lampe, æøåäö").replace("Blå lampe, æøåäö", '"Blå lampe, æøåäö"')


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_was_saved_in(tmp_path: Path, encoding: str, told: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEAD}\r\n{BLUE}\r\n", encoding=encoding, newline="")
    with opened_csv(path) as csv:
        found = list(read_orders(csv.lines))
        assert csv.encoding == told
    assert [each.lines[0].name for each in found if isinstance(each, OrderRecord)] == ["Blå lampe, æøåäö"]


def test_a_stray_byte_in_a_file_of_utf_8_is_one_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    good = "\n".join([HEAD, row("1", text="Blå lampe"), row("2", text="Grøn skærm"), ""]).encode()
    path.write_bytes(good + row("3", text="Lys").encode().replace(b"Lys", b"L\xffs"))
    with opened_csv(path) as csv:
        found = list(read_orders(csv.lines))
    assert [each.number for each in found if isinstance(each, OrderRecord)] == ["1", "2"]
    assert [each.number for each in found if isinstance(each, BadLine)] == [4]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_separate(separator: str) -> None:
    lines = [line.replace(",", separator) for line in (HEAD, row())]
    (order,) = read_orders(lines)
    assert isinstance(order, OrderRecord)
    assert order.number == "10432"


def test_a_field_of_a_million_characters_costs_its_own_order_only(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    endless = row("2", text="x" * 1_000_000)
    quoted = row("3", text='"' + "x" * 1_000_000)
    path.write_text(
        "\n".join([HEAD, row("1"), endless, row("2", kind="shipping"), quoted, row("4")]), encoding="utf-8"
    )
    with opened_csv(path) as csv:
        found = list(read_orders(csv.lines))
    assert [each.number for each in found if isinstance(each, OrderRecord)] == ["1", "4"]
    bad = [each for each in found if isinstance(each, BadLine)]
    assert [each.number for each in bad] == [3, 5]
    assert all("longer than" in each.reason for each in bad)


def test_a_line_without_end_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEAD}\n{row('1')}\n{'x,' * 2_000_000}\n{row('3')}\n", encoding="utf-8")
    with opened_csv(path) as csv:
        assert max(map(len, csv.lines)) < 250_000


@pytest.mark.parametrize("cells", range(1, len(COLUMNS)))
def test_half_a_row_is_told_and_never_read_as_money(cells: int) -> None:
    half = ",".join(row("2", kind="capture", text="p1", amount="1249.50").split(",")[:cells])
    orders, (bad,) = read(row("1"), half, row("3"))
    assert [order.number for order in orders] == ["1", "3"]
    assert (bad.number, "half a row" in bad.reason) == (3, True)


def test_a_quote_that_is_never_closed_does_not_swallow_the_orders_behind_it() -> None:
    orders, (bad,) = read(row("1"), row("2", text='"Lampe'), *(row(str(number)) for number in range(3, 60)))
    assert [order.number for order in orders] == ["1", *map(str, range(3, 60))]
    assert (bad.number, "quote" in bad.reason) == (3, True)


def test_a_text_in_quotes_may_run_over_two_lines() -> None:
    first, second = row("1", text='"Lampe\nmessing"').split("\n")
    orders, bad = read(first, second, row("2"))
    assert [order.lines[0].name for order in orders] == ["Lampe\nmessing", "Bordlampe"]
    assert bad == []


def test_an_order_whose_row_was_broken_is_left_out_with_its_other_rows() -> None:
    orders, bad = read(
        row("1", kind="capture", text="p1"), row("1", text="x" * (LONGEST_FIELD + 1)), row("2")
    )
    assert [order.number for order in orders] == ["2"]
    assert "Order 1 is left out" in bad[0].reason


@pytest.mark.parametrize(
    "fields",
    [
        {"country": "Danmark"},
        {"language": "da-DK-x-private"},
        {"placed_at": "0001-01-01T00:00:00+14:00"},
        {"amount": "9" * 30},
        {"text": "nul\0"},
    ],
)
def test_what_no_database_would_take_is_told_by_line(fields: dict[str, str]) -> None:
    orders, bad = read(row("1"), row("2", **fields))
    assert ([order.number for order in orders], len(bad)) == (["1"], 1)


def test_the_same_payment_twice_in_one_order_is_told() -> None:
    orders, (bad,) = read(row("1", kind="capture", text="p1"), row("1", kind="capture", text="p1"), row("2"))
    assert ([order.number for order in orders], bad.number) == (["2"], 3)


# ---- into the database --------------------------------------------------------------------------------------


def counted(engine: Engine) -> tuple[int, int]:
    def count(session: Session, table: type[Order] | type[Customer]) -> int:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())

    with reading(engine) as session:
        return count(session, Order), count(session, Customer)


def test_a_dry_run_tells_what_would_change_and_writes_nothing(engine: Engine) -> None:
    import_orders(engine, [HEAD, row("1"), row("2")], NOW)
    later = [HEAD, row("1"), row("2", amount="500"), row("3", email="anna@example.se")]
    told = import_orders(engine, later, NOW + MINUTE, dry_run=True)
    assert told.outcomes == {Outcome.CONFIRMED: 1, Outcome.CHANGED: 1, Outcome.NEW: 1}
    assert told.changed == ["2"]
    assert counted(engine) == (2, 1)


def test_an_older_file_never_overwrites_what_the_shop_told_since(engine: Engine) -> None:
    import_orders(engine, [HEAD, row("1", kind="capture", text="p1", amount="200")], NOW)
    done = import_orders(engine, [HEAD, row("1", kind="capture", text="p1", amount="100")], NOW - MINUTE)
    assert done.outcomes == {Outcome.OLDER: 1}
    with reading(engine) as session:
        assert session.execute(select(col(Order.paid_minor))).scalar_one() == 20_000


def test_a_column_may_say_how_old_each_order_is(engine: Engine) -> None:
    lines = [f"{HEAD},updated_at", f"{row('1')},2026-03-01T08:00:00+01:00"]
    import_orders(engine, lines, NOW)
    with reading(engine) as session:
        assert session.execute(select(col(Order.facts_at))).scalar_one() == datetime(
            2026, 3, 1, 7, tzinfo=UTC
        )


def test_the_order_of_somebody_forgotten_does_not_name_them_again(engine: Engine) -> None:
    import_orders(engine, [HEAD, row("1")], NOW)
    with transaction(engine) as session:
        session.execute(select(Customer)).scalar_one().erased_at = NOW
    done = import_orders(engine, [HEAD, row("1", amount="1", email="new@example.dk")], NOW + MINUTE)
    assert done.outcomes == {Outcome.FORGOTTEN: 1}
    assert counted(engine) == (1, 1)


def test_what_orders_tell_of_a_customer_carries_its_source_and_date(engine: Engine) -> None:
    import_orders(engine, [HEAD, row("1")], NOW)
    with reading(engine) as session:
        known = session.execute(select(KnownField).order_by(col(KnownField.name))).scalars().all()
        assert [(each.name, each.value, each.source, each.known_at) for each in known] == [
            ("country", "DK", "orders", NOW),
            ("language", "da", "orders", NOW),
            ("preferred_name", "Mette", "orders", NOW),
        ]


# ---- the command --------------------------------------------------------------------------------------------


def command(path: Path, database: Path, *options: str) -> list[str]:
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    return ["orders", "import", str(path), *options]


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")


def test_the_command_tells_the_encoding_and_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([HEAD, row("1", text="Blå lampe"), row("2")]), encoding="cp1252")
    for said in ("2 new", "2 as they are here already"):
        result = CliRunner().invoke(cli, command(path, tmp_path / "a.db"))
        assert (result.exit_code, result.stdout) == (0, "2 orders taken, 0 bad lines\n")
        assert "Windows-1252" in result.stderr and said in result.stderr
        assert "━" not in result.output  # no bar: this is no terminal


def test_the_command_can_only_look(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([HEAD, row("1")]), encoding="utf-8")
    for _ in range(2):
        result = CliRunner().invoke(cli, command(path, tmp_path / "a.db", "--dry-run"))
        assert (result.exit_code, result.stdout) == (0, "1 orders would be taken, 0 bad lines\n")
        assert "1 new" in result.stderr


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    path, database = tmp_path / "orders.csv", tmp_path / "a.db"
    rows = (row(str(number), email=f"k{number}@example.dk") for number in range(20_000))
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    engine = connect(f"sqlite:///{database}")
    migrate(engine)
    arguments = [sys.executable, "-m", "bot", *command(path, database)]
    killed = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # our own
    waited = time.monotonic() + 60
    while counted(engine)[0] == 0 and time.monotonic() < waited:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    there = counted(engine)[0]
    assert 0 < there < 20_000
    with path.open(encoding="utf-8") as lines:
        done = import_orders(engine, lines, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    assert done.outcomes == {Outcome.SAME: there, Outcome.NEW: 20_000 - there}
    assert counted(engine) == (20_000, 20_000)
    engine.dispose()


def test_the_progress_bar_comes_after_a_second_and_only_on_a_terminal() -> None:
    from rich.console import Console

    from bot.commands.progress import SlowProgress

    for terminal, seconds, seen in ((True, 2.0, True), (True, 0.5, False), (False, 2.0, False)):
        told, ticks = io.StringIO(), iter([0.0, seconds, seconds, seconds])
        console = Console(file=told, force_terminal=terminal, width=80)
        with SlowProgress(console, lambda ticks=ticks: next(ticks)) as progress:
            progress.begin("Orders", 10)
            progress.advance(10)
        assert ("Orders" in told.getvalue()) is seen


def test_the_facts_of_a_file_are_as_old_as_the_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEAD}\n", encoding="utf-8")
    written = (NOW - timedelta(days=3)).timestamp()
    os.utime(path, (written, written))
    with opened_csv(path) as csv:
        assert csv.written_at == NOW - timedelta(days=3)
