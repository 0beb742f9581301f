"""Mailboxes read in processes of their own, to be killed: the program is imported once, and then forked.

Each line of JSON on standard input starts a reader and is answered with its process id; the line `bury` waits for
the last one's end and is answered with its exit status. No reader outlives this process.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bot import logs
from bot.handlers.mailbox import Mailbox
from bot.parts import Parts, Places
from storage.engine import connect


async def read(orders: dict[str, Any]) -> None:
    """Read until killed. Nothing is understood here: of a house, reading needs whom it trusts, and that is nobody."""
    house = SimpleNamespace(authserv_ids=frozenset(), forms=frozenset())
    parts = Parts(connect(orders["database"]), lambda: datetime.now(UTC), house, Places())  # type: ignore[arg-type]
    await Mailbox(orders["url"], parts, poll_seconds=0.2).run()


def die_with_parent(parent: int) -> None:
    """Somebody else's child is an orphan."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)


def fork(orders: dict[str, Any]) -> int:
    """A reader at work; its process id."""
    parent = os.getpid()
    if pid := os.fork():
        return pid
    threading.Thread(target=die_with_parent, args=(parent,), daemon=True).start()
    asyncio.run(read(orders))
    os._exit(1)


def main() -> None:
    """Do as the lines say until they end."""
    logs.set_up("ERROR")
    last = 0
    for line in sys.stdin:
        if line.strip() == "bury":
            print(os.waitstatus_to_exitcode(os.waitpid(last, 0)[1]), flush=True)
        else:
            last = fork(json.loads(line))
            print(last, flush=True)


if __name__ == "__main__":
    main()
