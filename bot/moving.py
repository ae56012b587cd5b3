"""Moving from the SQLite file to a PostgreSQL; the key store stays where it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.opening import UNUSABLE, WRONG_SETTINGS, CannotStart, refusal
from bot.settings import Settings
from storage import moving
from storage.database import BadDatabaseUrl, connect, parsed
from storage.moving import NotMoved
from storage.units import ignore


@dataclass(frozen=True)
class Moved:
    """What was moved, where to, and where the keys still are."""

    rows: int
    address: str  # without its password
    file: str
    keys: str

    @property
    def told(self) -> str:
        """What to do next."""
        return (
            f"{self.rows} rows are in {self.address} now, each compared with the one in {self.file}.\n"
            "Next: set DATABASE_URL to this address, with its password, and start the bot.\n"
            f"The keys stay where they are: {self.keys}. Without them nothing can be read.\n"
            f"{self.file} is as it was. Never start a bot on it again; delete it once the bot runs."
        )


def move_database(settings: Settings, to: str, *, point: Callable[[str], None] = ignore) -> Moved:
    """Move all rows into the empty PostgreSQL at `to`, or none. Raises CannotStart."""
    file, address = _source(settings), _target(to)
    try:
        source = connect(settings.database)
        try:
            target = connect(to)
            try:
                rows = moving.move(source, target, point=point)
            finally:
                target.dispose()
        finally:
            source.dispose()
    except (*WRONG_SETTINGS, *UNUSABLE, NotMoved) as error:
        raise refusal(error, settings) from None
    return Moved(rows, address, str(file), _place_of_keys(settings))


def _source(settings: Settings) -> Path:
    """The file to move. Raises CannotStart."""
    try:
        url = parsed(settings.database)
    except BadDatabaseUrl as error:
        raise refusal(error, settings) from None
    if url.drivername != "sqlite":
        raise CannotStart("DATABASE_URL: names a PostgreSQL; a move begins at a SQLite file.", 2)
    file = Path(str(url.database))
    if not file.is_file():
        raise CannotStart(f"DATA_DIR: there is no database {file} that could be moved.", 2)
    return file


def _target(to: str) -> str:
    """The address as it may be shown. Raises CannotStart."""
    try:
        url = parsed(to)
    except BadDatabaseUrl:
        url = None
    if url is None or url.drivername == "sqlite":
        raise CannotStart("MOVE_TO, or --to: must be a PostgreSQL: postgresql://user:password@host/name.", 2)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def _place_of_keys(settings: Settings) -> str:
    return "KEYS_URL" if settings.keys_url.get_secret_value() else str(settings.data_dir / "keys.db")
