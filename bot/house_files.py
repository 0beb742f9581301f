"""The house's own files: what lies in its templates/ and words/, and what is wrong with them, by file and line."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

#: Ours have at most about 130,000 bytes.
_LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why one of the house's files is left out."""

    #: Within the house folder: templates/da/reply/declined.j2
    file: str
    #: 0 where it is in no line.
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


def read_files(
    folder: Path, known: Collection[str], unknown: str
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The texts of the files in `folder` by their name within it, and those that cannot be taken.

    `unknown` says what is wrong with a file whose name is not among the `known`. Hidden files, an editor's copies
    (`~`) and README.md are nobody's business.
    """
    texts: dict[str, str] = {}
    problems = []
    if folder.exists() and not folder.is_dir():
        return {}, (Problem(folder.name, 0, "must be a folder"),)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _is_nobodys(name) or (path.is_dir() and not path.is_symlink()):
            continue
        found = _text(path) if name in known else (0, unknown + _nearest(name, known))
        if isinstance(found, str):
            texts[name] = found
        else:
            problems.append(Problem(f"{folder.name}/{name}", *found))
    return texts, tuple(problems)


def _is_nobodys(name: str) -> bool:
    parts = name.split("/")
    return any(part.startswith(".") for part in parts) or name.endswith("~") or parts[-1] == "README.md"


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else ""


def _text(path: Path) -> str | tuple[int, str]:
    """What is in the file, or line and reason."""
    try:
        if not path.is_file():
            return 0, "is no file"
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        return 0, f"cannot be read: {error.strerror or error}"
    if len(raw) > _LARGEST_BYTES:
        return 0, f"is larger than {_LARGEST_BYTES:,} bytes"
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return raw.count(b"\n", 0, error.start) + 1, "is not UTF-8, save it as UTF-8"
