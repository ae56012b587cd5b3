"""Units of work: each is kept whole or not at all, and nobody is told before the commit."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from logging import getLogger
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from storage.committing import Job, Surroundings, commit_apart, commit_together
from storage.database import empty_log, is_sqlite
from storage.failures import as_away
from storage.keys import KeyStore

T = TypeVar("T")


def nothing() -> None:
    """Do nothing."""


def ignore(_: object) -> None:
    """Take no notice."""


class Units:
    """Runs units of work: each all or nothing, waiting ones committed together on SQLite.

    Work may run more than once before it is kept. What it raises reaches its future; DatabaseAway there means that the
    database failed, not the work. `session.info` has `keys`; set `owes` in it to have `after_commit` called, `erases`
    to have nothing of what was deleted stay in SQLite's log. What else is kept in it ends with the unit.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keys: KeyStore,
        most_together: int = 32,
        workers: int = 4,
        after_commit: Callable[[], None] = nothing,
        point: Callable[[str], None] = ignore,
        observe: Callable[[float], None] = ignore,
    ) -> None:
        self._around = Surroundings(engine, {"keys": keys}, point, observe)
        self._together = is_sqlite(engine)
        self._most = most_together if self._together else 1
        self._after_commit = after_commit
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()  # None: nothing comes any more
        self._door = Lock()
        self._closed = False
        count = 1 if self._together else workers
        self._threads = [Thread(target=self._serve, name=f"units-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    @property
    def share_commits(self) -> bool:
        """Whether units that wait are committed together, in order; else each runs on a connection of its own."""
        return self._together

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Run `work` in its turn; the future is resolved after the commit. Raises RuntimeError once closed."""
        job = Job(work)
        with self._door:
            if self._closed:
                raise RuntimeError("no unit can be submitted after close()")
            self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Run what waits, then stop the threads."""
        with self._door:
            if not self._closed:
                self._jobs.put(None)
            self._closed = True
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while waiting := self._take():
            if jobs := [job for job in waiting if job.future.set_running_or_notify_cancel()]:
                self._settle(jobs)

    def _take(self) -> Sequence[Job[Any]]:
        """What waits, at least one, in order; nothing at the end."""
        taken: list[Job[Any]] = []
        try:
            while (job := self._jobs.get(block=not taken)) is not None:
                taken.append(job)
                if len(taken) == self._most:
                    return taken
            self._jobs.put(None)  # for the next call, and the other threads
        except Empty:
            pass
        return taken

    def _settle(self, jobs: Sequence[Job[Any]]) -> None:
        """Run, commit, tell; a thread that died here would leave everybody waiting."""
        try:
            self._commit(jobs)
        except BaseException as error:  # only a watcher can raise here
            for job in jobs:
                job.fail(as_away(error))
        if any(job.erases for job in jobs):
            self._empty_log()
        if any(job.owes for job in jobs):  # before it is told, so that whoever was told finds the sender at work
            self._wake()
        for job in jobs:
            job.tell()

    def _commit(self, jobs: Sequence[Job[Any]]) -> None:
        if self._together:
            commit_together(self._around, jobs)
        else:
            for job in jobs:
                commit_apart(self._around, job)

    def _empty_log(self) -> None:
        """What was erased is in the log until it is emptied; if that fails now, the next erasure does it."""
        try:
            empty_log(self._around.engine)
        except Exception:  # whatever the disk says: what is committed stays
            getLogger(__name__).exception("log_not_emptied")

    def _wake(self) -> None:
        try:
            self._after_commit()
        except Exception:  # what is committed stays, and the next commit wakes again
            getLogger(__name__).exception("after_commit_failed")
