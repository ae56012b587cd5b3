"""What Alembic's command line runs, to write migrations; the program itself migrates through storage.migrating."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import MigrationScript
from sqlalchemy import Connection, TypeDecorator

from storage import migrating
from storage.database import connect
from storage.tables import Table


@contextmanager
def throwaway_database() -> Iterator[Connection]:
    """An SQLite database with the newest schema: nobody needs one of their own to write a migration."""
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/throwaway.db")
        if any((migrating.MIGRATIONS / "versions").glob("*.py")):
            migrating.migrate(engine)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def number(_: MigrationContext, __: object, scripts: list[MigrationScript]) -> None:
    """Name revisions 0001, 0002, …: storage.migrating finds the newest by its file name."""
    scripts[0].rev_id = f"{len(list((migrating.MIGRATIONS / 'versions').glob('*.py'))) + 1:04d}"


def render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write the plain type instead of our own: a migration must not change when the code does."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


with throwaway_database() as connection:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        process_revision_directives=number,
        render_item=render,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
