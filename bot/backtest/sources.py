"""Where old mail comes from: an mbox, a Maildir, a folder of mails, one mail, or a mailbox that is only read."""

import mailbox
from collections.abc import Iterator
from pathlib import Path

from bot.backtest.imap import read_mailbox
from bot.errors import ConfigError
from bot.mail.parts import MAX_RAW_BYTES

KINDS = "an mbox, a Maildir, a folder of .eml files, one .eml, or imaps://user:password@host/INBOX"


def read_mails(where: str) -> Iterator[bytes]:
    """Raw mails, in the order they lie there; a file that cannot be opened is an empty mail.

    Raises ConfigError, with the remedy, when there is nothing to read.
    """
    scheme, separator, _ = where.partition("://")
    if separator and scheme.lower() in ("imap", "imaps"):
        yield from read_mailbox(where)
        return
    if not where.strip() or where == "-" or separator:
        raise ConfigError(f"{where or 'an empty path'}: no place that mail is read from; give {KINDS}")
    path = Path(where)
    try:
        if not path.exists():
            raise ConfigError(f"{where}: there is no such file or folder")
        yield from _from_folder(path) if path.is_dir() else _from_file(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{where}: {getattr(error, 'strerror', None) or error}") from None


def _from_folder(path: Path) -> Iterator[bytes]:
    empty = True
    for file in _files(path):
        empty = False
        try:
            yield from _from_file(file)
        except OSError:
            # One file of many: it is counted as unreadable, and the others are read.
            yield b""
    if empty:
        raise ConfigError(f"{path}: there is no file in it; give {KINDS}")


def _files(folder: Path) -> Iterator[Path]:
    """Mails, and mboxes, in a folder and all below; in a Maildir its mails only, not its indexes."""
    inside = sorted(folder.iterdir())
    if _is_maildir(folder):
        for name in ("cur", "new"):
            yield from sorted(each for each in (folder / name).iterdir() if each.is_file())
        inside = [each for each in inside if each.is_dir() and each.name not in ("cur", "new", "tmp")]
    for each in inside:
        hidden = each.name.startswith(".")
        if each.is_dir():
            # A Maildir's own folders, such as .Sent, are hidden by custom. A link may lead round in a circle.
            if not each.is_symlink() and (not hidden or _is_maildir(each)):
                yield from _files(each)
        elif each.is_file() and not hidden:
            yield each


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _from_file(path: Path) -> Iterator[bytes]:
    """A file's mails: its first line says whether it is an mbox, whatever its name is."""
    with path.open("rb") as file:
        start = file.read(5)
        if start != b"From ":
            # What is longer, the reader of mails would cut itself.
            yield start + file.read(MAX_RAW_BYTES - len(start))
            return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_file(key).read(MAX_RAW_BYTES)
    finally:
        box.close()
