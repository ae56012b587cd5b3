"""Backing up the database into one file, and restoring that; the keys stay where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.opening import UNUSABLE, WRONG_SETTINGS, CannotStart, open_keys, prepare_folder, refusal
from bot.settings import Settings
from storage import backups, moving
from storage.backups import NotRestored
from storage.database import BadDatabaseUrl, connect, parsed
from storage.moving import NotMoved
from storage.units import ignore
from storage.whole_files import NotBackedUp

_WHILE_RESTORING = "restoring.db"


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

    @property
    def told(self) -> str:
        """What to do next."""
        return (
            f"{self.rows} rows are in {self.place} now. Next: start the bot.\n"
            "Whoever was erased since the backup is erased again. What else people did since is lost; "
            "what they took back since stands there again, so tell them."
        )


def back_up(settings: Settings, to: Path, *, point: Callable[[str], None] = ignore) -> BackedUp:
    """Write a backup; on SQLite no bot may run. Raises CannotStart."""
    try:
        if is_file(settings) and not Path(str(parsed(settings.database).database)).is_file():
            raise CannotStart(f"DATA_DIR: there is no database in {settings.data_dir} that could be backed up.", 2)
        engine = connect(settings.database)
        try:
            return BackedUp(backups.back_up(engine, to, point=point), to)
        finally:
            engine.dispose()
    except (*WRONG_SETTINGS, *UNUSABLE, NotBackedUp) as error:
        raise refusal(error, settings) from None


def back_up_keys(settings: Settings, to: Path) -> None:
    """Copy the key store; no bot may run. Raises CannotStart."""
    _check_keys(settings)
    store = open_keys(settings)
    try:
        store.back_up(to)
    except NotBackedUp as error:
        raise refusal(error, settings) from None
    finally:
        store.close()


def restore(settings: Settings, backup: Path) -> Restored:
    """Put a backup in the place of a database that is not there. Raises CannotStart."""
    try:
        prepare_folder(settings.data_dir)
        _check_keys(settings)
        open_keys(settings).close()
        if is_file(settings):
            file = Path(str(parsed(settings.database).database))
            return Restored(backups.restore_file(backup, file), str(file))
        return _restore_rows(settings, backup)
    except (*WRONG_SETTINGS, *UNUSABLE, NotRestored, NotMoved, OSError) as error:
        raise refusal(error, settings) from None


def is_file(settings: Settings) -> bool:
    """Whether the database is a file, which only one process can open. Raises CannotStart."""
    try:
        return parsed(settings.database).drivername == "sqlite"
    except BadDatabaseUrl as error:
        raise refusal(error, settings) from None


def _check_keys(settings: Settings) -> None:
    """Where there are none, new ones would be made, and nothing could be read. Raises CannotStart."""
    store = settings.data_dir / "keys.db"
    if not settings.keys_url.get_secret_value() and not store.is_file():
        raise CannotStart(f"DATA_DIR: there is no key store {store}; without it nothing in a database can be read.", 2)


def _restore_rows(settings: Settings, backup: Path) -> Restored:
    """Into an empty PostgreSQL, by way of a file with this program's schema."""
    between = settings.data_dir / _WHILE_RESTORING
    between.unlink(missing_ok=True)
    try:
        backups.restore_file(backup, between)
        source = connect(f"sqlite:///{between}")
        try:
            target = connect(settings.database)
            try:
                rows = moving.move(source, target)
            finally:
                target.dispose()
        finally:
            source.dispose()
    finally:
        between.unlink(missing_ok=True)
    address = parsed(settings.database).set(drivername="postgresql").render_as_string(hide_password=True)
    return Restored(rows, address)
