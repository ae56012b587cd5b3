"""When something may come in. Nothing but what a person asks for themselves passes by this place.

Whoever caused it sees no difference: what is held here is a delivery that is due later, and nothing else changes.
A rule takes a person and an instant (UTC) and gives that instant, or the first one after it at which it lets things in.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlmodel import Session

from bot.practice import times
from storage import deliveries
from storage.claiming import REPLY, Claimed
from storage.deliveries import NEVER
from storage.tables import Person

Rule: TypeAlias = Callable[[Person, datetime], datetime]
NIGHT = (22 * 60, 7 * 60)  # minutes of the local day


def is_paused(person: Person, now: datetime) -> bool:
    """Whether the person wants nothing at the moment."""
    return person.paused and (person.paused_until is None or person.paused_until > now)


def after_pause(person: Person, at: datetime) -> datetime:
    """A pause holds until its day, or until its person says so."""
    return person.paused_until or NEVER if is_paused(person, at) else at


def after_quiet(person: Person, at: datetime) -> datetime:
    """Quiet hours hold until they end by the person's own clock; they may go over midnight."""
    start, end = person.quiet_from, person.quiet_to
    if start is None or end is None or start == end or person.zone is None or at >= NEVER:
        return at
    minute, today = times.local_minute(at, person.zone), times.local_date(at, person.zone)
    if not _is_between(minute, start, end):
        return at
    day = today if minute < end else today + timedelta(days=1)
    return max(at, times.instant(day, end, person.zone))


def is_night(person: Person, at: datetime) -> bool:
    """Whether it is night by the person's own clock, when what somebody else caused makes no sound."""
    return person.zone is not None and _is_between(times.local_minute(at, person.zone), *NIGHT)


def _is_between(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day lies in a span, which may go over midnight."""
    return start <= minute < end if start < end else minute >= start or minute < end


def after_its_time(person: Person, due: datetime, lasts: timedelta) -> datetime:
    """When something owed for this time has become too old; what quiet hours hold is not old when they end."""
    return after_quiet(person, due) + lasts


RULES: Sequence[Rule] = (after_pause, after_quiet)


def not_before(person: Person, at: datetime) -> datetime:
    """The first instant, `at` or later, at which something may come in; NEVER as long as nobody can know (UTC)."""
    for rule in RULES:
        at = rule(person, at)
    return at


def hold_anew(session: Session, person: Person) -> None:
    """After a change of what the rules look at: hold, or let go, what is owed already."""
    session.add(person)
    session.flush()
    for waiting in deliveries.coming_in(session, person_id=person.id):
        wanted = waiting.wanted or waiting.due
        waiting.due = not_before(person, wanted)
        waiting.wanted = wanted if waiting.due > wanted else None
        session.add(waiting)
    session.info["owes"] = True


def hold_back(session: Session, claimed: Claimed, *, now: datetime) -> bool:
    """Put off what was owed for an earlier time and would come now, in the middle of a quiet time; tells whether."""
    person = session.get(Person, claimed.person_id) if claimed.person_id else None
    if person is None or claimed.urgency == REPLY:
        return False
    opens = not_before(person, now)
    if opens > now:
        deliveries.hold(session, claimed, due=opens, wanted=now)
    return opens > now
