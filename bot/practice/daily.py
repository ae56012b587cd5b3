"""The daily question: its state, and what a person decides about it and about their answer.

A person's own window is 48 hours from their own question, whoever was asked first: nobody can read from it when their
partner was asked. Whether two answers open is decided by the occasion's window alone (see `bot.practice.reveals`).
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlmodel import Session

from bot.practice import incoming, planning, reveals, times
from bot.practice.owing import owe, owe_removal
from bot.practice.prompts import Library
from bot.practice.refusals import Closed, NotYours
from storage import daily, expectations
from storage.reveals import is_revealed, reveal_of
from storage.tables import Answer, Checkin, Person

MOST_CHANGES = 3
EVENING_ENDS = 17 * 60  # minutes of the local day until which "this evening" is offered
EVENING = 19 * 60
MORNING = 9 * 60
SNOOZE_LASTS = timedelta(hours=3)
TIMES_LATER = 1000  # more often nobody puts off a question of 48 hours


# -- its state


def own_checkin(session: Session, person: Person, checkin_id: UUID, *, now: datetime) -> Checkin:
    """The person's check-in while it can still be changed. Refuses: NotYours, Closed."""
    found = daily.checkin(session, checkin_id=checkin_id)
    if found is None or found.person_id != person.id:
        raise NotYours
    if not is_open(found, now) or is_revealed(session, occasion_id=found.occasion_id):
        raise Closed
    return found


def own_answer(session: Session, checkin: Checkin) -> Answer:
    """What was given to a check-in. Refuses: Closed."""
    found = daily.answer_to(session, checkin_id=checkin.id)
    if found is None:
        raise Closed
    return found


def is_open(checkin: Checkin, now: datetime) -> bool:
    """Whether the person's own window is open."""
    return not checkin.closed and (checkin.closes is None or checkin.closes > now)


def is_answered(session: Session, checkin: Checkin) -> bool:
    """Whether anything was given."""
    return daily.is_answered(session, checkin_id=checkin.id)


def can_be_shared(checkin: Checkin) -> bool:
    """Whether anybody but the person could ever read the answer: a first question waits for a partner."""
    return checkin.occasion_id is not None or checkin.kind == "first"


def current_checkin(session: Session, person: Person, *, now: datetime) -> Checkin | None:
    """The newest check-in whose window is open, asked yet or not."""
    return next(iter(daily.open_checkins(session, person_id=person.id, now=now)), None)


def newest_asked(session: Session, person_id: UUID, *, now: datetime) -> Checkin | None:
    """The newest check-in that is open and whose question has reached the chat."""
    found = daily.open_checkins(session, person_id=person_id, now=now)
    return next((each for each in found if daily.was_asked(session, each)), None)


def is_superseded(session: Session, checkin: Checkin, *, now: datetime) -> bool:
    """Whether a newer question has reached the chat."""
    newest = newest_asked(session, checkin.person_id, now=now)
    return newest is not None and newest.turn > checkin.turn


def turn_in_chat(session: Session, person_id: UUID, *, now: datetime) -> int:
    """Grows with every daily question that reaches the chat, also with one that comes back after [Later]."""
    newest = newest_asked(session, person_id, now=now)
    return newest.turn * TIMES_LATER + daily.times_come_back(session, newest) if newest else 0


def state_card(session: Session, checkin: Checkin) -> tuple[str, UUID]:
    """The card that shows a check-in in its state, and what the card is about."""
    if reveal := reveal_of(session, occasion_id=checkin.occasion_id):
        return "daily.reveal", reveal.id
    if is_answered(session, checkin):
        return "daily.mine", checkin.id
    return ("daily.skipped" if checkin.skipped else "daily.question"), checkin.id


# -- share or keep


def share_answer(session: Session, author: Person, checkin_id: UUID, *, now: datetime, mark: int | None = None) -> None:
    """Share an answer; if both partners have shared, open both. Refuses: NotYours, Closed.

    With the `mark` of other words than those that stand now, nothing is done: nobody shares what they did not see.
    """
    checkin = own_checkin(session, author, checkin_id, now=now)
    answer = own_answer(session, checkin)
    if not can_be_shared(checkin):
        raise Closed
    if mark is not None and mark != daily.mark_of(answer):
        return
    stop_editing(session, checkin)
    answer.shared = answer.decided = True
    session.flush()
    reveals.open_if_both(session, checkin.occasion_id, now=now)


