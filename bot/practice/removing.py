"""What people remove for good while nobody but them can read it: a kept answer, a private note, a card of a week.

It is in no row and no free page of the database afterwards, and no message of the bot shows it any more. What they sent
themselves stays in their chat until they remove it there, but for messages that the bot still knows to be the answer's;
the cards that ask say so.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice import boundaries, preparing, showing
from bot.practice.answering import put_held
from bot.practice.daily import is_open, state_card, stop_editing, take_typed
from bot.practice.journal import own_note
from bot.practice.memories import own_answer
from bot.practice.refusals import Closed
from storage import boundaries as cards
from storage import daily, journal
from storage.tables import Answer, Checkin, Participation, Person


def removable(session: Session, person: Person, answer_id: UUID) -> tuple[Answer, Checkin]:
    """An own answer that is not open, and what it answers. Refuses: NotYours, Closed."""
    answer, checkin, reveal_id = own_answer(session, person, answer_id)
    if reveal_id is not None:
        raise Closed
    return answer, checkin


def remove_answer(session: Session, person: Person, answer_id: UUID, *, mark: int, now: datetime, key: str) -> bool:
    """Remove an own answer that is not open, and what it was typed in; tells whether it was.

    A question whose window lasts can be answered again. With the `mark` of other words than those that stand now,
    nothing is done: nobody removes what they did not see. Refuses: NotYours, Closed.
    """
    answer, checkin = removable(session, person, answer_id)
    if mark != daily.mark_of(answer):
        return False
    take_typed(session, person, answer, now=now, key=key)
    let_go(session, person, answer, checkin, now=now, key=key)
    return True


def let_go(session: Session, person: Person, answer: Answer, checkin: Checkin, *, now: datetime, key: str) -> None:
    """An answer that did not open goes, here and wherever it is shown.

    Words that wait for their author to say where they belong take its place, as long as the question's window lasts.
    """
    lasts = is_open(checkin, now)
    held = daily.held(session, person_id=person.id, about=checkin.id) if lasts else None
    if held is not None:
        put_held(session, checkin, held)
    else:
        daily.let_go(session, person_id=person.id, about=checkin.id)
        stop_editing(session, checkin)
        daily.drop_answer(session, answer)
    shows = state_card(session, checkin)[0] if lasts else None
    session.info["erases"] = True
    showing.hide_kept(session, person, answer, now=now, key=key, shows=shows)


def remove_note(session: Session, person: Person, note_id: UUID, *, now: datetime, key: str) -> None:
    """Remove a private note. Refuses: Closed."""
    journal.drop_note(session, own_note(session, person, note_id))
    session.info["erases"] = True
    showing.hide_note(session, person, note_id, now=now, key=key)


def remove_card(
    session: Session, person: Person, card_id: UUID, *, mark: int, now: datetime, key: str
) -> Participation | None:
    """Remove a card of one's own side, as long as nothing is open; gives the part that it was in.

    With the `mark` of other words than those that stand now, nothing is done, and it gives None. Whoever shared the
    card and had finished has not. Refuses: NotYours, Closed.
    """
    card, part = boundaries.own_draft(session, person, card_id, now=now)
    if card.words_sealed is None:
        raise Closed
    if mark != cards.mark_of(card):
        return None
    if card.shared:
        boundaries.reopen(part)
    cards.drop_card(session, card)
    session.info["erases"] = True
    showing.hide_draft(session, person, card_id, part, now=now, key=key)
    return preparing.look(session, person, part.id, now=now)
