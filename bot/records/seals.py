"""Whether what lies beside an export's manifest is what the manifest names, byte for byte."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

#: What lies beside the tables; those are looked at while they are read.
BESIDE = ("mails", "files", "house")
#: Files that are told one by one.
MOST_TOLD = 5


def names_beside(found: Mapping[str, Any]) -> list[str]:
    """The mails, files and house files that a manifest names, none of which may lead out of its folder."""
    names = [PurePosixPath(name) for name in found]
    return [
        str(name)
        for name in names
        if name.parts and name.parts[0] in BESIDE and ".." not in name.parts and not name.is_absolute()
    ]


def broken(folder: Path, found: Mapping[str, Any]) -> list[str]:
    """What is wrong with them, a sentence for each file; nothing where all are as they were written."""
    inside = set(names_beside(found))
    strange = [name for name in found if name not in inside and not _is_table(name)]
    wrong = [f"{name}: does not belong into an export" for name in strange]
    wrong += [f"{name}: {why}" for name, why in _looked_at(folder, sorted(inside), found)]
    more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
    return wrong[:MOST_TOLD] + more


def _is_table(name: str) -> bool:
    return len(PurePosixPath(name).parts) == 2 and name.startswith("tables/")


def _looked_at(folder: Path, names: list[str], found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in names:
        named = found[name]
        wanted = named.get("sha256") if isinstance(named, Mapping) else None
        try:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                    yield name, "is not the file the manifest names"
        except FileNotFoundError:
            yield name, "is missing"
        except OSError as error:
            yield name, f"cannot be read ({error.strerror})"
