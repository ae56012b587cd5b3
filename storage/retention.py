"""How long words are kept: every table with sealed columns has a row here; a guard looks for those that have none.

What is removed is in no row, no log and no free page of SQLite afterwards. Copies of the database from before still
hold it: the person's key lives on. `docs/privacy.md` says so to operators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, literal_column, or_
from sqlalchemy import Table as CoreTable
from sqlmodel import Session, select

from storage import tables
from storage.rows import core
from storage.tables import Person, Table


@dataclass(frozen=True, slots=True)
class Emptied:
    """The words go and the row stays, since others see that there was something; `dated` leads to its date."""

    dated: tuple[str, ...] = ("on_date",)
    by: str = "person_id"


@dataclass(frozen=True, slots=True)
class Removed:
    """The row goes; dated as above."""

    dated: tuple[str, ...] = ("on_date",)
    by: str = "person_id"


@dataclass(frozen=True, slots=True)
class Kept:
    """No retention rules it."""

    why: str


Rule: TypeAlias = Emptied | Removed | Kept

EXPIRING: Mapping[type[Table], Rule] = MappingProxyType(
    {
        tables.Answer: Emptied(("checkin_id", "on_date")),
        tables.JournalNote: Removed(),
        tables.BoundaryCard: Emptied(("conversation_id", "begins")),
        tables.Response: Emptied(("card_id", "conversation_id", "begins")),
        tables.Appreciation: Removed(("conversation_id", "begins")),
        tables.Participation: Emptied(("conversation_id", "begins")),
        tables.SavedTopic: Kept("a topic to come back to, until its person has, or lets it go"),
        tables.AgreementVersion: Kept("what two agreed on, under the couple's key, as long as the agreement is there"),
        tables.Pulse: Kept("four taps, no words; goes with its person"),
        tables.MemorySearch: Kept("what a person looks for, until they look for something else"),
        tables.Person: Kept("the name on the account, as long as there is one"),
        tables.Chat: Kept("the address, without which nobody can be written to"),
        tables.Invite: Kept("the token of a link, for 48 hours"),
        tables.Expectation: Kept("words on their way to an answer, until the bot is told where they belong"),
    }
)


# In the very words of the partial index: neither database knows of a parameter that it is more than 0.
_WISHED: ColumnElement[bool] = literal_column("person.retention > 0")  # with a type, it would say `= 1` as well


def wishes(session: Session) -> list[int]:
    """After how many days somebody wants their words removed, shortest first."""
    return sorted(session.exec(select(Person.retention).where(_WISHED).distinct()))


def expired(session: Session, table: type[Table], *, days: int, before: date, limit: int) -> list[Table]:
    """Rows with words from before that date, of people who keep theirs for so many days."""
    rule = EXPIRING[table]
    assert not isinstance(rule, Kept)
    plain, person = core(table), core(Person)
    query = select(table).join(person, person.c.id == plain.c[rule.by]).where(_WISHED, person.c.retention == days)
    at = plain
    for name in rule.dated[:-1]:
        parent = _parent(at.c[name])
        query = query.join(parent, parent.c.id == at.c[name])
        at = parent
    dated = at.c[rule.dated[-1]]
    query = query.where(dated < (before if dated.type.python_type is date else datetime.combine(before, time(), UTC)))
    if isinstance(rule, Emptied):
        query = query.where(_any_left(plain))
    return list(session.exec(query.limit(limit)))


def let_go(session: Session, row: Table) -> None:
    """Remove the words of a row, or the row."""
    if isinstance(EXPIRING[type(row)], Removed):
        session.delete(row)
    else:
        for name in sealed_columns(type(row)):
            setattr(row, name, None)
        session.add(row)
    session.flush()


def sealed_columns(table: type[Table]) -> list[str]:
    """The columns that hold words."""
    return [column.name for column in core(table).columns if column.name.endswith("_sealed")]


def _parent(column: Column[Any]) -> CoreTable:
    found = next(iter(column.foreign_keys)).column.table
    assert isinstance(found, CoreTable)
    return found


def _any_left(plain: CoreTable) -> ColumnElement[bool]:
    return or_(*(column.is_not(None) for column in plain.columns if column.name.endswith("_sealed")))
