"""Who is asked what, and when.

A couple's question belongs to a date, which each of the two reaches in their own zone and at their own time. Which
dates are shared, personal, to be said aloud or asked in two versions is drawn from the couple and the date alone, so
that both sides agree without waiting for each other, and none of it says anything about a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from operator import itemgetter
from random import Random
from uuid import UUID

from sqlmodel import Session

from bot.practice import times
from bot.practice.prompts import REST, Kind, Library, Prompt
from storage import planning as stored
from storage.planning import Shared, Sheet, Taste
from storage.tables import Checkin, Person

WINDOW = timedelta(hours=48)
LATE = timedelta(hours=3)  # after an outage, what is older than this is not asked any more
RECENT = timedelta(days=14)
BETWEEN = timedelta(days=4)  # whoever changes their weekday is not invited twice within it
ONE_IN_TWO_VERSIONS = 6  # one shared day in so many
_DAY = itemgetter(0)


def plan_next(person: Person, *, after: datetime) -> None:
    """Set when the next daily question comes: later than `after`, on a local date beyond those that had theirs.

    Whoever flies west meets a date twice and is asked once.
    """
    if person.zone is None or not person.days:
        person.next_question = None
        return
    at = after
    while True:
        on, at = times.next_occurrence(at, minute=person.daily_minute, days=person.days, zone=person.zone)
        if not has_had(person, on):
            break
    person.next_question = at


def plan_weekly(person: Person, *, after: datetime) -> None:
    """Set when the next invitation comes: later than `after`, and never two within a few days."""
    if person.zone is None:
        person.next_weekly = None
        return
    at = after
    while True:
        on, at = times.next_occurrence(at, minute=person.weekly_minute, days=1 << person.weekly_day, zone=person.zone)
        if person.weekly_on is None or on - person.weekly_on >= BETWEEN:
            break
    person.next_weekly = at


def has_had(person: Person, on: date) -> bool:
    """Whether this local date, or a later one, had its question."""
    return person.asked_on is not None and on <= person.asked_on


def seen(session: Session, of: Sequence[Person], *, on: date) -> Mapping[str, date]:
    """Which prompts these people were asked lately, and when last."""
    return _newest(stored.prompts_seen(session, person_ids=[one.id for one in of], since=on - REST))


def alternative(
    session: Session, person: Person, checkin: Checkin, *, library: Library, random: Random
) -> Prompt | None:
    """Another question for this person's check-in; None if there is no other."""
    passed = checkin.passed.split(",")
    if checkin.kind == "first":
        return _another_first(library, random, {checkin.prompt_id, *passed})
    couple = stored.couple_of(session, person_id=person.id)
    together = [person, couple[1]] if couple is not None and checkin.occasion_id is not None else [person]
    known = seen(session, together, on=checkin.on_date)
    return library.alternative(
        current=checkin.prompt_id,
        offered=passed,
        random=random,
        depth=min(one.depth for one in together),
        themes_off=_themes_off(together),
        seen=known,
        recent_themes=_themes(known, library, since=checkin.on_date - RECENT),
        on=checkin.on_date,
        kind="shared" if checkin.occasion_id is not None else "alone" if couple is None else "solo",
    )


def kind_of_day(couple_id: UUID, on: date) -> Kind:
    """What a date is for a couple, whichever days either has chosen: one day a week is "solo", another one "aloud".

    Were a day personal because the partner has not chosen it, the days would tell which ones those are. So a question
    of such a day looks like any other, and its answer stays unopened like any other that the partner passed over.
    """
    year, week, _ = on.isocalendar()
    personal = _draw(7, couple_id, year, week, "personal")
    aloud = (personal + 1 + _draw(6, couple_id, year, week, "aloud")) % 7
    return {personal: "solo", aloud: "aloud"}.get(on.weekday(), "shared")  # type: ignore[return-value]


