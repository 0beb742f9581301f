"""Unforeseen errors in words that may be kept."""

from sqlalchemy.exc import StatementError


def in_short(error: BaseException) -> str:
    """Its class and its words, to be kept."""
    if not isinstance(error, StatementError):
        return f"{type(error).__name__}: {str(error)[:300]}"
    # Only the driver's first line: those below it hold the row's values, and they are personal data.
    first = next(iter(str(error.orig).splitlines()), "")
    return f"{type(error).__name__}: {first[:300]}"
