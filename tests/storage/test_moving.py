"""Moving to PostgreSQL: every row of every table, exactly as it was, or nothing at all."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Table, insert, inspect, select, text
from sqlmodel import Session

from storage import copying, migrating, moving
from storage.copying import TABLES
from storage.database import connect
from storage.migrating import SchemaMismatch
from storage.moving import NotMoved
from storage.tables import Chat, Delivery, Lease, ProcessedUpdate
from tests.postgres import Server
from tests.storage.cut_connection import cutting_proxy
from tests.storage.kept import NOON

MANY = 2 * copying.CHUNK + 1
ROWS = 3  # in every table; the last one has nothing where nothing may be


@pytest.fixture
def source(sqlite_engine: Engine) -> Engine:
    """A SQLite database with rows in every table."""
    fill(sqlite_engine)
    return sqlite_engine


@pytest.fixture
def empty(postgres: Server) -> Iterator[Engine]:
    """A PostgreSQL without a table."""
    url = postgres.fresh_database(empty=True)
    engine = connect(url)
    yield engine
    engine.dispose()
    postgres.drop_database(url)


def fill(engine: Engine) -> None:
    """Put rows into every table."""
    with engine.begin() as connection:
        for table in TABLES:
            connection.execute(insert(table), [row(table, number) for number in range(ROWS)])


def row(table: Table, number: int) -> dict[str, Any]:
    """Something for every column that tells this row from the others; it points at the rows of the same number."""
    values: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        if column.nullable and not column.primary_key and number == ROWS - 1:
            values[column.name] = None
        elif column.foreign_keys:
            values[column.name] = UUID(int=number + 1)
        else:
            kind = getattr(column.type, "impl_instance", column.type)
            values[column.name] = SAMPLES[kind.python_type](number, place, getattr(kind, "length", None) or 300)
    return values


SAMPLES: dict[type, Callable[[int, int, int], Any]] = {
    UUID: lambda number, _place, _length: UUID(int=number + 1),
    str: lambda number, place, length: f"{number}{place} ü✓🙂'\"\\%\n".ljust(length, "x")[:length],
    bytes: lambda number, place, _length: bytes([0, number, place, 255, 39, 92]) * 100,
    int: lambda number, _place, _length: 2_000_000_000 + number,
    bool: lambda number, place, _length: (number + place) % 2 == 0,
    date: lambda number, place, _length: date(2030, 1, 1 + place) + timedelta(days=400 * number),
    datetime: lambda number, place, _length: datetime(2030, 10, 27, 0, 30, place, 123_456 + number, UTC),
}


def contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table with the types of its values, in an order of our own."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(sorted(found.items())) for found in connection.execute(select(table)).mappings())
            for table in TABLES
        }


def names(engine: Engine) -> list[str]:
    return inspect(engine).get_table_names()


def test_no_table_is_forgotten(source: Engine) -> None:
    assert {*names(source)} == {*(table.name for table in TABLES), "alembic_version"}
    assert all(len(rows) == ROWS for rows in contents(source).values())


def test_every_row_of_every_table_arrives_as_it_was(source: Engine, empty: Engine) -> None:
    before = contents(source)
    assert moving.move(source, empty) == ROWS * len(TABLES)
    assert contents(empty) == before
    assert contents(source) == before
    migrating.check_schema(empty)


def test_a_target_that_was_migrated_is_empty_enough(source: Engine, postgres_engine: Engine) -> None:
    moving.move(source, postgres_engine)
    assert contents(postgres_engine) == contents(source)


def test_large_tables_go_in_chunks(sqlite_engine: Engine, empty: Engine) -> None:
    with Session(sqlite_engine) as session:
        session.add_all(ProcessedUpdate(update_id=-5 + number, at=NOON) for number in range(MANY))
        session.commit()
    assert moving.move(sqlite_engine, empty) == MANY
    assert contents(empty) == contents(sqlite_engine)


def test_an_empty_database_can_be_moved_and_begins_to_count_at_one(sqlite_engine: Engine, empty: Engine) -> None:
    assert moving.move(sqlite_engine, empty) == 0
    assert new_delivery(empty) == 1


def test_new_numbers_begin_behind_those_that_came_along(source: Engine, empty: Engine) -> None:
    moving.move(source, empty)
    assert new_delivery(empty) == 2_000_000_000 + ROWS


def new_delivery(engine: Engine) -> int | None:
    """The number of a delivery that is owed after the move."""
    with Session(engine) as session:
        chat = Chat(lookup=b"new", address_sealed=b"sealed")
        session.add(chat)
        session.flush()
        delivery = Delivery(key="new", chat_id=chat.id, card="refusal.said", due=NOON)
        session.add(delivery)
        session.commit()
        return delivery.id


def other_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE other (id int)"))


def a_row(engine: Engine) -> None:
    migrating.migrate(engine)
    with Session(engine) as session:
        session.add(Lease(name="poll", holder="somebody", until=NOON))
        session.commit()


def older_schema(engine: Engine) -> None:
    migrating.migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))


@pytest.mark.parametrize("fill", [other_table, a_row, older_schema])
def test_a_target_that_is_not_empty_is_left_alone(
    source: Engine, empty: Engine, fill: Callable[[Engine], None]
) -> None:
    fill(empty)
    before = names(empty)
    with pytest.raises(NotMoved, match=r"^The PostgreSQL is not empty: .*; nothing was moved\.$"):
        moving.move(source, empty)
    assert names(empty) == before


@pytest.mark.parametrize(
    ("revision", "sentence"), [("0001", "older schema"), ("9999", "newer schema"), (None, "no tables yet")]
)
def test_a_source_with_another_schema_is_not_moved(
    source: Engine, empty: Engine, revision: str | None, sentence: str
) -> None:
    with source.begin() as connection:
        if revision is None:
            connection.execute(text("DROP TABLE alembic_version"))
        else:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    with pytest.raises(SchemaMismatch, match=sentence):
        moving.move(source, empty)
    assert names(empty) == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE lease SET until = '2031-01-01 00:00:00.000001' WHERE rowid = 2", "Not every row of lease arrived"),
        ("UPDATE person SET zone = 'Europe/Paris' WHERE rowid = 3", "Not every row of person arrived"),
        ("UPDATE answer SET words_sealed = x'00' WHERE rowid = 3", "Not every row of answer arrived"),
        (
            "UPDATE parked_update SET update_id = 7 WHERE rowid = (SELECT max(rowid) FROM parked_update)",
            "Not every row",
        ),
        (
            "DELETE FROM parked_update WHERE rowid = (SELECT max(rowid) FROM parked_update)",
            "Rows came into parked_update",
        ),
    ],
)
def test_what_does_not_arrive_as_it_is_undoes_the_move(
    source: Engine, empty: Engine, statement: str, sentence: str
) -> None:
    """A page of the file that changes after it was copied stands for whatever may be wrong on the way."""
    reached: list[str] = []
    with source.connect() as connection:
        driver: Any = connection.connection.driver_connection  # the only one there is

    def spoil(name: str) -> None:
        reached.append(name)
        if len(reached) == len(TABLES):
            driver.execute(statement)

    with pytest.raises(NotMoved, match=sentence):
        moving.move(source, empty, point=spoil)
    assert names(empty) == []


def test_a_row_that_postgresql_cannot_take_undoes_the_move(source: Engine, empty: Engine) -> None:
    with source.begin() as connection:
        connection.execute(text("UPDATE delivery SET about = 'a' || char(0)"))
    with pytest.raises(NotMoved, match="A row of delivery cannot be stored there"):
        moving.move(source, empty)
    assert names(empty) == []


def test_a_connection_that_breaks_in_the_middle_undoes_the_move_and_it_can_be_started_again(
    source: Engine, empty: Engine
) -> None:
    def cut(_: str) -> None:
        with empty.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    with pytest.raises(NotMoved, match=r"in the middle; nothing was moved\. Start the command again\.$"):
        moving.move(source, empty, point=cut)
    assert names(empty) == []
    assert moving.move(source, empty) == ROWS * len(TABLES)


def test_a_connection_that_breaks_during_the_commit_leaves_all_or_nothing(
    source: Engine, postgres: Server, empty: Engine
) -> None:
    with cutting_proxy(postgres.socket(), before_answer_to=b"COMMIT\0") as port:
        target = connect(f"postgresql://postgres@127.0.0.1:{port}/{empty.url.database}")
        with pytest.raises(NotMoved, match=r"at the very end: all was moved or nothing\."):
            moving.move(source, target)
        target.dispose()
    with pytest.raises(NotMoved, match="is not empty"):
        moving.move(source, empty)
    assert contents(empty) == contents(source)
