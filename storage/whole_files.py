"""Files that are there whole or not at all: each is written beside its place, and takes it when it is complete."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.database import make_private, open_engine
from storage.failures import DatabaseAway

_HEADER = b"SQLite format 3\0"
_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file
UNWRITTEN = (
    OSError,
    sqlite3.Error,
    DBAPIError,
    PoolTimeout,
    DatabaseAway,
)  # what a disk or a database may say meanwhile


class NotBackedUp(Exception):
    """No backup was written, and a former one is as it was; the sentence says why."""


class Damaged(Exception):
    """What was written is not what it should be; says which, as a sentence without its full stop."""


@contextmanager
def backing_up(to: Path, *, of: str | None) -> Iterator[Path]:
    """The file into which to write what takes the place of a former backup; `of` is the file that is backed up, if any.

    Raises NotBackedUp.
    """
    try:
        _check_place(to, of)
        with in_place_of(to) as part:
            yield part
    except Damaged as error:
        raise NotBackedUp(f"{error}; no backup was written.") from error
    except BlockingIOError as error:
        raise NotBackedUp(f"Another backup is being written into {to.parent}; no second one was begun.") from error
    except UNWRITTEN as error:
        raise NotBackedUp(f"No backup was written to {to}: {reason(error)}.") from error


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """A file to write, its owner's only, that takes the place of `path` if all goes well. Raises BlockingIOError."""
    part = path.with_name(f"{path.name}.part")
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(part)  # what a process left that was killed
        make_private(part)
        try:
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            _remove(path, _BESIDE[1:])  # a log of a former file would be taken for the new one's
            part.replace(path)
            os.fsync(folder)
        finally:
            _remove(part)
    finally:
        os.close(folder)


def write_sqlite(source: Engine, part: Path) -> None:
    """Let SQLite write all that is in the file of `source`, at one instant and without what lies in free pages."""
    with source.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM main INTO ?", (str(part),))


@contextmanager
def opened(part: Path) -> Iterator[Engine]:
    """A file that nobody needs until it has its place: without a log, and without waiting for the disk."""
    engine = open_engine(make_url(f"sqlite:///{part}"), prepare=_prepare, workers=1)
    try:
        yield engine
    finally:
        engine.dispose()


def check_sound(part: Path) -> None:
    """Raise Damaged unless a file is in order."""
    with opened(part) as engine, engine.begin() as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        if found != "ok" or connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Damaged(f"The file {part.name} is damaged")


def is_sqlite_file(path: Path) -> bool:
    """Whether a file looks like one of SQLite's."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def stands(path: Path) -> bool:
    """Whether there is such a file, or something of SQLite's beside its place."""
    return any(Path(f"{path}{end}").exists() for end in _BESIDE)


def reason(error: BaseException) -> str:
    """What a disk or a database said, for a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    original = getattr(error, "orig", None) or error.__cause__ or error
    return (str(original).splitlines() or ["no reason given"])[0].rstrip(".")


def _check_place(to: Path, of: str | None) -> None:
    """Raise NotBackedUp where something else stands than a backup."""
    if of is not None and to.exists() and to.samefile(of):
        raise NotBackedUp(f"{to} is the file itself that is to be backed up; name another one.")
    if to.is_dir():
        raise NotBackedUp(f"{to} is a folder; name a file in it.")
    if to.exists() and to.stat().st_size and not is_sqlite_file(to):
        raise NotBackedUp(f"{to} is no backup and stays as it is; name another file.")


def _remove(path: Path, ends: Sequence[str] = _BESIDE) -> None:
    for end in ends:
        Path(f"{path}{end}").unlink(missing_ok=True)


def _prepare(cursor: sqlite3.Cursor) -> None:
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF"):
        cursor.execute(f"PRAGMA {pragma}").fetchall()
