"""From a stranger to somebody with a first question."""

from datetime import datetime
from random import Random

from sqlmodel import Session

from bot.practice import pairing, preferences
from bot.practice.firsts import ask_first
from bot.practice.owing import REPLY, owe
from bot.practice.planning import plan_next
from bot.practice.prompts import Library
from storage import daily, deliveries, expectations, people
from storage import pairing as invites
from storage.tables import Chat, Checkin, Person


def agree(session: Session, chat: Chat, *, name: str, language: str, now: datetime) -> Person:
    """Make the person of a chat, who has agreed to the terms; waits for where they live."""
    person = people.add_person(session, chat_id=chat.id, name=name, language=language, on=now.date())
    deliveries.adopt_messages(session, chat_id=chat.id, person_id=person.id)
    expectations.await_words(session, person_id=person.id, kind=preferences.ZONE)
    return person


def settle_in(session: Session, person: Person, zone: str, *, library: Library, random: Random, now: datetime) -> None:
    """Live in this zone, let an accepted invite count, and get the first question at once. Refuses: Closed."""
    preferences.check_zone(zone)
    person.zone, person.ready = zone, True
    session.add(person)
    expectations.forget(session, person_id=person.id)
    if invites.wanted(session, chat_id=person.chat_id) and not pairing.accept_wanted(session, person, now=now):
        owe(session, person, "refusal.said", "dead_invite", due=now, key=f"late:{person.id}", urgency=REPLY)
    ask_first(session, person, library=library, random=random, now=now, key=f"first:{person.id}")


def first_answered(session: Session, person: Person, *, now: datetime, key: str) -> None:
    """After the first answer: whom to do this with, unless that is settled or was asked before."""
    if person.start_offered or people.open_membership(session, person_id=person.id) is not None:
        return
    person.start_offered = True
    session.add(person)
    waits = invites.invite_waited_for(session, person_id=person.id, now=now) is not None
    owe(session, person, "pairing.waiting" if waits else "setup.next", due=now, key=key, urgency=REPLY)


def unanswered_first(session: Session, person: Person) -> Checkin | None:
    """The first question of a person who has not come further in set-up."""
    return None if person.start_offered else daily.waiting_first(session, person_id=person.id)


def start_alone(session: Session, person: Person, *, now: datetime) -> None:
    """Begin without a partner. Refuses: NotReady, AlreadyLinked."""
    preferences.check_ready(person)
    pairing.check_unlinked(session, person)
    if person.next_question is None:
        plan_next(person, after=now)


def leave(session: Session, person: Person) -> str:
    """Leave what was asked, else an acceptance that waits; tells which: "setup", "question", "invite" or "nothing".

    Set-up goes on wherever it was left, so the question for the zone stays.
    """
    if not person.ready:
        invites.forget_wish(session, chat_id=person.chat_id)
        return "setup"
    if expectations.forget(session, person_id=person.id):
        return "question"
    held_for = daily.newest_held(session, person_id=person.id)
    if held_for is not None and daily.let_go(session, person_id=person.id, about=held_for):
        return "question"
    return "invite" if invites.withdraw(session, person_id=person.id) else "nothing"
