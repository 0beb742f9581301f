"""What importing a large file of orders costs: first, again, and again with one order in a hundred changed.

python -m bench.importing [rows] [database-url]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.csv_files import opened_csv
from bot.importing import Imported, import_orders
from bot.imports import COLUMNS
from storage.engine import connect
from storage.migrate import migrate

ROWS = 300_000
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = ("Mette Hansen", "Åsa Öberg", "Kari Nordmann", "Jens Østergård", "Liv Bergström")


def rows(count: int, changed: int = 0) -> Iterator[str]:
    """A header and `count` rows, four to an order, two orders to three customers; `changed` moves every 100th."""
    yield ",".join(COLUMNS)
    for number in range(count // 4):
        customer = number * 2 // 3
        placed = NOW - timedelta(minutes=number)
        amount = 100 + number % 900 + (changed if number % 100 == 0 else 0)
        head = (
            f"{100_000 + number},kunde{customer}@example.dk,{NAMES[customer % 5]},da,DKK,DK,"
            f"{placed:%Y-%m-%dT%H:%M:%S+00:00}"
        )
        yield f"{head},item,Bordlampe {number % 70},{amount}.00,,,"
        yield f"{head},shipping,Fragt,49.00,,,"
        yield f"{head},capture,pay-{number},{amount + 49}.00,,,"
        yield f"{head},parcel,PostNord 00{number},,,sent,2026-03-05"


def write(file: Path, lines: Iterator[str]) -> None:
    """Line by line: what is measured is the import and not this."""
    with file.open("w", encoding="utf-8") as written:
        written.writelines(f"{line}\n" for line in lines)


def measured(title: str, url: str, file: Path, now: datetime) -> Imported:
    """One import, with its figures printed."""
    engine = connect(url)
    migrate(engine)
    began = time.perf_counter()
    with opened_csv(file) as csv:
        done = import_orders(engine, csv.lines, now)
    took = time.perf_counter() - began
    engine.dispose()
    count = sum(1 for _ in file.open(encoding="utf-8")) - 1
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items()))
    print(f"{title}: {took:.1f} s, {count / took:,.0f} rows a second, {most:.0f} MB at most ({outcomes})")
    return done


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        file, later = Path(folder) / "orders.csv", Path(folder) / "later.csv"
        write(file, rows(count))
        write(later, rows(count, changed=1))
        print(f"{count:,} rows, {file.stat().st_size / 1e6:.0f} MB")
        measured("the first time", url, file, NOW)
        measured("the same file again", url, file, NOW)
        measured("a later one, 1 in 100 changed", url, later, NOW + timedelta(hours=1))


if __name__ == "__main__":
    main()
