"""Bring a database to the schema of this program, and notice when it has another one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect

from storage.database import is_sqlite

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5B5  # any number, the same in every process


class SchemaMismatch(Exception):
    """The database and the program do not fit; the sentence says what to do."""


def migrate(engine: Engine, *, folder: Path = MIGRATIONS, point: Callable[[str], None] | None = None) -> None:
    """Upgrade to the newest schema, all of it or nothing; raises SchemaMismatch if the database is newer.

    `point` is told "migrating" after each step, and so once before the commit.
    """
    found, known = _found(engine), _known(folder)
    _refuse_newer(found, known)
    if found != known[-1]:
        with transaction(engine) as connection:
            upgrade(connection, folder=folder, point=point)


def upgrade(connection: Connection, *, folder: Path = MIGRATIONS, point: Callable[[str], None] | None = None) -> None:
    """The same within the transaction of this connection."""
    run_migrations(connection, lambda scripts, revision: scripts._upgrade_revs("head", revision), folder, point)


def check_schema(engine: Engine, *, folder: Path = MIGRATIONS) -> None:
    """Raise SchemaMismatch unless the database has exactly this program's schema."""
    found, known = _found(engine), _known(folder)
    _refuse_newer(found, known)
    if found is None:
        raise SchemaMismatch("The database has no tables yet. Run `python -m bot migrate`.")
    if found != known[-1]:
        raise SchemaMismatch(
            f"The database has an older schema ({found}) than this program ({known[-1]}). Run `python -m bot migrate`."
        )


def is_current(connection: Connection) -> bool:
    """Whether this database has exactly this program's schema."""
    return _found_in(connection) == _known(MIGRATIONS)[-1]


def run_migrations(
    connection: Connection,
    plan: Callable[["ScriptDirectory", Any], list[Any]],
    folder: Path = MIGRATIONS,
    point: Callable[[str], None] | None = None,
) -> None:
    """Run the steps that `plan` chooses from the scripts, within the transaction of this connection."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 - most starts do without Alembic
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(folder))
    steps = [lambda **_: point("migrating")] if point else []
    options = {"fn": lambda revision, _context: plan(scripts, revision), "on_version_apply": steps}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        context.run_migrations()


def _known(folder: Path) -> list[str]:
    """All revisions, oldest first; files are named after them, so that Alembic need not be loaded."""
    return sorted(path.stem.partition("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))


def _found(engine: Engine) -> str | None:
    """The revision of the database, None if it is empty."""
    with engine.connect() as connection:
        return _found_in(connection)


def _found_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def _refuse_newer(found: str | None, known: list[str]) -> None:
    if found is not None and found not in known:
        raise SchemaMismatch(
            f"The database has a newer schema ({found}) than this program ({known[-1]}). "
            "Update the program; nothing was changed."
        )


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction for all steps; other processes wait, and on SQLite the tables may be rebuilt."""
    with engine.connect() as connection:
        if not is_sqlite(engine):
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
            return
        # With foreign keys on, replacing a table would delete the rows that point at it. It can only be changed
        # outside of a transaction, so around SQLAlchemy's.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                _check_foreign_keys(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in broken}))
        raise SchemaMismatch(f"The migration would leave rows that point at nothing ({tables}); nothing was changed.")
