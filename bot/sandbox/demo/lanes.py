"""Beats side by side: what the customer, the agent and the manager saw at the same time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.sandbox.demo.moments import Beat, Lane, Piece

LANES = (Lane.CUSTOMER, Lane.AGENT, Lane.MANAGER)
NAMES = {Lane.CUSTOMER: "Customer", Lane.AGENT: "Agent", Lane.MANAGER: "Lead and manager"}


@dataclass(slots=True)
class Entry:
    """What one beat puts into one lane; only the beat's own lane carries its title."""

    beat: Beat | None
    pieces: list[Piece]
    more: list[Piece]


@dataclass(slots=True)
class Row:
    """Beats that read from left to right; or one of the machinery, across all lanes."""

    machinery: Beat | None = None
    cells: dict[Lane, list[Entry]] = field(default_factory=dict)

    def takes(self, beat: Beat) -> bool:
        """Whether the beat still reads from left to right here."""
        if self.machinery is not None or beat.lane is Lane.HOUSE:
            return False
        filled = [LANES.index(lane) for lane in self.cells]
        return min(LANES.index(lane) for lane in _touched(beat)) >= max(filled, default=0)

    def add(self, beat: Beat) -> None:
        """Put the beat's pieces into their lanes."""
        for lane in _touched(beat):
            pieces = [piece for where, piece in beat.pieces if where is lane]
            if lane is beat.lane:
                pieces += [piece for where, piece in beat.pieces if where is Lane.HOUSE]
            more = [piece for where, piece in beat.more if where is lane]
            self.cells.setdefault(lane, []).append(Entry(beat if lane is beat.lane else None, pieces, more))


def rows(beats: Iterable[Beat]) -> list[Row]:
    """As few rows as keep the order."""
    made: list[Row] = []
    for beat in beats:
        if beat.lane is Lane.HOUSE:
            made.append(Row(machinery=beat))
            continue
        if not made or not made[-1].takes(beat):
            made.append(Row())
        made[-1].add(beat)
    return made


def used(made: Sequence[Row]) -> list[Lane]:
    """The lanes in which anything happens."""
    return [lane for lane in LANES if any(lane in row.cells for row in made)]


def _touched(beat: Beat) -> list[Lane]:
    there = {beat.lane, *(where for where, _ in (*beat.pieces, *beat.more))}
    return [lane for lane in LANES if lane in there]
