"""Several workers that do the same thing at the same moment, each in a write transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import sleep
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from storage.engine import transaction

T = TypeVar("T")

WORKERS = 8
#: A worker that is stuck fails its test after this long instead of hanging it.
PATIENCE_SECONDS = 30.0
#: Long enough for a second transaction to meet the first one's lock.
MOMENT_SECONDS = 0.2


def race(engine: Engine, work: Callable[[Session], T]) -> list[T]:
    """What `work` gave to each of eight workers that started together."""
    return race_apart(engine, [work] * WORKERS)


def race_apart(engine: Engine, works: Sequence[Callable[[Session], T]]) -> list[T]:
    """The same with a piece of work of its own for each worker."""
    return together([partial(_in_transaction, engine, work) for work in works])


def together(jobs: list[Callable[[], T]]) -> list[T]:
    """Run the jobs in a thread each, started together; their results in the jobs' order."""
    start = Barrier(len(jobs), timeout=PATIENCE_SECONDS)

    def run(job: Callable[[], T]) -> T:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(run, job) for job in jobs]
        return [future.result(PATIENCE_SECONDS) for future in futures]


def overlap(engine: Engine, first: Callable[[Session], object], second: Callable[[Session], T]) -> T:
    """What `second` gave: it starts while `first` has written and not committed, which it does a moment later."""
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as session:
            first(session)
            session.flush()
            later = pool.submit(_in_transaction, engine, second)
            sleep(MOMENT_SECONDS)
        return later.result(PATIENCE_SECONDS)


def _in_transaction(engine: Engine, work: Callable[[Session], T]) -> T:
    with transaction(engine) as session:
        return work(session)
