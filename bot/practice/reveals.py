"""Two shared answers open together: for both people, or for neither."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice import rhythm
from bot.practice.owing import REVEAL, owe, owe_removal, refresh
from bot.practice.refusals import Closed, NotYours
from bot.practice.showing import hide, hide_answer_on_pages, hide_kept, show_anew
from storage import daily, deliveries, reveals
from storage.reveals import Opened, Side
from storage.tables import Person, Reaction

Kind: TypeAlias = Literal["heard", "thanks", "more"]
MOST_MISSED = 8  # a window is 48 hours long, so there are few
KINDS: tuple[Kind, ...] = ("heard", "thanks", "more")


def open_if_both(session: Session, occasion_id: UUID | None, *, now: datetime) -> None:
    """Open an occasion's answers if both people have shared within its window."""
    if occasion_id is None or reveals.is_revealed(session, occasion_id=occasion_id):
        return
    occasion = daily.occasion(session, occasion_id=occasion_id)
    sides = reveals.sides(session, occasion_id=occasion_id)
    linked = all(reveals.is_linked(session, couple_id=occasion.couple_id, person_id=side.person.id) for side in sides)
    if len(sides) == 2 and linked and now < occasion.closes and all(_shares(side) for side in sides):
        _open(session, occasion_id, sides, now=now)


def own_reveal(session: Session, person_id: UUID, reveal_id: UUID) -> Opened:
    """A reveal as this person sees it. Refuses: NotYours."""
    found = reveals.opened(session, reveal_id=reveal_id, person_id=person_id)
    if found is None:
        raise NotYours
    return found


def react(session: Session, person_id: UUID, reveal_id: UUID, kind: str, *, now: datetime, key: str) -> None:
    """React kindly; the last tap counts, and appears on the partner's card without a sound.

    Refuses: NotYours, Closed.
    """
    opened = own_reveal(session, person_id, reveal_id)
    linked = reveals.is_linked(session, couple_id=opened.couple_id, person_id=person_id)
    if kind not in KINDS or not linked or opened.theirs is None:
        raise Closed
    reaction = reveals.reaction(session, reveal_id=reveal_id, person_id=person_id)
    if reaction is not None and reaction.kind == kind:
        return
    reaction = reaction or Reaction(reveal_id=reveal_id, person_id=person_id, kind=kind)
    reaction.kind = kind
    session.add(reaction)
    session.flush()
    show_anew(session, opened.theirs.person, "daily.reveal", reveal_id, now=now, key=key)


def take_back(session: Session, person_id: UUID, reveal_id: UUID, *, now: datetime, key: str) -> None:
    """Show one's own words to nobody any more, at any time. Refuses: NotYours."""
    opened = own_reveal(session, person_id, reveal_id)
    answer = opened.mine.answer
    if answer.taken_back:
        return
    answer.taken_back = True
    session.flush()
    hide_answer(session, opened, now=now, key=key)
    hide_kept(session, opened.mine.person, answer, now=now, key=f"{key}:own")


def hide_answer(session: Session, opened: Opened, *, now: datetime, key: str) -> None:
    """Let what is not shown any more stand on neither card; a voice note that was played goes."""
    reveal_id = opened.reveal.id
    for side in filter(None, (opened.theirs, opened.mine)):
        own_key = f"{key}:{side.person.id.hex[:8]}"
        hide(session, side.person, "daily.reveal", reveal_id, now=now, key=own_key)
        hide_answer_on_pages(session, opened, side, now=now, key=own_key)
    if opened.theirs is None:
        return
    reader = opened.theirs.person
    for message_id in deliveries.standing(session, person_id=reader.id, card="daily.voice", about=str(reveal_id)):
        owe_removal(session, reader, message_id, due=now, key=f"{key}:voice:{message_id}", quiet=True)


def catch_up(session: Session, person: Person, *, now: datetime, key: str) -> None:
    """Owe what opened while this person had blocked the bot: it is open for both, so both can read it."""
    for reveal_id in reveals.newest_of(session, person_id=person.id, limit=MOST_MISSED):
        if not deliveries.standing(session, person_id=person.id, card="daily.reveal", about=str(reveal_id)):
            owe(session, person, "daily.reveal", reveal_id, due=now, key=f"{key}:{reveal_id}", urgency=REVEAL)


def check_voice(session: Session, person_id: UUID, reveal_id: UUID) -> None:
    """Refuse unless the partner's voice note is there to be played: NotYours, Closed."""
    theirs = own_reveal(session, person_id, reveal_id).theirs
    if theirs is None or theirs.answer.voice_sealed is None or theirs.answer.taken_back:
        raise Closed


def _shares(side: Side) -> bool:
    return side.answer.shared and not side.checkin.closed


def _open(session: Session, occasion_id: UUID, sides: list[Side], *, now: datetime) -> None:
    reveal = reveals.add_reveal(session, occasion_id=occasion_id)
    for side in sides:
        key = f"reveal:{reveal.id}:{side.person.id}"
        owe(session, side.person, "daily.reveal", reveal.id, due=now, key=key, urgency=REVEAL)
        refresh(session, side.person, "daily.mine", side.checkin.id, now=now, key=f"{key}:mine")
        if daily.let_go(session, person_id=side.person.id, about=side.checkin.id):
            refresh(session, side.person, "daily.replace", side.checkin.id, now=now, key=f"{key}:held")
        rhythm.offer(session, side.person, now=now)
