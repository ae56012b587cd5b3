"""A person's words are removed when they are older than that person wishes: here, and wherever they are shown."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import Session

from bot.practice import removing, reveals, showing, summary
from storage import boundaries, conversations, daily, people, retention
from storage import reveals as opened
from storage.retention import EXPIRING, Kept
from storage.tables import Answer, Appreciation, BoundaryCard, JournalNote, Participation, Person, Response, Table

CHUNK = 20

Show: TypeAlias = Callable[[Session, Any, datetime], None]


def let_go(session: Session, *, now: datetime) -> bool:
    """Remove a chunk of what is too old; tells whether more may wait."""
    for days in retention.wishes(session):
        before = (now - timedelta(days=days)).date()
        for table, rule in EXPIRING.items():
            if isinstance(rule, Kept):
                continue
            old = retention.expired(session, table, days=days, before=before, limit=CHUNK)
            for row in old:
                retention.let_go(session, row)
                _show_anew(session, row, now)
            if old:
                session.info["erases"] = True
                return True
    return False


def _show_anew(session: Session, row: Any, now: datetime) -> None:
    SHOWN[type(row)](session, row, now)
    author = people.person(session, row.person_id)
    preview = summary.current_preview(session, author, now=now)
    key = f"expired:{row.id.hex}:own"
    showing.close_own_weeks(session, author, but=preview.id if preview else None, now=now, key=key)


def _hide_answer(session: Session, answer: Answer, now: datetime) -> None:
    """An answer that opened reads as one that was taken back, whatever the cause; one that did not is gone."""
    key = f"expired:{answer.id.hex}"
    author = people.person(session, answer.person_id)
    checkin = daily.checkin(session, checkin_id=answer.checkin_id)
    assert checkin is not None  # the answer points at it
    reveal = opened.reveal_of(session, occasion_id=checkin.occasion_id)
    answer.typed, answer.taken_back = "", True
    session.flush()
    if reveal is not None:
        reveals.hide_answer(session, reveals.own_reveal(session, author.id, reveal.id), now=now, key=key)
        showing.hide_kept(session, author, answer, now=now, key=key)
    else:
        daily.let_go(session, person_id=author.id, about=checkin.id)  # words for the same question are as old as it is
        removing.let_go(session, author, answer, checkin, now=now, key=key)


def _hide_note(session: Session, note: JournalNote, now: datetime) -> None:
    author = people.person(session, note.person_id)
    showing.hide_note(session, author, note.id, now=now, key=f"expired:{note.id.hex}")


def _hide_card(session: Session, card: BoundaryCard, now: datetime) -> None:
    """A card reads as one that was taken back, for both."""
    card.taken_back = True
    session.flush()
    _hide_week(session, card.person_id, card.conversation_id, card.id, now=now)


def _hide_thanks(session: Session, thanks: Appreciation, now: datetime) -> None:
    _hide_week(session, thanks.person_id, thanks.conversation_id, None, now=now)
    both = conversations.both(session, conversation_id=thanks.conversation_id, person_id=thanks.person_id)
    for person in (both.mine.person, both.theirs.person) if both else ():
        showing.hide_on_pages(session, person, thanks.id, now=now, key=_key(thanks.id, person))


def _hide_response(session: Session, response: Response, now: datetime) -> None:
    card = boundaries.card(session, card_id=response.card_id)
    assert card is not None
    _hide_week(session, response.person_id, card.conversation_id, card.id, now=now)


def _hide_topic(session: Session, part: Participation, now: datetime) -> None:
    _hide_week(session, part.person_id, part.conversation_id, None, now=now)


def _hide_week(
    session: Session, person_id: UUID, conversation_id: UUID, card_id: UUID | None, *, now: datetime
) -> None:
    """Every card of a week that one of the two sees, and the author's own side, without what is not kept any more."""
    both = conversations.both(session, conversation_id=conversation_id, person_id=person_id)
    for person in (both.mine.person, both.theirs.person) if both else ():
        _hide_each(session, person, {"weekly.opening": conversation_id, "weekly.card": card_id}, now=now)
    part = conversations.part_of(session, conversation_id, person_id)
    own_side = dict.fromkeys(("weekly.invitation", "weekly.alone", "weekly.cards"), part.id if part else None)
    own_cards = dict.fromkeys(showing.DRAFTS, card_id)
    _hide_each(session, people.person(session, person_id), {**own_side, **own_cards}, now=now)


def _hide_each(session: Session, person: Person, cards: Mapping[str, UUID | None], *, now: datetime) -> None:
    for name, about in cards.items():
        if about is not None:
            showing.hide(session, person, name, about, now=now, key=f"{_key(about, person)}:{now:%y%m%d}")


def _key(about: UUID, person: Person) -> str:
    """What stands before a card and a message in the key of an edit, which has 96 characters at most."""
    return f"expired:{about.hex}:{person.id.hex[:8]}"


# whatever shows words that expire
SHOWN: Mapping[type[Table], Show] = MappingProxyType(
    {
        Answer: _hide_answer,
        JournalNote: _hide_note,
        BoundaryCard: _hide_card,
        Appreciation: _hide_thanks,
        Response: _hide_response,
        Participation: _hide_topic,
    }
)
