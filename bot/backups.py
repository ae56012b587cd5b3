"""Backing up the database and the key store, each into a file of its own, and restoring the database."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.opening import UNUSABLE, WRONG_SETTINGS, CannotStart, check_key_store, open_keys, prepare_folder, refusal
from bot.settings import Settings
from bot.wire.seat import locked
from storage import backups, moving, wrapped_keys
from storage.backups import NotRestored
from storage.database import BadDatabaseUrl, connect, parsed
from storage.keys import KeyStore
from storage.moving import NotMoved
from storage.units import ignore
from storage.whole_files import NotBackedUp, erase, write_copy

Ask: TypeAlias = Callable[[str], Path | None]  # the copy that the running bot has written; None if none runs
_BETWEEN = "restoring-"
_FAILURES = (*WRONG_SETTINGS, *UNUSABLE, NotBackedUp, NotRestored, NotMoved, OSError)


@dataclass(frozen=True)
class BackedUp:
    """What is in a backup now."""

    rows: int
    file: Path

    @property
    def told(self) -> str:
        """What was written, and what was not."""
        return (
            f"{self.rows} rows are in {self.file}, all of one instant.\n"
            "The keys are not in it: without the key store and the master key nothing in it can be read."
        )


@dataclass(frozen=True)
class Restored:
    """What was restored, and where."""

    rows: int
    place: str
    keyless: int  # people

    @property
    def told(self) -> str:
        """What to do next."""
        lost = (
            f"\n{self.keyless} people have no key: the key store is older than the backup, and they cannot be read."
            if self.keyless
            else ""
        )
        return (
            f"{self.rows} rows are in {self.place} now. Next: start the bot.\n"
            "Whoever is on the key store's list of the erased is erased again. What else people did since the backup "
            f"is lost; what they took back since stands there again, so tell them.{lost}"
        )


def nobody(_: str) -> None:
    """No bot runs that could be asked."""


def back_up(settings: Settings, to: Path, *, ask: Ask = nobody, point: Callable[[str], None] = ignore) -> BackedUp:
    """Write a backup; on SQLite the bot that runs is asked for a copy. Raises CannotStart."""
    try:
        own = _own_files(settings)
        if not is_file(settings):
            engine = connect(settings.database)
            try:
                return BackedUp(backups.back_up_rows(engine, to, but=own, point=point), to)
            finally:
                engine.dispose()
        if not own[0].is_file():
            raise CannotStart(f"DATA_DIR: there is no database {own[0]} that could be backed up.", 2)
        with _copied(settings, lambda: ask("database") or _copy_database(settings)) as copy:
            return BackedUp(backups.back_up_copy(copy, to, but=own, point=point), to)
    except _FAILURES as error:
        raise refusal(error, settings) from None


def back_up_keys(settings: Settings, to: Path, *, ask: Ask = nobody) -> None:
    """Copy the key store; the bot that runs is asked for it. Raises CannotStart."""
    try:
        check_key_store(settings)
        with _copied(settings, lambda: ask("keys") or _copy_keys(settings)) as copy:
            wrapped_keys.back_up_copy(copy, to, but=_own_files(settings))
    except _FAILURES as error:
        raise refusal(error, settings) from None


def restore(settings: Settings, backup: Path) -> Restored:
    """Put a backup in the place of a database that is not there; no bot may run. Raises CannotStart."""
    try:
        prepare_folder(settings.data_dir)
        check_key_store(settings)
        keys = open_keys(settings)  # held to the end, so that no bot starts meanwhile
        try:
            with _alone(settings):
                if is_file(settings):
                    file = _own_files(settings)[0]
                    rows, keyless = backups.restore_file(backup, file, keys=keys)
                    return Restored(rows, str(file), keyless)
                return _restore_rows(settings, backup, keys)
        finally:
            keys.close()
    except _FAILURES as error:
        raise refusal(error, settings) from None


def is_file(settings: Settings) -> bool:
    """Whether the database is a file, which only one process can open. Raises CannotStart."""
    try:
        return parsed(settings.database).drivername == "sqlite"
    except BadDatabaseUrl as error:
        raise refusal(error, settings) from None


def _own_files(settings: Settings) -> Sequence[Path]:
    """What no backup may replace; the database comes first if it is a file."""
    database = (Path(str(parsed(settings.database).database)),) if is_file(settings) else ()
    return (*database, *wrapped_keys.files_of(settings.keys))


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One backup or restore at a time. Raises CannotStart."""
    handle = locked(settings.data_dir / "backup.lock")
    if handle is None:
        raise CannotStart(f"Another backup is under way in {settings.data_dir}; try again after it.", 1)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def _copied(settings: Settings, write: Callable[[], Path]) -> Iterator[Path]:
    """A copy that lies beside what was copied, and goes in the end."""
    with _alone(settings):
        copy = write()
        try:
            yield copy
        finally:
            erase(copy)


def _copy_database(settings: Settings) -> Path:
    engine = connect(settings.database)
    try:
        return write_copy(engine)
    finally:
        engine.dispose()


def _copy_keys(settings: Settings) -> Path:
    store = open_keys(settings)
    try:
        return store.write_copy()
    finally:
        store.close()


def _restore_rows(settings: Settings, backup: Path, keys: KeyStore) -> Restored:
    """Into an empty PostgreSQL, by way of a file with this program's schema."""
    for left in settings.data_dir.glob(f"{_BETWEEN}*"):  # by a process that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_BETWEEN, dir=settings.data_dir) as folder:
        between = Path(folder) / "side-by-side.db"
        _, keyless = backups.restore_file(backup, between, keys=keys)
        source = connect(f"sqlite:///{between}")
        try:
            target = connect(settings.database)
            try:
                rows = moving.move(source, target)
            finally:
                target.dispose()
        finally:
            source.dispose()
    address = parsed(settings.database).set(drivername="postgresql").render_as_string(hide_password=True)
    return Restored(rows, address, keyless)
