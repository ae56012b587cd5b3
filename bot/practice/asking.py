"""The daily question is asked when its time has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random

from sqlmodel import Session

from bot.practice import incoming, planning, preferences, rhythm, times
from bot.practice.owing import Owed, owe_each
from bot.practice.planning import LATE, WINDOW
from bot.practice.prompts import REST, Library
from bot.practice.rules import zone_names
from storage import apart, daily, expectations, people
from storage import planning as stored
from storage.planning import Sheet
from storage.tables import Person

CHUNK = 16  # others wait meanwhile; with half a year of questions, reading these takes most of the time
AFTER_A_FAILURE = timedelta(minutes=30)
BEYOND_ANY_RHYTHM = timedelta(days=9)


@dataclass(frozen=True)
class Turn:
    """Somebody whose time has come, and when it came (UTC)."""

    person: Person
    due: datetime

    @cached_property
    def on(self) -> date:
        """The local date that it stands for."""
        return date_of(self.due, self.person)


def ask_due(session: Session, *, library: Library, random: Random, now: datetime) -> bool:
    """Ask a chunk of those whose time has come, and plan their next time; tells whether more may wait."""
    due = people.with_question_due(session, now=now, limit=CHUNK)
    there = people.lock(session, *(person.id for person in due))
    apart.together(
        session,
        _still_due([person for person in due if person.id in there], now),
        lambda turns: _take_turns(session, turns, library=library, random=random, now=now),
        failed=lambda turn: _put_off(turn.person, now),
    )
    return len(due) == CHUNK


def comes_now(person: Person, *, now: datetime) -> bool:
    """Whether a question is asked, and comes in, at once: as after a change to an hour that has passed."""
    turns = _still_due([person], now)
    return any(_is_to_be_asked(turn, now) for turn in turns) and incoming.not_before(person, now) == now


def _put_off(person: Person, now: datetime) -> None:
    """Whoever cannot be asked now is tried again, that day while it is not too late, and keeps nobody else waiting."""
    person.next_question = later = now + AFTER_A_FAILURE
    if person.zone not in zone_names():
        return
    today = times.local_date(now, person.zone)
    planned = times.instant(today, person.daily_minute, person.zone)
    if times.local_date(later, person.zone) != today or later - planned > LATE:
        planning.plan_next(person, after=now)


def _still_due(candidates: Iterable[Person], now: datetime) -> list[Turn]:
    """Those whom nobody else has asked while the lock was waited for."""
    found = [(person, person.next_question) for person in candidates]
    return [Turn(person, at) for person, at in found if at is not None and at <= now]


def _take_turns(
    session: Session, turns: Sequence[Turn], *, library: Library, random: Random, now: datetime
) -> list[Turn]:
    """Ask, unless it is too late or nobody would get it; in any case plan the next time."""
    asked = [turn for turn in turns if _is_to_be_asked(turn, now)]
    chosen = _choose(session, asked, library=library, random=random, now=now) if asked else None
    for turn in turns:  # before anything is written, so that each person is written once
        planning.plan_next(turn.person, after=now)
    if chosen is not None:
        _write(session, asked, *chosen, now=now)
    return list(turns)


def _is_to_be_asked(turn: Turn, now: datetime) -> bool:
    """Unless it is too late, they would not get it, or had the question of that date."""
    person = turn.person
    if not person.ready or person.unreachable or incoming.is_paused(person, now) or now - turn.due > LATE:
        return False
    return not planning.has_had(person, turn.on)


def _choose(
    session: Session, turns: Sequence[Turn], *, library: Library, random: Random, now: datetime
) -> tuple[Sheet, Sequence[Owed]]:
    """What each is asked, and what they are owed for it; nothing is written yet."""
    dates = {turn.on for turn in turns}
    sheet = stored.sheet(session, [turn.person.id for turn in turns], dates=dates, since=min(dates) - REST)
    return sheet, [_ask_one(sheet, turn, library=library, random=random, now=now) for turn in turns]


def _write(session: Session, turns: Sequence[Turn], sheet: Sheet, owed: Sequence[Owed], *, now: datetime) -> None:
    sheet.write(session)
    owe_each(session, owed)
    persons = [turn.person for turn in turns]
    for person in persons:
        rhythm.offer_lighter(session, person, sheet.asked(person.id)[1:], now=now)
    # what is typed now answers the question
    expectations.forget_kinds(session, preferences.BEFORE_A_QUESTION, person_ids=[person.id for person in persons])


def _ask_one(sheet: Sheet, turn: Turn, *, library: Library, random: Random, now: datetime) -> Owed:
    """Choose the question, which is then the one of that date; gives what they are owed for it."""
    person, due, on = turn.person, turn.due, turn.on
    shared, prompt = planning.question_for(sheet, person, on, due, library=library, random=random)
    checkin_id = sheet.ask(person.id, on, prompt.id, shared=shared, closes=due + WINDOW)
    person.asked_on = on
    key = daily.question_key(checkin_id)
    return Owed(person, "daily.question", checkin_id, now, key, expires=incoming.after_its_time(person, due, LATE))


def find_back(session: Session, *, now: datetime) -> bool:
    """Plan anew for those whose next question lies beyond any rhythm: a clock was wrong when it was planned."""
    strays = people.planned_after(session, at=now + BEYOND_ANY_RHYTHM, limit=CHUNK)
    people.lock(session, *(person.id for person in strays))
    for person in strays:
        today = times.local_date(now, person.zone or "UTC")
        person.asked_on = min(person.asked_on, today) if person.asked_on else None
        planning.plan_next(person, after=now)
    return len(strays) == CHUNK


def date_of(due: datetime, person: Person) -> date:
    """The local date that a planned time stands for: in a gap before midnight that is the day before."""
    assert person.zone is not None
    on = times.local_date(due, person.zone)
    before = on - timedelta(days=1)
    planned = times.instant(on, person.daily_minute, person.zone)
    return before if planned != due == times.instant(before, person.daily_minute, person.zone) else on
