"""What a person decides about what comes in and what is kept. Nobody else sees or changes any of it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice import incoming, preferences, times
from bot.practice.preferences import MINUTES, check_ready
from bot.practice.refusals import Closed, UnclearDate
from storage import pairing as invites
from storage.tables import Person

MORNING = 9 * 60
LONGEST_PAUSE = 366  # days
RETENTIONS = (0, 30, 90, 365)


# -- pausing


def pause_for(session: Session, person: Person, days: int, *, now: datetime) -> None:
    """Let nothing come in for so many days, 0 for until further notice. Refuses: NotReady, Closed."""
    if not 0 <= days <= LONGEST_PAUSE:
        raise Closed
    pause(session, person, day_after(person, days, now) if days else None)


def pause_until(session: Session, person: Person, text: str, *, now: datetime) -> None:
    """Let nothing come in until a typed day, such as 2026-03-14. Refuses: NotReady, UnclearDate."""
    check_ready(person)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise UnclearDate from None
    today = times.local_date(now, person.zone or "UTC")
    if not today < day <= today + timedelta(days=LONGEST_PAUSE):
        raise UnclearDate
    pause(session, person, day)


def pause(session: Session, person: Person, until: date | None) -> None:
    """Let nothing come in until the morning of a local date. Refuses: NotReady."""
    check_ready(person)
    minute = min(MORNING, person.daily_minute)
    person.paused = True
    person.paused_until = times.instant(until, minute, person.zone or "UTC") if until else None
    incoming.hold_anew(session, person)


def resume(session: Session, person: Person) -> None:
    """End the pause; what waits comes now, and what was not worth keeping is passed over. Refuses: NotReady."""
    check_ready(person)
    person.paused, person.paused_until = False, None
    incoming.hold_anew(session, person)


def day_after(person: Person, days: int, now: datetime) -> date:
    """The person's own date in so many days."""
    return times.local_date(now, person.zone or "UTC") + timedelta(days=days)


# -- quiet hours, moving, discreet mode, retention


def keep_quiet(session: Session, person: Person, start: int, end: int) -> None:
    """Let nothing come in between two minutes of the local day; the same twice for none. Refuses: NotReady, Closed."""
    check_ready(person)
    if not (0 <= start < MINUTES and 0 <= end < MINUTES):
        raise Closed
    person.quiet_from, person.quiet_to = (None, None) if start == end else (start, end)
    incoming.hold_anew(session, person)


def move(session: Session, person: Person, zone: str, *, now: datetime) -> None:
    """Live in this zone from now on; quiet hours hold by its clocks. Refuses: NotReady, Closed."""
    preferences.move(person, zone, now=now)
    incoming.hold_anew(session, person)


def keep_discreet(person: Person, *, on: bool) -> None:
    """Announce every message without its content. Refuses: NotReady."""
    check_ready(person)
    person.discreet = on


def removes_more(person: Person, days: int) -> bool:
    """Whether keeping words for so many days removes some that are kept now. Refuses: NotReady, Closed."""
    check_ready(person)
    if days not in RETENTIONS:
        raise Closed
    return days != 0 and (person.retention == 0 or days < person.retention)


def keep_words_for(person: Person, days: int) -> None:
    """Remove one's own words after so many days, 0 for never. Refuses: NotReady, Closed."""
    check_ready(person)
    if days not in RETENTIONS:
        raise Closed
    person.retention = days


# -- whom one has blocked


def unblock(session: Session, person: Person, block_id: UUID) -> None:
    """Let somebody's invites through again; they are not told. Refuses: NotReady, Closed."""
    check_ready(person)
    if not invites.unblock(session, chat_id=person.chat_id, block_id=block_id):
        raise Closed
