"""Taking along what is one's own: asked for by the person, put together by `bot.wire.exporter` in chunks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice import pulse
from bot.practice.owing import REPLY, owe
from bot.practice.preferences import check_ready
from bot.practice.pulse import Week
from storage import claiming, deliveries, exporting
from storage.exporting import Record
from storage.tables import Chat, Export, Person

CHUNK = 25
FILE = "exporting.file"  # what the message with the file is known by
MOST_ATTEMPTS = 5
TAKES_AT_MOST = timedelta(minutes=10)  # after which another process may try
SECTIONS = tuple(exporting.SECTIONS)


@dataclass(frozen=True, slots=True)
class Wish:
    """One export to be made; `address` is Telegram's chat id."""

    export_id: UUID
    person_id: UUID
    chat_id: UUID
    address: int
    language: str


def ask_export(session: Session, person: Person, *, now: datetime) -> None:
    """Wish for the file; a second wish while one waits changes nothing. Refuses: NotReady."""
    check_ready(person)
    exporting.wish(session, person_id=person.id, due=now)


def take_wish(session: Session, *, now: datetime) -> Wish | None:
    """The next export to be made, this process's own for a while; one that failed too often is given up."""
    found = exporting.next_wish(session, now=now)
    if found is None:
        return None
    person = session.get_one(Person, found.person_id)
    if found.attempts >= MOST_ATTEMPTS or person.unreachable:
        _give_up(session, person, found, now=now)
        return None
    found.due, found.attempts = now + TAKES_AT_MOST, found.attempts + 1
    session.add(found)
    address = claiming.address(session, session.get_one(Chat, person.chat_id))
    return Wish(found.id, person.id, person.chat_id, address, person.language)


def next_records(session: Session, wish: Wish, section: str, *, after: UUID | None) -> Sequence[Record]:
    """A chunk of a section; none if the person has deleted everything meanwhile."""
    person = session.get(Person, wish.person_id)
    if person is None or session.get(Export, wish.export_id) is None:
        return []
    return exporting.chunk(session, person, section, after=after, limit=CHUNK)


def own_trend(session: Session, wish: Wish, *, now: datetime) -> Sequence[Week]:
    """The weeks of the person's pulse, if there are enough for a picture."""
    person = session.get(Person, wish.person_id)
    weeks = pulse.trend(session, person, now=now) if person is not None and is_wanted(session, wish) else ()
    return weeks if pulse.is_trend(weeks) else ()


def is_wanted(session: Session, wish: Wish) -> bool:
    """Whether the person is still here and waits."""
    return session.get(Export, wish.export_id) is not None


def done(session: Session, wish: Wish, *, message_id: int | None, now: datetime) -> None:
    """The file was sent in this message, or is not wanted any more."""
    exporting.forget_wish(session, export_id=wish.export_id)
    if message_id is not None:
        deliveries.note_standing(
            session, chat_id=wish.chat_id, message_id=message_id, person_id=wish.person_id, card=FILE, now=now
        )


def try_later(session: Session, wish: Wish, *, due: datetime) -> None:
    """It could not be sent now."""
    found = session.get(Export, wish.export_id)
    if found is not None:
        found.due = due
        session.add(found)


def _give_up(session: Session, person: Person, found: Export, *, now: datetime) -> None:
    exporting.forget_wish(session, export_id=found.id)
    owe(session, person, "exporting.failed", due=now, key=f"export:{found.id}", urgency=REPLY)