def in_two_versions(couple_id: UUID, on: date) -> bool:
    """Whether the two get different questions on this date, so that a changed one says nothing."""
    return _draw(ONE_IN_TWO_VERSIONS, couple_id, on, "versions") == 0


def question_for(
    sheet: Sheet, person: Person, on: date, due: datetime, *, library: Library, random: Random
) -> tuple[Shared | None, Prompt]:
    """What a person is asked on a date, and what their couple shares on it, if it does."""
    choose = partial(_choose, sheet, on=on, library=library, random=random)
    if person.id not in sheet.couples:
        prompt = choose([_taste(person)], "alone")
        left = sheet.left.get(person.id)
        return (_as_before(sheet, left, on, due, prompt) if left else None), prompt
    couple_id, partner = sheet.couples[person.id]
    shared = sheet.shared(couple_id, on)
    if shared is None and not _was_asked(sheet, partner, on):
        kind = kind_of_day(couple_id, on)
        if kind != "solo":
            prompt = choose([_taste(person), partner], kind)
            return sheet.begin(couple_id, on, prompt.id, closes=due + WINDOW), prompt
    if shared is None or shared.closes <= due:
        return None, choose([_taste(person)], "solo")
    prompt = library.prompt(shared.prompt_id)
    if prompt.aloud or not in_two_versions(couple_id, on):
        return shared, prompt
    return shared, choose([_taste(person), partner], "shared")


def _draw(below: int, *parts: object) -> int:
    """A number below `below` that depends on the parts alone."""
    digest = sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below


def _as_before(sheet: Sheet, couple_id: UUID, on: date, due: datetime, prompt: Prompt) -> Shared | None:
    """For whoever was left quietly and has not learned of it: days go on as they were, with questions about nobody.

    What they share on such a day can never open, and the first thing they do tells them why. The one who left may have
    had the question of that date before.
    """
    shared = sheet.shared(couple_id, on)
    if shared is not None:
        return shared if shared.closes > due else None
    return None if kind_of_day(couple_id, on) == "solo" else sheet.begin(couple_id, on, prompt.id, closes=due + WINDOW)


def _taste(person: Person) -> Taste:
    return Taste(person.id, person.depth, person.themes_off)


def _was_asked(sheet: Sheet, one: Taste, on: date) -> bool:
    """Whether they have had a daily check-in on exactly this local date."""
    return any(each.kind == "daily" and each.on_date == on for each in sheet.asked(one.id))


def _choose(sheet: Sheet, of: Sequence[Taste], kind: Kind, *, on: date, library: Library, random: Random) -> Prompt:
    since = on - REST
    asked = [each for one in of for each in sheet.asked(one.id) if each.on_date >= since]
    known = _newest(sorted(((each.on_date, each.prompt_id, each.passed) for each in asked), key=_DAY, reverse=True))
    return library.choose(
        random=random,
        depth=min(one.depth for one in of),
        themes_off=_themes_off(of),
        seen=known,
        recent_themes=_themes(known, library, since=on - RECENT),
        on=on,
        kind=kind,
    )


def _newest(asked: Iterable[tuple[date, str, str]]) -> dict[str, date]:
    """When each prompt was last seen, from what was asked, newest first."""
    found: dict[str, date] = {}
    for day, prompt_id, passed in asked:
        for each in (prompt_id, *passed.split(",")) if passed else (prompt_id,):
            found.setdefault(each, day)
    return found


def _another_first(library: Library, random: Random, known: set[str]) -> Prompt | None:
    try:
        return library.first(random=random, avoid=known)
    except LookupError:
        return None


def _themes_off(of: Iterable[Person | Taste]) -> set[str]:
    return {theme for one in of for theme in one.themes_off.split(",") if theme}


def _themes(known: Mapping[str, date], library: Library, *, since: date) -> list[str]:
    """The themes of lately asked prompts, newest first."""
    return [
        library.english[prompt_id].theme
        for prompt_id, day in known.items()
        if day >= since and prompt_id in library.english
    ]
