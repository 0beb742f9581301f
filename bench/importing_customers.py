"""What importing a large file of customers costs: first, again, and again a month later with one in a hundred changed.

python -m bench.importing_customers [rows] [database-url]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.importing import NAMES, write
from bot.commands.customer_import import import_customers
from bot.csv_files import opened_csv
from bot.customer_imports import COLUMNS
from storage.engine import connect
from storage.migrate import migrate

ROWS = 300_000
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOWNS = ("Aarhus", "Malmö", "Tromsø", "Ålesund", "København")


def rows(count: int, changed: str = "") -> Iterator[str]:
    """A header and a row for each customer, every field filled for most; `changed` moves every 100th one's town."""
    yield ";".join(COLUMNS)
    for number in range(count):
        name, town = NAMES[number % 5], TOWNS[number % 5]
        since = NOW - timedelta(days=number % 3000)
        cells = {
            "email": f"kunde{number}@example.dk",
            "name": name,
            "preferred_name": name.split()[0] if number % 4 == 0 else "",
            "language": ("da", "sv", "nb")[number % 3],
            "country": ("DK", "SE", "NO")[number % 3],
            "town": changed if changed and number % 100 == 0 else town,
            "company": f"Firma {number % 9000}" if number % 10 == 0 else "",
            "phone": f"+4520{number:06}" if number % 2 == 0 else "",
            "consent_marketing": ("yes", "no", "", "2025-05-01")[number % 4],
            "notes": "Gratis opsætning" if number % 20 == 0 else "",
            "since": f"{since:%Y-%m-%d}",
        }
        yield ";".join(cells[each] for each in COLUMNS)


def measured(title: str, url: str, file: Path, known_at: datetime) -> None:
    """One import, with its figures printed."""
    engine = connect(url)
    migrate(engine)
    began, worked = time.perf_counter(), time.process_time()
    with opened_csv(file) as csv:
        done = import_customers(engine, csv, known_at, known_at)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    engine.dispose()
    count = done.outcomes.total()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.outcomes.items()))
    speed = f"{took:.1f} s ({worked:.1f} s of the processor), {count / took:,.0f} rows a second"
    print(f"{title}: {speed}, {most:.0f} MB at most ({outcomes})", flush=True)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        file, later = Path(folder) / "customers.csv", Path(folder) / "later.csv"
        write(file, rows(count))
        write(later, rows(count, changed="Odense"))
        print(f"{count:,} rows, {file.stat().st_size / 1e6:.0f} MB")
        measured("the first time", url, file, NOW)
        measured("the same file again", url, file, NOW)
        measured("a later one, 1 in 100 changed", url, later, NOW + timedelta(days=30))


if __name__ == "__main__":
    main()
