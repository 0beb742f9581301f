"""Days as colleagues read them, each in the language of whoever reads."""

from datetime import date

from babel.dates import format_date

from bot.speech import spoken

_DAY = {"da": "d. MMMM", "nb": "d. MMMM"}
_WEEKDAY = {"da": "EEEE 'den' d. MMMM", "nb": "EEEE d. MMMM", "sv": "EEEE 'den' d MMMM"}


def day(at: date) -> str:
    """Such as "4 March"; of a moment the day where it is counted."""
    return _written(at, _DAY.get(spoken(), "d MMMM"))


def day_and_year(at: date) -> str:
    """Such as "4 March 2026"."""
    return _written(at, f"{_DAY.get(spoken(), 'd MMMM')} y")


def weekday(at: date) -> str:
    """Such as "Wednesday 4 March"."""
    return _written(at, _WEEKDAY.get(spoken(), "EEEE d MMMM"))


def weekday_and_year(at: date) -> str:
    """Such as "Wednesday 4 March 2026"."""
    return _written(at, f"{_WEEKDAY.get(spoken(), 'EEEE d MMMM')} y")


def _written(at: date, pattern: str) -> str:
    return format_date(at, pattern, locale=spoken())
