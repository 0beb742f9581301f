"""The files that go along with the house's letters: house.yaml names them under `attach`, they lie in files/."""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import ConfigError
from bot.files import SENDABLE, is_disguised, kind_of, safe_name, sniff
from bot.house_files import Problem
from storage.files import NewFile

#: Larger, with what mail adds to a file, many mail servers refuse.
MAX_BYTES = 10 * 1024 * 1024


def house_attachments(
    wanted: object, own: Path, folder: Path | None
) -> tuple[dict[str, NewFile], tuple[Problem, ...]]:
    """The file of each letter, by the letter's name (`reply/return_granted`), and those that cannot be taken.

    `own` are our templates, for the names that there are. Raises ConfigError where `wanted` is no mapping of names.
    """
    if not isinstance(wanted, Mapping) or not all(
        isinstance(each, str) for each in (*wanted, *wanted.values())
    ):
        raise ConfigError(
            "house.yaml: attach must map letters to files, such as reply/return_granted: label.pdf"
        )
    letters = {f"reply/{path.stem}" for path in own.glob("*/reply/*.j2") if not path.stem.startswith("_")}
    found: dict[str, NewFile] = {}
    problems = []
    for letter, name in sorted(wanted.items()):
        if letter not in letters:
            problems.append(Problem("house.yaml", 0, f"attach: there is no letter {letter}"))
            continue
        file = _file(folder / "files" if folder else Path("files"), name)
        if isinstance(file, str):
            problems.append(Problem(f"files/{name}", 0, file))
        else:
            found[letter] = file
    return found, tuple(problems)


def _file(folder: Path, name: str) -> NewFile | str:
    """The file, or why it cannot go along."""
    path = folder / name
    if Path(name).name != name:
        return "must lie in files/ itself"
    try:
        if not path.is_file():
            return "is not there; house.yaml wants it to go along with a letter"
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if len(content) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1024**2} MB"
    type_ = sniff(content)
    if kind_of(name, type_) not in SENDABLE or is_disguised(name, type_):
        return "is no picture, PDF, text or office document; nothing else goes to customers"
    return NewFile(safe_name(name, type_), type_, type_, content, len(content))
