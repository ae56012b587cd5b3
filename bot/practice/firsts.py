"""A person's first question: it waits for a partner, and opens the common practice of a couple."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from sqlmodel import Session

from bot.practice import planning, reveals, times
from bot.practice.owing import REPLY, REVEAL, owe, refresh
from bot.practice.planning import WINDOW
from bot.practice.prompts import Library, Prompt
from storage import daily, pairing
from storage.tables import Checkin, Couple, Occasion, Person

ROOM_TO_ANSWER = timedelta(minutes=30)


def ask_first(
    session: Session, person: Person, *, library: Library, random: Random, now: datetime, key: str
) -> Checkin:
    """Ask the first question at once: the same as whoever invited this person was asked, if anybody did.

    A daily question follows at its usual hour, unless that is less than half an hour away.
    """
    checkin = daily.waiting_first(session, person_id=person.id)
    if checkin is None:
        prompt = _invited_with(session, person, library, now=now)
        prompt = prompt or _first(session, [person], library, random, now=now)
        checkin = _begin(session, person, prompt, now=now)
    owe(session, person, "daily.question", checkin.id, due=now, key=key, urgency=REPLY)
    return checkin


def join_first(session: Session, couple: Couple, *, library: Library, random: Random, now: datetime) -> None:
    """Give a new couple its first question: those that wait, and a fresh one for whoever has none waiting.

    Opens at once what both have shared already; the window ends 48 hours after the link.
    """
    people = daily.people_of(session, couple_id=couple.id)
    waiting = {person.id: daily.waiting_first(session, person_id=person.id) for person in people}
    there = [checkin for checkin in waiting.values() if checkin is not None]
    prompt = _of(there[0], library) if there else _first(session, people, library, random, now=now)
    occasion = daily.add_occasion(
        session,
        couple_id=couple.id,
        kind="first",
        on=now.astimezone(UTC).date(),
        prompt_id=prompt.id,
        closes=now + WINDOW,
    )
    for person in people:
        mine = waiting[person.id]
        if mine is None or not _is_at_hand(session, mine):
            mine = mine or _begin(session, person, _fresh(session, person, prompt, library, random, now=now), now=now)
            _ask_now(session, person, mine, occasion, now=now)
        _attach(session, person, mine, occasion, now=now)
    reveals.open_if_both(session, occasion.id, now=now)


def part(session: Session, person_id: UUID, couple_id: UUID) -> None:
    """Somebody is on their own again: what they gave stays closed for ever; a question without an answer is theirs."""
    for checkin in daily.unopened_of(session, person_id=person_id, couple_id=couple_id):
        if daily.answer_to(session, checkin_id=checkin.id) is not None:
            checkin.closed, checkin.closes = True, None
            continue
        checkin.occasion_id = None
        if checkin.kind == "first":
            checkin.closes = None


def _is_at_hand(session: Session, checkin: Checkin) -> bool:
    """Whether a waiting question is answered, or the newest thing in its chat."""
    newest = daily.next_turn(session, person_id=checkin.person_id) == checkin.turn + 1 and not checkin.skipped
    return newest or daily.answer_to(session, checkin_id=checkin.id) is not None


def _ask_now(session: Session, person: Person, checkin: Checkin, occasion: Occasion, *, now: datetime) -> None:
    """Bring a question to the end of the chat."""
    checkin.turn, checkin.skipped = daily.next_turn(session, person_id=person.id), False
    key = f"linked:{occasion.id}:{person.id}:question"
    owe(session, person, "daily.question", checkin.id, due=now, key=key, urgency=REVEAL)


def _attach(session: Session, person: Person, checkin: Checkin, occasion: Occasion, *, now: datetime) -> None:
    checkin.occasion_id, checkin.closes = occasion.id, occasion.closes
    session.flush()
    refresh(session, person, "daily.mine", checkin.id, now=now, key=f"linked:{occasion.id}:{person.id}")


def _fresh(
    session: Session, person: Person, prompt: Prompt, library: Library, random: Random, *, now: datetime
) -> Prompt:
    """The same first question as the partner's, or another one for somebody who knows that one."""
    known = planning.seen(session, [person], on=times.local_date(now, person.zone or "UTC"))
    return _first(session, [person], library, random, now=now) if prompt.id in known else prompt


def _begin(session: Session, person: Person, prompt: Prompt, *, now: datetime) -> Checkin:
    today = times.local_date(now, person.zone or "UTC")
    planning.plan_next(person, after=now + ROOM_TO_ANSWER)
    return daily.add_checkin(
        session, person_id=person.id, kind="first", on=today, prompt_id=prompt.id, occasion_id=None, closes=None
    )


def _first(session: Session, people: list[Person], library: Library, random: Random, *, now: datetime) -> Prompt:
    return library.first(random=random, avoid=planning.seen(session, people, on=now.astimezone(UTC).date()))


def _invited_with(session: Session, person: Person, library: Library, *, now: datetime) -> Prompt | None:
    """The first question that waits with the inviter."""
    invite = pairing.invite_waited_for(session, person_id=person.id, now=now)
    checkin = daily.waiting_first(session, person_id=invite.inviter_id) if invite else None
    return _of(checkin, library) if checkin else None


def _of(checkin: Checkin, library: Library) -> Prompt:
    return library.prompt(checkin.prompt_id)
