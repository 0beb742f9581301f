"""One person's records as files: a readable JSON, a CSV for each kind, and their files as files."""

import csv
import json
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.records.everything import Everything

#: A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_export(found: Everything, folder: Path) -> list[str]:
    """Write it into a new folder that only its owner may open; the names written. Raises BotError where it is full."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BotError(f"{folder}: is not empty; name a new folder with --out")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = {"person": found.person, **found.tables}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    (folder / "everything.json").write_text(text + "\n", encoding="utf-8")
    written = ["everything.json"]
    for kind, rows in {"person": [found.person], **found.tables}.items():
        if rows:
            _write_csv(folder / f"{kind}.csv", rows)
            written.append(f"{kind}.csv")
    for name, content in found.files:
        (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(content)
        written.append(name)
    return written


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    # The mark before the first letter tells spreadsheets that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(columns)
        lines.writerows([cell(row.get(column)) for column in columns] for row in rows)


def cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
