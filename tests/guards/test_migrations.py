"""The migrations lead to the tables of the models, and every step can be taken back with rows in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select

from storage import migrating, tables
from storage.database import connect

REVISIONS = [path.stem[:4] for path in sorted((migrating.MIGRATIONS / "versions").glob("*.py"))]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Makes databases without a table, of either kind."""
    engines: list[Engine] = []

    def make() -> Engine:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / uuid4().hex}.db"
        else:
            url = request.getfixturevalue("postgres").fresh_database(empty=True)
        engines.append(connect(url))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()
        if request.param == "postgresql":
            request.getfixturevalue("postgres").drop_database(engine.url.render_as_string(hide_password=False))


def schema(engine: Engine) -> dict[str, Any]:
    """All that the database itself knows of its tables."""
    looking = inspect(engine)
    return {
        name: {
            "columns": {
                column["name"]: (
                    str(column["type"]),
                    column["nullable"],
                    column["default"],
                    column.get("autoincrement"),
                )
                for column in looking.get_columns(name)
            },
            "primary key": looking.get_pk_constraint(name),
            "foreign keys": in_order(looking.get_foreign_keys(name)),
            "unique": in_order(looking.get_unique_constraints(name)),
            "indexes": in_order(looking.get_indexes(name)),
            "checks": in_order(looking.get_check_constraints(name)),
        }
        for name in looking.get_table_names()
        if name != "alembic_version"
    }


def in_order(found: Any) -> list[str]:
    """Constraints that compare equal in whatever order the database gives them."""
    return sorted(in_words(one) for one in found)


def in_words(value: Any) -> str:
    """A value without the addresses of objects in it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {in_words(part)}" for name, part in sorted(value.items()))
    return str(value)


def test_the_migrations_make_exactly_the_tables_of_the_models(empty: Callable[[], Engine]) -> None:
    migrated, created = empty(), empty()
    migrating.migrate(migrated)
    tables.Table.metadata.create_all(created)
    assert schema(migrated) == schema(created)
    assert len(schema(created)) == len(tables.Table.metadata.tables)


def test_the_migrations_are_one_chain_in_the_order_of_their_names() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for before, name in zip([None, *REVISIONS[:-1]], REVISIONS, strict=True):
        script = next((migrating.MIGRATIONS / "versions").glob(f"{name}_*.py")).read_text().replace("'", '"')
        assert f'revision = "{name}"' in script
        assert (f'down_revision = "{before}"' if before else "down_revision = None") in script


def test_every_step_can_be_taken_back_and_again_with_rows_in(empty: Callable[[], Engine]) -> None:
    engine = empty()
    for number, name in enumerate(REVISIONS):
        step(engine, lambda scripts, found, name=name: scripts._upgrade_revs(name, found))
        fill(engine)
        full, above = rows(engine), schema(engine)
        step(engine, lambda scripts, found: scripts._downgrade_revs("-1", found))
        left = rows(engine)
        assert left == {table: count for table, count in full.items() if table in left}
        assert bool(left) == bool(number)
        step(engine, lambda scripts, found, name=name: scripts._upgrade_revs(name, found))
        assert schema(engine) == above
        fill(engine)
        assert set(rows(engine)) == set(full)


def step(engine: Engine, plan: Any) -> None:
    """Take one step as the program does."""
    with migrating.transaction(engine) as connection:
        migrating.run_migrations(connection, plan)


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    found = reflected(engine)
    with engine.connect() as connection:
        return {table.name: len(connection.execute(select(table)).all()) for table in found}


def fill(engine: Engine) -> None:
    """Put a row into every table that is empty."""
    with engine.begin() as connection:
        for table in reflected(engine, connection):
            if connection.execute(select(table)).first() is None:
                connection.execute(table.insert().values(row(table, connection)))


def reflected(engine: Engine, connection: Connection | None = None) -> list[Table]:
    """The tables of a database, those that others point at first."""
    found = MetaData()
    found.reflect(connection or engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def row(table: Table, connection: Connection) -> Mapping[str, Any]:
    """Something for every column; where it points at a row, the one that is there."""
    values: dict[str, Any] = {}
    for column in table.columns:
        target = next(iter(column.foreign_keys), None)
        if target is not None:
            values[column.name] = connection.execute(select(target.column)).scalar()
        else:
            values[column.name] = SAMPLES[column.type.python_type]()
    return values


SAMPLES: dict[type, Callable[[], Any]] = {
    UUID: uuid4,
    str: lambda: uuid4().hex[:8],
    bytes: lambda: uuid4().bytes,
    int: lambda: 1,
    bool: lambda: True,
    date: lambda: date(2030, 1, 1),
    datetime: lambda: datetime(2030, 1, 1, 12, tzinfo=UTC),
}
