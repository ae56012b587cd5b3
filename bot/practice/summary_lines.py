"""Where the lines of a weekly summary come from: a row a source.

A source names what it finds and gives ids, never words; how its lines read is in `bot.messages.cards.summary_lines`.
The pulse is no source: it is a line of its own, off until tapped on.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from sqlmodel import Session

from storage import summary

WEEK = timedelta(days=6)
WEEKEND = timedelta(days=2)  # what was asked on the one before may have opened since
MOST_LINES = 20

# a person's own, for the week that ends on this Sunday; `fresh`: only what stands in no preview yet
Find: TypeAlias = Callable[[Session, UUID, date, bool], list[UUID]]


def opened_answers(session: Session, person_id: UUID, week: date, fresh: bool) -> list[UUID]:
    """Own answers that are open for both."""
    first = week - WEEK - (WEEKEND if fresh else timedelta())
    return summary.opened_answers(session, person_id=person_id, first=first, last=week, fresh=fresh)


SOURCES: Mapping[str, Find] = MappingProxyType({"answer": opened_answers})


def found(session: Session, person_id: UUID, week: date, *, fresh: bool) -> list[tuple[str, UUID]]:
    """All lines of a person's week, in the order of the sources."""
    lines = [(name, about) for name, find in SOURCES.items() for about in find(session, person_id, week, fresh)]
    return lines[-MOST_LINES:]
