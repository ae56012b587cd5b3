"""Units for tests, and what is in the database after them."""

import resource
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage.tables import ProcessedUpdate
from storage.units import Units

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
SOON = 60.0  # seconds that a test waits at most


class Refused(Exception):
    """A unit changes its mind."""


def keep(number: int) -> Callable[[Session], int]:
    """A unit that keeps an update id."""

    def work(session: Session) -> int:
        session.add(ProcessedUpdate(update_id=number, at=NOON))
        return number

    return work


def keep_and_fail(number: int) -> Callable[[Session], int]:
    """A unit that keeps an update id and then fails."""

    def work(session: Session) -> int:
        session.add(ProcessedUpdate(update_id=number, at=NOON))
        session.flush()
        raise Refused(number)

    return work


def kept(engine: Engine) -> list[int]:
    """The update ids that are in the database."""
    with Session(engine) as session:
        return list(session.exec(select(ProcessedUpdate.update_id).order_by(col(ProcessedUpdate.update_id))))


def together(units: Units, *works: Callable[[Session], Any]) -> list[Future[Any]]:
    """Submit all while one before them waits, so that on SQLite they form one batch; returns when all are done."""
    all_in = threading.Event()

    def hold(_: Session) -> None:
        assert all_in.wait(SOON)

    opening = units.submit(hold)
    futures = [units.submit(work) for work in works]
    all_in.set()
    _, late = wait([opening, *futures], SOON)
    assert not late
    return futures


@contextmanager
def files_may_grow_to(size: int) -> Iterator[None]:
    """What the file system says when it is full, for every file of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
