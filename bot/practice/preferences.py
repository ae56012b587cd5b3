"""What a person sets for themselves; nobody else sees or changes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlmodel import Session

from bot.practice import times, typed_times, zones
from bot.practice.planning import BETWEEN, LATE, has_had, plan_next, plan_weekly
from bot.practice.prompts import DEPTHS, THEMES
from bot.practice.refusals import Closed, LastOne, NotReady, UnclearDay, UnclearTime, UnclearZone
from bot.practice.rules import offset_at, rules
from bot.practice.zones import ZoneChoice
from storage import preferences
from storage.tables import Person

EVERY_DAY = 127
THREE_A_WEEK = 1 << 0 | 1 << 2 | 1 << 4  # Monday, Wednesday, Friday
WEEKLY_ONLY = 1 << 4  # Friday: each rhythm lies within the fuller one, so that two different ones meet
RHYTHMS: Mapping[str, int] = MappingProxyType({"every": EVERY_DAY, "three": THREE_A_WEEK, "weekly": WEEKLY_ONLY})
MINUTES = 24 * 60
MOST_CHOICES = 8
ZONE, DAILY_TIME, WEEKLY_TIME = "zone", "daily_time", "weekly_time"  # what an expectation may ask for
SEARCH = "memories.search"
BEFORE_A_QUESTION = (ZONE, DAILY_TIME, WEEKLY_TIME, SEARCH)  # a question that comes is what words answer then


def check_ready(person: Person) -> None:
    """Settings come after set-up. Refuses: NotReady."""
    if not person.ready:
        raise NotReady


# -- when


def keep_time(person: Person, minute: int, *, now: datetime) -> None:
    """Have the daily question at this minute (0 to 1439) of the local day. Refuses: NotReady, Closed."""
    check_ready(person)
    if not 0 <= minute < MINUTES:
        raise Closed
    person.daily_minute = minute
    replan(person, now=now)


def say_time(person: Person, text: str, language: str | None, *, now: datetime) -> None:
    """The same, typed. Refuses: NotReady, UnclearTime."""
    check_ready(person)
    minute = typed_times.parse_time(text, language)
    if minute is None:
        raise UnclearTime
    keep_time(person, minute, now=now)


def keep_rhythm(person: Person, name: str, *, now: datetime) -> None:
    """Have questions in one of RHYTHMS. Refuses: NotReady, Closed."""
    if name not in RHYTHMS:
        raise Closed
    keep_days(person, RHYTHMS[name], now=now)


def switch_day(person: Person, day: int, *, on: bool, now: datetime) -> None:
    """Have questions on this weekday (Monday is 0), or none. Refuses: NotReady, Closed, LastOne."""
    if day not in range(7):
        raise Closed
    keep_days(person, person.days | 1 << day if on else person.days & ~(1 << day), now=now)


def keep_days(person: Person, days: int, *, now: datetime) -> None:
    """Have questions on the days of this mask. Refuses: NotReady, LastOne."""
    check_ready(person)
    if not days & EVERY_DAY:
        raise LastOne
    person.days = days
    replan(person, now=now)


def keep_week(person: Person, *, day: int, minute: int, now: datetime) -> None:
    """Have the weekly occasion on this weekday (Monday is 0) and minute. Refuses: NotReady, Closed."""
    check_ready(person)
    if day not in range(7) or not 0 <= minute < MINUTES:
        raise Closed
    moved_day = person.weekly_day != day
    person.weekly_day, person.weekly_minute = day, minute
    _replan_week(person, now=now, moved_from=None if moved_day else person.zone)


def say_week(person: Person, text: str, language: str | None, *, now: datetime) -> None:
    """The same, typed. Refuses: NotReady, UnclearDay."""
    check_ready(person)
    found = typed_times.parse_weekday_time(text, language)
    if found is None:
        raise UnclearDay
    keep_week(person, day=found[0], minute=found[1], now=now)


def replan(person: Person, *, now: datetime, moved_from: str | None = None) -> None:
    """Plan the next question anew; one that was still to come today is not lost to an hour that has passed.

    That is also one whose time has just come: it is asked within a second, and another change may be made in it.
    """
    zone, before = person.zone, person.next_question
    plan_next(person, after=now)
    if zone is None or before is None or now - before > LATE or person.next_question is None:
        return
    today = times.local_date(now, zone)
    was_to_come = times.local_date(before, moved_from or zone) == today and person.days >> today.weekday() & 1
    if was_to_come and not has_had(person, today) and times.local_date(person.next_question, zone) != today:
        person.next_question = now


def _replan_week(person: Person, *, now: datetime, moved_from: str | None) -> None:
    """Plan the next invitation anew; one whose time has just come is about to be sent, and planned anew after it.

    One that was still to come today, by the clocks of `moved_from`, comes at once if its new time has passed: a change
    on the day itself skips no week. Another weekday is meant (None) to come when that day does.
    """
    before = person.next_weekly
    if before is None or before <= now:
        return
    plan_weekly(person, after=now)
    if moved_from is None or person.zone is None or person.next_weekly is None:
        return
    today = times.local_date(now, person.zone)
    was_to_come = times.local_date(before, moved_from) == today and today.weekday() == person.weekly_day
    had_lately = person.weekly_on is not None and today - person.weekly_on < BETWEEN
    if was_to_come and not had_lately and times.local_date(person.next_weekly, person.zone) != today:
        person.next_weekly = now


# -- where


def offset_of(minute: int, now: datetime) -> int:
    """How many minutes (0 to 1439) a clock that shows `minute` is ahead of UTC; unlike the minute it stays."""
    return (minute - _minute(now)) % MINUTES


def minute_at(offset: int, now: datetime) -> int:
    """What a clock that is this much ahead of UTC shows now."""
    return (offset + _minute(now)) % MINUTES


def is_at(person: Person, offset: int, *, now: datetime) -> bool:
    """Whether the person's clocks are this many minutes (0 to 1439) ahead of UTC now."""
    return person.zone is not None and offset_at(now, rules(person.zone)) // timedelta(minutes=1) % MINUTES == offset