def keep_answer(session: Session, author: Person, checkin_id: UUID, *, now: datetime) -> None:
    """Keep an answer for oneself. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, author, checkin_id, now=now)
    answer = own_answer(session, checkin)
    stop_editing(session, checkin)
    answer.shared, answer.decided = False, True


def unshare_answer(session: Session, author: Person, checkin_id: UUID, *, now: datetime) -> None:
    """Take back what was shared and is not open. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, author, checkin_id, now=now)
    answer = own_answer(session, checkin)
    if not can_be_shared(checkin):
        raise Closed
    answer.shared = answer.decided = False


def remove_typed(session: Session, person: Person, checkin_id: UUID, *, now: datetime, key: str) -> None:
    """Take the messages that an answer was typed in out of the person's chat. Refuses: NotYours, Closed."""
    take_typed(
        session, person, own_answer(session, own_checkin(session, person, checkin_id, now=now)), now=now, key=key
    )


def take_typed(session: Session, person: Person, answer: Answer, *, now: datetime, key: str) -> None:
    """Owe the removal of the messages that an answer was typed in, as far as they are known."""
    for message_id in filter(None, answer.typed.split(",")):
        owe_removal(session, person, int(message_id), due=now, key=f"{key}:{message_id}")
    answer.typed = ""


# -- another question, later, not today


def times_changed(checkin: Checkin) -> int:
    """How often [Another question] was used."""
    return len([each for each in checkin.passed.split(",") if each])


def change_question(
    session: Session, person: Person, checkin_id: UUID, *, changes: int, library: Library, random: Random, now: datetime
) -> Checkin:
    """Another question for this person alone, three times at most; a second tap on the same card changes nothing.

    Refuses: NotYours, Closed.
    """
    checkin = own_checkin(session, person, checkin_id, now=now)
    if changes == times_changed(checkin) and changes < MOST_CHANGES and not is_answered(session, checkin):
        prompt = planning.alternative(session, person, checkin, library=library, random=random)
        if prompt is not None:
            checkin.passed = f"{checkin.passed},{checkin.prompt_id}".strip(",")
            checkin.prompt_id = prompt.id
    return checkin


def skip(session: Session, person: Person, checkin_id: UUID, *, now: datetime) -> Checkin:
    """Not today; nobody learns of it. An answer that was given stays. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, person, checkin_id, now=now)
    checkin.skipped = not is_answered(session, checkin)
    return checkin


def go_back(session: Session, person: Person, checkin_id: UUID, *, now: datetime) -> Checkin:
    """Back to the question or the answer, whatever was begun. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, person, checkin_id, now=now)
    stop_editing(session, checkin)
    checkin.skipped = False
    return checkin


def put_off(session: Session, person: Person, checkin_id: UUID, until: str, *, now: datetime) -> Checkin:
    """Bring the question back "hour", "evening" or "tomorrow". Refuses: NotYours, Closed."""
    checkin = own_checkin(session, person, checkin_id, now=now)
    if not is_answered(session, checkin):
        due = later_times(checkin, person.zone or "UTC", now=now).get(until)
        if due is None:
            raise Closed
        _snooze(session, person, checkin, due)
    return checkin


def later_times(checkin: Checkin, zone: str, *, now: datetime) -> dict[str, datetime]:
    """When the question could come back, as far as its window allows (UTC)."""
    today = times.local_date(now, zone)
    found = {"hour": now + timedelta(hours=1)}
    if now < times.instant(today, EVENING_ENDS, zone):
        found["evening"] = times.instant(today, EVENING, zone)
    found["tomorrow"] = times.instant(today + timedelta(days=1), MORNING, zone)
    return {until: at for until, at in found.items() if checkin.closes is None or at < checkin.closes}


def _snooze(session: Session, person: Person, checkin: Checkin, due: datetime) -> None:
    checkin.snoozes += 1
    checkin.skipped = False
    about = f"{checkin.id}:{checkin.snoozes}"
    expires = incoming.after_its_time(person, due, SNOOZE_LASTS)
    key = daily.snoozed_key(checkin.id, checkin.snoozes)
    owe(session, person, "daily.snoozed", about, due=due, key=key, expires=expires)


def stop_editing(session: Session, checkin: Checkin) -> None:
    """Words that come now are no new wording any more; what is held stays held."""
    awaited = expectations.awaited(session, person_id=checkin.person_id)
    if awaited is not None and awaited.kind == "daily.edit" and awaited.about.startswith(str(checkin.id)):
        expectations.forget(session, person_id=checkin.person_id)
