"""What people remove for good while nobody but them can read it: a kept answer, a private note, a card of a week.

It is in no row and no free page of the database afterwards, and no message of the bot shows it any more. What they sent
themselves stays in their chat until they remove it there; the cards that ask say so.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice import boundaries, showing
from bot.practice.answering import replace_answer
from bot.practice.daily import is_open, state_card, stop_editing
from bot.practice.journal import own_note
from bot.practice.refusals import Closed
from storage import boundaries as cards
from storage import daily, journal, memories
from storage.tables import Answer, BoundaryCard, Checkin, Person


def removable(session: Session, person: Person, answer_id: UUID) -> tuple[Answer, Checkin]:
    """An own answer that is not open, and what it answers. Refuses: Closed, also for one that is removed by now."""
    found = memories.answers(session, ids=(answer_id,))
    if not found or found[0][0].person_id != person.id or found[0][2] is not None:
        raise Closed
    return found[0][:2]


def remove_answer(session: Session, person: Person, answer_id: UUID, *, now: datetime, key: str) -> None:
    """Remove an own answer that is not open; a question whose window lasts can be answered again. Refuses: Closed.

    Words that wait for their author to say where they belong take its place.
    """
    answer, checkin = removable(session, person, answer_id)
    if (held := daily.held(session, person_id=person.id, about=checkin.id)) is not None:
        replace_answer(session, checkin, held)
    else:
        stop_editing(session, checkin)
        daily.drop_answer(session, answer)
    session.info["erases"] = True
    shows = state_card(session, checkin)[0] if is_open(checkin, now) else None
    showing.hide_kept(session, person, answer, now=now, key=key, shows=shows)


def remove_note(session: Session, person: Person, note_id: UUID, *, now: datetime, key: str) -> None:
    """Remove a private note. Refuses: Closed."""
    journal.drop_note(session, own_note(session, person, note_id))
    session.info["erases"] = True
    showing.hide_note(session, person, note_id, now=now, key=key)


def remove_card(session: Session, person: Person, card_id: UUID, *, mark: int, now: datetime, key: str) -> BoundaryCard:
    """Remove what stands on one of the cards of one's own side, as long as nothing is open. Refuses: NotYours, Closed.

    With the `mark` of other words than those that stand now, nothing is done: nobody removes what they did not see.
    The card is blank then, and the next one to be written.
    """
    card, part = boundaries.own_draft(session, person, card_id, now=now)
    if card.words_sealed is None:
        raise Closed
    if mark == cards.mark_of(card):
        cards.blank(session, card)
        boundaries.write_again(session, person, part, now=now)
        session.info["erases"] = True
        showing.hide_draft(session, person, card, part, now=now, key=key)
    return card
