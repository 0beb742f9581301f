"""A clock that runs like the real one and can be moved; processes that share its file share its time."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class SandboxClock:
    """Call it for the time, aware UTC. Every call reads the file, so a child process sees a move at once."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        """Share the clock in `path`; with `start` it is set to that moment first."""
        self._path = path
        if start is not None:
            self._write(start)

    def __call__(self) -> datetime:
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        passed = timedelta(seconds=time.time() - kept["set_at_seconds"])
        return datetime.fromisoformat(kept["shows"]) + passed

    def move(self, by: timedelta) -> datetime:
        """Put it forward; what it shows then. Move it only while no send is in hand."""
        return self.set(self() + by)

    def set(self, moment: datetime) -> datetime:
        """Put it to a moment."""
        self._write(moment)
        return moment

    def _write(self, moment: datetime) -> None:
        kept = {"shows": moment.astimezone(UTC).isoformat(), "set_at_seconds": time.time()}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self._path)
