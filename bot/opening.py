"""Opens what the bot keeps, or refuses with one sentence."""

from pathlib import Path

from sqlalchemy import Engine

from bot.settings import Settings
from storage import migrating
from storage.database import BadDatabaseUrl, connect, is_sqlite
from storage.failures import DatabaseAway, DatabaseInUse
from storage.keys import KeyStore, WrongMasterKey
from storage.masters import BadMasterKey, MissingMasterKey, masters_from, masters_in, masters_now
from storage.migrating import SchemaMismatch
from storage.wrapped_keys import MissingKeyStore

WRONG_SETTINGS = (BadDatabaseUrl, BadMasterKey, MissingMasterKey, WrongMasterKey, MissingKeyStore)
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


def open_keys(settings: Settings) -> KeyStore:
    """The key store with its master keys. Raises CannotStart."""
    given = settings.master_keys.get_secret_value()
    try:
        if given:
            return KeyStore(settings.keys, masters_from(given))
        folder = settings.data_dir
        return KeyStore(settings.keys, masters_in(folder), read_again=lambda: masters_now(folder))
    except DatabaseInUse as error:
        raise CannotStart(f"{error} Several processes need KEYS_URL on PostgreSQL, too.", 1) from None
    except (*WRONG_SETTINGS, *UNUSABLE, OSError) as error:
        raise refusal(error, settings, address="KEYS_URL") from None


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
