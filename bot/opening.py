"""Opens what the bot keeps, or refuses with one sentence."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.settings import Settings
from bot.wire.seat import Seat
from storage import fitting, migrating, wrapped_keys
from storage.database import BadDatabaseUrl, connect, is_sqlite, parsed
from storage.failures import DatabaseAway, DatabaseInUse
from storage.keys import KeyStore, WrongMasterKey
from storage.masters import BadMasterKey, Masters, MissingMasterKey, masters_from, masters_in, masters_now
from storage.migrating import SchemaMismatch
from storage.whole_files import reason
from storage.wrapped_keys import ForeignBackup, MissingKeyStore

WRONG_SETTINGS = (BadDatabaseUrl, BadMasterKey, MissingMasterKey, WrongMasterKey, MissingKeyStore, ForeignBackup)
UNUSABLE = (DatabaseAway, SchemaMismatch)


class CannotStart(Exception):
    """The bot refuses to start; the message is one sentence, `code` the exit status."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def open_database(settings: Settings) -> Engine:
    """The database with a schema that fits; SQLite is migrated on the way. Raises CannotStart."""
    try:
        prepare_folder(settings.data_dir)
        engine = connect(settings.database)
        if is_sqlite(engine):
            migrating.migrate(engine)
        migrating.check_schema(engine)
    except (*WRONG_SETTINGS, *UNUSABLE, OSError) as error:
        raise refusal(error, settings) from None
    return engine


def open_both(settings: Settings) -> tuple[Engine, KeyStore]:
    """The database and the key store, which must be of one bot. Raises CannotStart.

    A database that knows anybody is never opened with keys that are made anew for it.
    """
    check_apart(settings)
    engine = open_database(settings)
    try:
        with Session(engine) as session:
            if fitting.keeps_anybody(session):
                check_key_store(settings)
        keys = open_keys(settings)
        with Session(engine, info={"keys": keys}) as session:
            if fitting.fits(session, keys):
                return engine, keys
        keys.close()
    except DBAPIError as error:
        engine.dispose()
        raise CannotStart(f"The database cannot be read: {reason(error)}.", 1) from None
    except CannotStart:
        engine.dispose()
        raise
    engine.dispose()
    raise CannotStart(
        f"{_key_store_of(settings)}: this key store is not the one of the database, in which nothing could be read; "
        "bring back the right one.",
        2,
    )


def forget_bot(settings: Settings) -> str:
    """Let the bot that starts next be the one of the people in the database; gives what to say. Raises CannotStart."""
    engine = open_database(settings)
    try:
        with Session(engine) as session:
            found = fitting.forget_bot(session)
            session.commit()
    except DBAPIError as error:
        raise CannotStart(f"The database cannot be written: {reason(error)}.", 1) from None
    finally:
        engine.dispose()
    if not found:
        return "No bot has started on this database yet."
    return "The bot that starts next takes the place of the former one. It can write to whoever has started it."


def check_apart(settings: Settings) -> None:
    """Keys lie elsewhere than what they open, or every copy of one would open the other. Raises CannotStart."""
    try:
        keys, rows = parsed(settings.keys), parsed(settings.database)
    except BadDatabaseUrl:
        return  # it is named where it is opened
    if (keys.drivername, keys.host, keys.port, keys.database) == (rows.drivername, rows.host, rows.port, rows.database):
        raise CannotStart("KEYS_URL: must be another database than DATABASE_URL, for the keys alone.", 2)


def check_key_store(settings: Settings) -> None:
    """Where there is none, one would be made, and nothing that exists could be read with it. Raises CannotStart."""
    try:
        if wrapped_keys.is_there(settings.keys):
            return
        wrapped_keys.check_backup(settings.keys)
    except (*WRONG_SETTINGS, *UNUSABLE, OSError) as error:
        raise refusal(error, settings, address="KEYS_URL") from None
    name = _key_store_of(settings)
    raise CannotStart(f"{name}: there is no key store; without it nothing in a database can be read.", 2)


def _key_store_of(settings: Settings) -> str:
    return "KEYS_URL" if settings.keys_url.get_secret_value() else f"DATA_DIR: {settings.data_dir / 'keys.db'}"


def open_keys(settings: Settings) -> KeyStore:
    """The key store with its master keys. Raises CannotStart."""
    given = given_masters(settings)
    try:
        if given:
            return KeyStore(settings.keys, given)
        folder = settings.data_dir
        return KeyStore(settings.keys, masters_in(folder), read_again=lambda: masters_now(folder))
    except DatabaseInUse as error:
        raise CannotStart(f"{error} Several processes need KEYS_URL on PostgreSQL, too.", 1) from None
    except (*WRONG_SETTINGS, *UNUSABLE, OSError) as error:
        raise refusal(error, settings, address="KEYS_URL") from None


def given_masters(settings: Settings) -> Masters | None:
    """The master keys that MASTER_KEYS holds, None if they lie in the data folder. Raises CannotStart."""
    given = settings.master_keys.get_secret_value()
    try:
        return masters_from(given) if given else None
    except WRONG_SETTINGS as error:
        raise refusal(error, settings) from None


def take_seat(settings: Settings) -> Seat:
    """The process's seat in the data folder. Raises CannotStart."""
    try:
        return Seat(settings.data_dir)
    except OSError as error:
        raise refusal(error, settings) from None


def migrate_database(settings: Settings) -> None:
    """Bring the schema up to date. Raises CannotStart."""
    try:
        prepare_folder(settings.data_dir)
        engine = connect(settings.database)
        migrating.migrate(engine)
    except (*WRONG_SETTINGS, *UNUSABLE, OSError) as error:
        raise refusal(error, settings) from None
    engine.dispose()


def prepare_folder(folder: Path) -> None:
    """Make the data folder, for its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def refusal(error: Exception, settings: Settings, *, address: str = "DATABASE_URL") -> CannotStart:
    """One sentence; a setting that is wrong is named, the one for the database's `address` too."""
    if isinstance(error, OSError):
        return CannotStart(f"DATA_DIR: {settings.data_dir} cannot be used: {error.strerror}.", 2)
    if isinstance(error, BadDatabaseUrl | BadMasterKey):
        name = address if isinstance(error, BadDatabaseUrl) else "MASTER_KEYS"
        return CannotStart(f"{name}: {str(error)[:1].lower()}{str(error)[1:]}", 2)
    return CannotStart(str(error), 2 if isinstance(error, WRONG_SETTINGS) else 1)
