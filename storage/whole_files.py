"""Files that are there whole or not at all: each is written beside its place, and takes it when it is complete."""

import fcntl
import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.database import open_engine
from storage.failures import DatabaseAway

BESIDE = ("", "-wal", "-journal", "-shm")  # what SQLite keeps beside a file
# what a disk or a database may say meanwhile
UNWRITTEN = (OSError, sqlite3.Error, DBAPIError, PoolTimeout, DatabaseAway)
_HEADER = b"SQLite format 3\0"


class NotBackedUp(Exception):
    """No backup was written, and a former one is as it was; the sentence says why."""


class Damaged(Exception):
    """What was written is not what it should be; says which, as a sentence without its full stop."""


@contextmanager
def backing_up(to: Path, *, table: str, but: Collection[Path], erasing: bool = False) -> Iterator[Path]:
    """The file into which to write what takes the place of a former backup.

    A former one has this `table` and is none of the files `but`; if it is `erasing`, what it had is overwritten, unless
    somebody keeps it under another name as well. Raises NotBackedUp.
    """
    to = to.resolve()  # a link stays one
    try:
        _check_place(to, table, but)
        with _beside(to) as part:
            yield part
            _flush(part)
            _take_place(part, to, erasing=erasing)
    except Damaged as error:
        raise NotBackedUp(f"{error}; no backup was written.") from error
    except BlockingIOError as error:
        raise NotBackedUp(f"Another backup is being written into {to.parent}; no second one was begun.") from error
    except UNWRITTEN as error:
        raise NotBackedUp(f"No backup was written to {to}: {reason(error)}.") from error


@contextmanager
def placed_at(path: Path) -> Iterator[Path]:
    """The file into which to write what is put where nothing is. Raises BlockingIOError, FileExistsError."""
    with _beside(path) as part:
        yield part
        _flush(part)
        if stands(path):
            raise FileExistsError(path)
        os.link(part, path)  # which fails if something is there by now


def write_copy(source: Engine) -> Path:
    """Let SQLite write all that is in the file of `source` into one beside it, at one instant; gives where.

    Whoever writes to the database waits meanwhile. What lies in free pages is left out. Raises NotBackedUp.
    """
    if source.dialect.name != "sqlite":
        raise NotBackedUp(
            "The bot that runs here keeps its database on PostgreSQL: give this command its DATABASE_URL."
        )
    file = Path(str(source.url.database)).absolute()
    copy = copy_of(file)
    try:
        erase(copy)
        _make_own(copy)
        with source.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM main INTO ?", (str(copy),))
    except UNWRITTEN as error:
        erase(copy)
        raise NotBackedUp(f"{file} could not be copied: {reason(error)}.") from error
    return copy


def copy_of(file: Path) -> Path:
    """Where `write_copy` writes; whoever asked for it erases it, or the next who writes or erases a key."""
    return file.with_name(f"{file.name}.copy")


def erase(path: Path) -> None:
    """Overwrite a file and remove it, if it is there."""
    if path.exists():
        with path.open("rb+") as file:
            _overwrite(file)
    remove(path)


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
        if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() != "ok":
            raise Damaged(f"The file {part.name} is damaged")
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Damaged("A row points at one that is not there")


def has_table(path: Path, table: str) -> bool:
    """Whether this is an SQLite file with such a table. Raises OSError, sqlite3.Error if it cannot be read."""
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
        return found.fetchone() is not None


def check_same_people(part: Path, to: Path, *, anybody: str, shared: str) -> None:
    """Raise NotBackedUp if people are in a former backup, and none of them in what would replace it.

    The queries find a row for `anybody` in the former one, called `former`, and for somebody `shared` with `main`.
    """
    if not to.exists() or not to.stat().st_size:
        return
    with closing(sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS former", (f"{to.absolute().as_uri()}?mode=ro",))
        if connection.execute(anybody).fetchone() and not connection.execute(shared).fetchone():
            raise NotBackedUp(f"Nobody who is in {to} is here; it stays as it is. Name another file, or remove it.")


def stands(path: Path) -> bool:
    """Whether there is such a file, or something of SQLite's beside its place."""
    return any(Path(f"{path}{end}").exists() for end in BESIDE)


def remove(path: Path) -> None:
    """Remove a file with what SQLite keeps beside it, if it is there."""
    for end in BESIDE:
        Path(f"{path}{end}").unlink(missing_ok=True)


def reason(error: BaseException) -> str:
    """What a disk or a database said, for a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: {error.filename}" if error.filename else error.strerror.lower()
    original = getattr(error, "orig", None) or error.__cause__ or error
    return (str(original).splitlines() or ["no reason given"])[0].rstrip(".")


def _check_place(to: Path, table: str, but: Collection[Path]) -> None:
    """Raise NotBackedUp where something else stands than a former backup."""
    if to.is_dir():
        raise NotBackedUp(f"{to} is a folder; name a file in it.")
    if not to.exists():
        return
    if any(own.exists() and to.samefile(own) for own in but):
        raise NotBackedUp(f"{to} is a file that the bot works with; name another one.")
    if not to.is_file() or (to.stat().st_size and not has_table(to, table)):
        raise NotBackedUp(f"{to} is no such backup and stays as it is; name another file.")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file beside `path`, its owner's only, gone in the end. Raises BlockingIOError if another has one there."""
    part = path.with_name(f"{path.name}.part")
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove(part)  # what a process left that was killed
        _make_own(part)
        try:
            yield part
        finally:
            remove(part)
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_own(path: Path) -> None:
    """A file that was not there before, for nobody else to read."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))


def _flush(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _take_place(part: Path, path: Path, *, erasing: bool) -> None:
    former = path.open("rb+") if erasing and path.exists() and path.stat().st_nlink == 1 else None
    for end in BESIDE[1:]:  # a log of the former file would be taken for the new one's
        Path(f"{path}{end}").unlink(missing_ok=True)
    part.replace(path)
    if former is not None:
        with former:
            _overwrite(former)


def _overwrite(file: BinaryIO) -> None:
    left = os.fstat(file.fileno()).st_size
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    file.flush()
    os.fsync(file.fileno())


def _prepare(cursor: sqlite3.Cursor) -> None:
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}").fetchall()
