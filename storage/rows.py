"""Statements of the hot path: Core, built once, and spelled as each database wants them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, TextClause, bindparam, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

T = TypeVar("T", bound=SQLModel)


def find(session: Session, table: type[T], **where: object) -> T | None:
    """The first row with these values in these columns, as an object of the session."""
    return session.scalars(_all_of(table, tuple(where)), where).first()


def due(session: Session, table: type[T], column: str, *, now: datetime, limit: int) -> list[T]:
    """The rows whose time in this column has come, earliest first, as objects of the session."""
    return list(session.scalars(_due(table, column), {"now": now, "limit": limit}))


def is_there(session: Session, table: type[SQLModel], **where: object) -> bool:
    """Whether a row has these values in these columns."""
    session.flush()
    return session.connection().execute(_any_of(table, tuple(where)), where).first() is not None


def insert(session: Session, table: type[SQLModel], **values: object) -> None:
    """Insert a row that is not needed as an object, with all its values."""
    insert_each(session, table, [values])


def insert_if_new(session: Session, table: type[SQLModel], **values: object) -> bool:
    """Insert a row unless one with the same unique values stands there; tells whether it was new."""
    session.flush()
    connection = session.connection()
    return connection.execute(_if_new(connection.dialect.name, table), values).rowcount == 1


def insert_each(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, if_new: bool = False
) -> None:
    """Insert many rows at once, all with values for the same columns; `if_new` leaves out what stands there already."""
    if rows:
        session.flush()
        connection = session.connection()
        statement = _if_new(connection.dialect.name, table) if if_new else _new(table)
        connection.execute(statement, rows)


def insert_or_update(
    session: Session,
    table: type[SQLModel],
    keys: tuple[str, ...],
    *,
    among: TextClause | None = None,
    **values: object,
) -> None:
    """Insert a row, or update the one that has the same `keys`; `among` repeats the words of a partial index."""
    session.flush()
    connection = session.connection()
    changed = tuple(name for name in values if name not in (*keys, "id"))
    connection.execute(_or_update(connection.dialect.name, table, keys, changed, among), values)


def change(session: Session, table: type[SQLModel], row_id: UUID | int, values: Mapping[str, Any]) -> None:
    """Change columns of one row by its id; objects that the session holds are not told."""
    change_each(session, table, [{"row_id": row_id, **values}])


def change_each(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for many rows, all with values for the same columns, each with its id as `row_id`."""
    session.flush()
    session.connection().execute(_by_id(table), rows)


def delete_some(session: Session, table: type[SQLModel], *over: ColumnElement[bool], limit: int) -> bool:
    """Delete up to `limit` rows for which all of this holds; tells whether more may remain."""
    session.flush()
    (key,) = core(table).primary_key
    old = session.connection().execute(select(key).where(*over).limit(limit)).scalars().all()
    if old:
        session.connection().execute(core(table).delete().where(key.in_(old)))
    return len(old) == limit


def is_not(column: Any) -> ColumnElement[bool]:
    """That a boolean is false, in the very words of the partial indexes: SQLite uses them for no other (`IS 0`)."""
    plain: Column[bool] = column.expression
    return literal_column(f"NOT {plain.table.name}.{plain.name}")  # with a type, it would say `= 1` as well


def core(table: type[SQLModel]) -> Table:
    """The table as Core knows it."""
    found: Table = table.__table__  # type: ignore[attr-defined]
    return found


@cache
def _all_of(table: type[SQLModel], names: tuple[str, ...]) -> Any:
    return select(table).where(*(getattr(table, name) == bindparam(name) for name in names))


@cache
def _due(table: type[SQLModel], column: str) -> Any:
    at = getattr(table, column)
    return select(table).where(at <= bindparam("now")).order_by(at).limit(bindparam("limit"))


@cache
def _any_of(table: type[SQLModel], names: tuple[str, ...]) -> Any:
    plain = core(table)
    return (
        select(literal_column("1"))
        .select_from(plain)
        .where(*(plain.c[name] == bindparam(name) for name in names))
        .limit(1)
    )


@cache
def _new(table: type[SQLModel]) -> Any:
    return core(table).insert()


@cache
def _if_new(dialect: str, table: type[SQLModel]) -> Any:
    # on PostgreSQL the count of an INSERT is -1 unless it is asked for
    return insert_into(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _or_update(
    dialect: str, table: type[SQLModel], keys: tuple[str, ...], changed: tuple[str, ...], among: TextClause | None
) -> Any:
    statement = insert_into(dialect, table)
    given = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=keys, index_where=among, set_=given)


@cache
def _by_id(table: type[SQLModel]) -> Any:
    plain = core(table)
    return update(plain).where(plain.c.id == bindparam("row_id"))


def insert_into(dialect: str, table: type[SQLModel]) -> Any:
    """An INSERT that knows what to do about rows that stand there already."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(core(table))
