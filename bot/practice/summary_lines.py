"""Where the lines of a weekly summary come from: a row a source.

A source names what it finds and gives ids, never words; how its lines read is in `bot.messages.cards.summary_lines`.
The pulse is no source: it is a line of its own, off until tapped on.

An agreement belongs to both: it stands in both previews, and once on the page, below the lines of either, as long as
one of the two leaves it on theirs. So a page never tells who took it off. The line is about a wording: what somebody
approved is never rewritten.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice import times
from storage import agreements, people, summary
from storage.tables import SummaryLine

WEEK = timedelta(days=6)
WEEKEND = timedelta(days=2)  # what was asked on the one before may have opened since
MOST_LINES = 20
OF_BOTH = frozenset({"agreement"})  # sources whose lines are not one person's own

# a person's own, for the week that ends on this Sunday; `fresh`: only what stands in no preview yet
Find: TypeAlias = Callable[[Session, UUID, date, bool], list[UUID]]


def opened_answers(session: Session, person_id: UUID, week: date, fresh: bool) -> list[UUID]:
    """Own answers that are open for this couple; what opened in an earlier one stays there."""
    couple_id = summary.seeming_couple(session, person_id=person_id)
    if couple_id is None:
        return []
    first = week - WEEK - (WEEKEND if fresh else timedelta())
    return summary.opened_answers(
        session, person_id=person_id, couple_id=couple_id, first=first, last=week, fresh=fresh
    )


def opened_thanks(session: Session, person_id: UUID, week: date, fresh: bool) -> list[UUID]:
    """Own appreciations of a conversation that is open for both, and that lasted into this week for the person."""
    couple_id = summary.seeming_couple(session, person_id=person_id)
    if couple_id is None:
        return []
    monday = times.instant(week - WEEK, 0, people.person(session, person_id).zone or "UTC")
    return summary.opened_thanks(session, person_id=person_id, couple_id=couple_id, since=monday, fresh=fresh)


def current_agreements(session: Session, person_id: UUID, week: date, fresh: bool) -> list[UUID]:
    """What the couple has agreed on, each in its newest wording; every week anew."""
    couple_id = summary.seeming_couple(session, person_id=person_id)
    found = agreements.current_of(session, couple_id=couple_id) if couple_id else []
    return [agreements.versions(session, agreement_id=each.id)[0].id for each in found]


SOURCES: Mapping[str, Find] = MappingProxyType(
    {"answer": opened_answers, "thanks": opened_thanks, "agreement": current_agreements}
)


def found(session: Session, person_id: UUID, week: date, *, fresh: bool) -> list[tuple[str, UUID]]:
    """All lines of a person's week, in the order of the sources."""
    lines = [(name, about) for name, find in SOURCES.items() for about in find(session, person_id, week, fresh)]
    return lines[-MOST_LINES:]


def once(session: Session, lines: Sequence[SummaryLine]) -> list[SummaryLine]:
    """Lines of both sides' agreements, each agreement once: in the newer wording, if one came between two previews."""
    newest: dict[UUID, tuple[int, SummaryLine]] = {}
    for line in lines:
        version = agreements.version(session, version_id=line.about)
        if version is not None and version.number > newest.get(version.agreement_id, (0, line))[0]:
            newest[version.agreement_id] = (version.number, line)
    return [line for _number, line in newest.values()]