def offsets_now(now: datetime, language: str | None) -> list[int]:
    """Every offset that a clock can have now, likeliest first."""
    return [offset_of(minute, now) for minute in zones.times_now(now, language)]


def places_at(offset: int, language: str | None, *, now: datetime) -> list[ZoneChoice]:
    """Places whose clocks are this much ahead of UTC, one for each set of rules. Refuses: UnclearZone."""
    if not 0 <= offset < MINUTES:
        raise Closed
    return _some(zones.zones_at(now, minute_at(offset, now), language))


def typed_minute(text: str, language: str | None) -> int | None:
    """The minute of the day of a typed time; None if it is none."""
    return typed_times.parse_time(text, language)


def places_named(text: str, language: str | None) -> list[ZoneChoice]:
    """Places that a typed name can mean. Refuses: UnclearZone."""
    return _some(zones.find_zone(text, language))


def hold_place(session: Session, person: Person, text: str) -> None:
    """Keep what was typed while the bot asks which place is meant."""
    preferences.hold_place(session, person, kind=ZONE, place=text)


def held_places(session: Session, person: Person, language: str | None) -> list[ZoneChoice]:
    """What the held name can mean; nothing if none is held."""
    place = preferences.held_place(session, person)
    return [] if place is None else zones.find_zone(place, language)[:MOST_CHOICES]


def move(person: Person, zone: str, *, now: datetime) -> None:
    """Have questions and weeks by the clocks of this zone. Refuses: NotReady, Closed."""
    check_ready(person)
    check_zone(zone)
    moved_from, person.zone = person.zone, zone
    _replan_week(person, now=now, moved_from=moved_from)
    replan(person, now=now, moved_from=moved_from)


def check_zone(zone: str) -> None:
    """Refuses: Closed, for a name that no button of ours carries."""
    if not zones.is_zone(zone):
        raise Closed


def _some(found: list[ZoneChoice]) -> list[ZoneChoice]:
    if not found:
        raise UnclearZone
    return found


def _minute(now: datetime) -> int:
    return now.hour * 60 + now.minute


# -- what and how


def keep_depth(person: Person, depth: int) -> None:
    """How deep questions may go, 1 to 3. Refuses: NotReady, Closed."""
    check_ready(person)
    if depth not in DEPTHS:
        raise Closed
    person.depth = depth


def themes_off(person: Person) -> frozenset[str]:
    """The themes that the person does not want."""
    return frozenset(person.themes_off.split(",")) & frozenset(THEMES)


def switch_theme(person: Person, theme: str, *, on: bool) -> None:
    """Have questions of this theme, or none. Refuses: NotReady, Closed, LastOne."""
    check_ready(person)
    if theme not in THEMES:
        raise Closed
    off = themes_off(person) - {theme} if on else themes_off(person) | {theme}
    if len(off) == len(THEMES):
        raise LastOne
    person.themes_off = ",".join(sorted(off))


def keep_protection(person: Person, *, on: bool) -> None:
    """Whether the partner's app keeps this person's words from being forwarded. Refuses: NotReady."""
    check_ready(person)
    person.protect = on
