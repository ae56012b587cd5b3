"""The review of agreements: each says privately what they wish for, and at the review date the outcome alone is told.

Renewed if both renew, on the agenda if somebody wants a change, otherwise ended. The outcome comes at the same instant
for both, wherever they are, and is told at each one's own daily hour.
"""

from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice import agreements as book
from bot.practice import incoming, times
from bot.practice.owing import owe
from bot.practice.refusals import Closed
from bot.practice.showing import show_agreement_anew
from storage import agreements, apart, daily, people
from storage.tables import Agreement, Person

Wish: TypeAlias = Literal["renew", "change", "end"]
WISHES: tuple[Wish, ...] = ("renew", "change", "end")
ASKED = ""  # stands for a wish until there is one
NEAR = timedelta(days=2)
MOST_NEAR = 500
AHEAD = timedelta(days=7)  # a review is asked for in the week before its date
LAST_CLOCK = timedelta(hours=12)  # when a date is over in UTC, it lasts so long in the last zone of the world
ROOM_FOR_CHANGE = timedelta(weeks=2)
EVERY_DAY = 127
CHUNK = 20


def is_due(agreement: Agreement, on: date) -> bool:
    """Whether a review can be given on the reader's local date."""
    return agreement.state == "current" and on >= agreement.review_on - AHEAD


def ask(session: Session, person: Person, couple_id: UUID, *, on: date, now: datetime) -> None:
    """Owe a card for each agreement that comes up for review in this person's week, unless they were asked."""
    for each in agreements.current_of(session, couple_id=couple_id):
        if is_due(each, on) and person.id not in agreements.wishes(session, agreement_id=each.id):
            _ask(session, person, each, due=now)


def ask_the_rest(session: Session, *, now: datetime) -> None:
    """Ask, at their own daily hour, those whose week brought no review before its date is near.

    An agreement may have been renewed after the last invitation, or somebody chose another day. Nobody is asked in a
    pause: it may end without them.
    """
    near = agreements.with_unasked(session, until=(now + NEAR).date(), limit=MOST_NEAR)
    both = {each.id: daily.people_of(session, couple_id=each.couple_id) for each in near}
    people.lock(session, *{person.id for pair in both.values() for person in pair})
    for each in near:
        asked = agreements.wishes(session, agreement_id=each.id)
        for person in both[each.id]:
            if person.id not in asked and not person.unreachable and not incoming.is_paused(person, now):
                _ask(session, person, each, due=_daily_hour(person, now))


def _ask(session: Session, person: Person, agreement: Agreement, *, due: datetime) -> None:
    agreements.wish(session, agreement_id=agreement.id, person_id=person.id, wish=ASKED)
    key = f"review:{agreement.id}:{agreement.review_on}:{person.id}"
    owe(session, person, "agreements.review", agreement.id, due=due, key=key)


def _daily_hour(person: Person, now: datetime) -> datetime:
    _, at = times.next_occurrence(now, minute=person.daily_minute, days=EVERY_DAY, zone=person.zone or "UTC")
    return at


def wish_for(session: Session, person: Person, agreement_id: UUID, wish: str, *, now: datetime) -> Agreement:
    """[Renew] [Change] [End it], privately; the last word counts. Refuses: NotYours, Closed."""
    agreement = book.current_agreement(session, person, agreement_id)
    if wish not in WISHES or not is_due(agreement, times.local_date(now, person.zone or "UTC")):
        raise Closed
    agreements.wish(session, agreement_id=agreement.id, person_id=person.id, wish=wish)
    return agreement


def own_wish(session: Session, person: Person, agreement: Agreement) -> str | None:
    """What this person wished for, if they have said."""
    return agreements.wishes(session, agreement_id=agreement.id).get(person.id) or None


def settle_due(session: Session, *, now: datetime) -> bool:
    """Settle a chunk of the agreements whose review date is over everywhere; tells whether more may wait."""
    before = (now - LAST_CLOCK).date()
    due = agreements.to_review(session, before=before, limit=CHUNK)
    both = {each.id: daily.people_of(session, couple_id=each.couple_id) for each in due}
    people.lock(session, *{person.id for pair in both.values() for person in pair})
    for each in due:
        session.refresh(each)  # somebody else may have settled it while the lock was waited for
    still = [each for each in due if each.state == "current" and each.review_on < before]
    apart.each(
        session,
        still,
        lambda one: _settle(session, one, both[one.id], now=now),
        failed=lambda one: _put_off(one, before),
    )
    return len(due) == CHUNK


def _put_off(agreement: Agreement, until: date) -> None:
    """What cannot be settled now is tried again the next day, and keeps nothing else waiting."""
    agreement.review_on = until


def _settle(session: Session, agreement: Agreement, pair: list[Person], *, now: datetime) -> None:
    was_due = agreement.review_on
    _decide(session, agreement, pair)
    for person in pair:
        key = f"outcome:{agreement.id}:{was_due}:{person.id}"
        owe(session, person, "agreements.outcome", agreement.id, due=_daily_hour(person, now), key=key)
        edits = f"settled:{agreement.id.hex}:{was_due:%y%m%d}:{person.id.hex[:8]}"  # a key has 96 characters at most
        show_agreement_anew(session, person, agreement, now=now, key=edits)


def _decide(session: Session, agreement: Agreement, pair: list[Person]) -> None:
    found = agreements.wishes(session, agreement_id=agreement.id)
    wished = [found.get(person.id) for person in pair]
    if len(pair) == 2 and "change" in wished:
        agreement.agenda = True
        agreement.review_on += ROOM_FOR_CHANGE
    elif len(pair) == 2 and all(wish == "renew" for wish in wished):
        agreement.agenda = False
        agreement.review_on += timedelta(weeks=agreement.weeks)
    else:
        book.close(session, agreement)
    agreements.forget_wishes(session, agreement_id=agreement.id)
    session.flush()
