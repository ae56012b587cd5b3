"""The pulse: room for oneself and closeness with the partner, each now and wanted, in four taps; private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.practice import times
from bot.practice.preferences import check_ready
from bot.practice.refusals import Closed
from storage import pulse
from storage.pulse import PARTS, Values
from storage.tables import Person

LOWEST, HIGHEST = 1, 5
MOST_WEEKS = 12
FEWEST_WEEKS = 2  # fewer are no trend
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A week by the Sunday that ends it, and the latest pulse in it; None is a gap, not a zero."""

    sunday: date
    values: Values | None


def today(person: Person, now: datetime) -> date:
    """The person's local date."""
    return times.local_date(now, person.zone or "UTC")


def open_pulse(person: Person, *, now: datetime) -> date:
    """The day whose pulse can be tapped now. Refuses: NotReady."""
    check_ready(person)
    return today(person, now)


def tap(session: Session, person: Person, on: date, part: int, value: int, *, now: datetime) -> Values:
    """Keep one of the four values; they can be changed until the day ends.

    Refuses: Closed, also for a pulse that stands on an approved page.
    """
    check_can_change(session, person, on, now=now)
    if part not in range(PARTS) or not LOWEST <= value <= HIGHEST:
        raise Closed
    row = pulse.keep(session, person_id=person.id, on=on, part=part, value=value)
    return pulse.values(session, row)


def check_can_change(session: Session, person: Person, on: date, *, now: datetime) -> None:
    """Refuses: Closed, for another day than today and for what is on an approved page."""
    if not can_change(session, person, on, now=now):
        raise Closed


def can_change(session: Session, person: Person, on: date, *, now: datetime) -> bool:
    """Whether this day's pulse can be tapped or changed."""
    row = pulse.on_day(session, person_id=person.id, on=on)
    return on == today(person, now) and (row is None or not pulse.is_approved(session, row))


def values_on(session: Session, person: Person, on: date) -> Values:
    """What was tapped on a day; nothing of it if nothing was."""
    row = pulse.on_day(session, person_id=person.id, on=on)
    return pulse.values(session, row) if row else Values()


def sunday_of(on: date) -> date:
    """The Sunday that ends the week of a date."""
    return on + timedelta(days=6 - on.weekday())


def trend(session: Session, person: Person, *, now: datetime) -> Sequence[Week]:
    """The last weeks from the first that has a pulse, twelve at most, oldest first; gaps stay gaps."""
    last = sunday_of(today(person, now))
    first = last - MOST_WEEKS * WEEK + timedelta(days=1)
    by_week: dict[date, Values] = {}
    for row in pulse.between(session, person_id=person.id, first=first, last=last):
        by_week[sunday_of(row.on_date)] = pulse.values(session, row)
    if not by_week:
        return ()
    weeks = (last - min(by_week)).days // 7
    return [Week(sunday, by_week.get(sunday)) for sunday in (last - back * WEEK for back in range(weeks, -1, -1))]


def is_trend(weeks: Sequence[Week]) -> bool:
    """Whether there is enough for a picture."""
    return sum(week.values is not None for week in weeks) >= FEWEST_WEEKS
