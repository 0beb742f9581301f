"""Trouble on order: what the next calls of a method run into."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What can be ordered. Any other word is answered as that Slack error, such as edit_window_closed."""

    #: 429 with Retry-After; nothing was done.
    RATE_LIMITED = "rate_limited"
    #: HTTP 500 without JSON; nothing was done.
    HTTP_500 = "http_500"
    #: The connection closes before anything was done.
    DROP = "drop"
    #: It was done; the connection closes without an answer.
    DROP_AFTER_STORE = "drop_after_store"
    #: It is done and answered, later.
    DELAY = "delay"
    #: files.completeUploadExternal only: answered ok, but no message shows the file.
    DROP_SHARE = "drop_share"


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `times` calls of `method`."""

    method: str
    kind: str
    times: int
    #: Whole seconds, for rate_limited.
    retry_after: int
    #: For delay.
    seconds: float


class Faults:
    """The queue. Faults of one method are used up in the order they were added."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault this call runs into, if any."""
        fault = next((one for one in self._waiting if one.method == method), None)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)
        return fault

    def clear(self) -> None:
        """No more trouble."""
        self._waiting.clear()
