"""People without phones: the rows that practice works on, in units on a real database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from bot.messages.card import Card, Gone, Reader
from bot.messages.cards import CARDS
from bot.messages.i18n import Languages, load_languages
from bot.messages.library import load
from bot.practice import pairing, setup
from storage import people
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.tables import Chat, Couple, Delivery, Invite, Person
from storage.units import Units
from tests.conftest import Place, make_place

T = TypeVar("T")
LIBRARY = load()
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday


class Inside:
    """A database with its units; everything happens at `now` until a test moves it."""

    def __init__(self, place: Place) -> None:
        self.folder = place.folder
        self.engine = connect(place.database_url)
        if place.kind == "postgresql":  # it looks for deadlocks after a second: too long for hundreds of races
            with self.engine.begin() as connection:
                name = connection.engine.url.database
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET deadlock_timeout = 20')
            self.engine.dispose()
        self.keys = KeyStore(place.keys_url, masters_in(place.folder))
        self.units = Units(self.engine, keys=self.keys)
        self.now = NOON
        self.languages: Languages = load_languages()
        self._numbers = iter(range(1000, 100_000))

    def close(self) -> None:
        self.units.close()
        self.keys.close()
        self.engine.dispose()

    def do(self, work: Callable[[Session], T]) -> T:
        """Run one unit; raises what it raises."""
        return self.units.submit(work).result(60)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def random(self) -> Random:
        return Random(7)

    # people

    def chat(self) -> Chat:
        """A stranger's chat."""
        number = next(self._numbers)
        return self.do(lambda session: people.chat_of(session, telegram_id=number))

    def newcomer(self, name: str, chat: Chat | None = None) -> UUID:
        """Somebody who has agreed and not said where they live."""
        chat = chat or self.chat()

        def agree(session: Session) -> UUID:
            return setup.agree(session, chat, name=name, language="en", now=self.now).id

        return self.do(agree)

    def person(self, name: str, zone: str = "Europe/Berlin", chat: Chat | None = None) -> UUID:
        """Somebody who is set up, with a first question."""
        person_id = self.newcomer(name, chat)
        self.settle_in(person_id, zone)
        return person_id

    def settle_in(self, person_id: UUID, zone: str = "Europe/Berlin") -> None:
        self.do(
            lambda session: setup.settle_in(
                session, self.get(session, person_id), zone, library=LIBRARY, random=self.random(), now=self.now
            )
        )

    def get(self, session: Session, person_id: UUID) -> Person:
        """The person, locked as a handler locks them."""
        people.lock(session, person_id)
        return people.person(session, person_id)

    def chat_of(self, person_id: UUID) -> Chat:
        def find(session: Session) -> Chat:
            chat = session.get(Chat, people.person(session, person_id).chat_id)
            assert chat is not None
            return chat

        return self.do(find)

    def show(self, card: str, to: UUID | None, about: UUID | str = "") -> Card | Gone:
        """A card as its reader would see it now; None is a stranger."""

        def render(session: Session) -> Card | Gone:
            person = people.person(session, to) if to else None
            words = self.languages.speak(person.language if person else "en")
            chat_id = person.chat_id if person else uuid4()
            spoken = tuple(self.languages.words)
            reader = Reader(chat_id, person, words, LIBRARY, self.now, "side_by_side_bot", spoken)
            return CARDS[card](session, reader, str(about))

        return self.do(render)

    # linking

    def invite(self, inviter: UUID) -> tuple[UUID, str]:
        """The id and the token of somebody's invite."""

        def make(session: Session) -> tuple[UUID, str]:
            from storage import pairing as invites

            found = pairing.invite_partner(session, self.get(session, inviter), now=self.now)
            return found.id, invites.token(session, found)

        return self.do(make)

    def open(self, person_id: UUID, token: str) -> UUID | None:
        """Somebody follows a link; the invite's id, None if it leads nowhere."""
        chat = self.chat_of(person_id)

        def follow(session: Session) -> UUID | None:
            found = pairing.open_link(session, chat, self.get(session, person_id), token, now=self.now)
            return found.id if found else None

        return self.do(follow)

    def accept(self, person_id: UUID, invite_id: UUID) -> bool:
        chat = self.chat_of(person_id)
        return self.do(
            lambda session: pairing.want(session, chat, self.get(session, person_id), invite_id, now=self.now)
        )

    def confirm(self, inviter: UUID, invite_id: UUID) -> UUID:
        return self.do(
            lambda session: (
                pairing.confirm(
                    session, self.get(session, inviter), invite_id, library=LIBRARY, random=self.random(), now=self.now
                ).id
            )
        )

    def accepted(self, inviter: UUID, invitee: UUID) -> UUID:
        """An invite that waits for its inviter's word."""
        invite_id, token = self.invite(inviter)
        assert self.open(invitee, token) == invite_id
        assert self.accept(invitee, invite_id)
        return invite_id

    def link(self, inviter: UUID, invitee: UUID) -> UUID:
        """The id of the couple that two people become."""
        return self.confirm(inviter, self.accepted(inviter, invitee))

    def unlink(self, person_id: UUID, couple_id: UUID, *, tell: bool = False) -> None:
        self.do(
            lambda session: pairing.unlink(session, self.get(session, person_id), couple_id, tell=tell, now=self.now)
        )

    # what became of it

    def state(self, invite_id: UUID) -> str | None:
        """The state of an invite, None when it is forgotten."""

        def look(session: Session) -> str | None:
            found = session.get(Invite, invite_id)
            return found.state if found else None

        return self.do(look)

    def partner(self, person_id: UUID) -> UUID | None:
        def look(session: Session) -> UUID | None:
            found = people.partner_of(session, person_id=person_id)
            return found.id if found else None

        return self.do(look)

    def couples(self) -> int:
        return self.do(lambda session: len(session.exec(select(Couple)).all()))

    def owed(self, person_id: UUID) -> list[str]:
        """The cards that a person is owed, oldest first."""
        query = select(Delivery.card).where(Delivery.person_id == person_id).order_by(col(Delivery.id))
        return self.do(lambda session: list(session.exec(query)))


@pytest.fixture
def inside(place: Place) -> Iterator[Inside]:
    """Rows and units on either database."""
    inside = Inside(place)
    yield inside
    inside.close()


@pytest.fixture
def sqlite_inside(sqlite_place: Place) -> Iterator[Inside]:
    """The same where the database makes no difference."""
    inside = Inside(sqlite_place)
    yield inside
    inside.close()


@pytest.fixture
def postgres_inside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Inside]:
    """The same where only PostgreSQL is meant."""
    place = make_place(request, tmp_path, "postgresql")
    inside = Inside(place)
    yield inside
    inside.close()
    request.getfixturevalue("postgres").drop_database(place.database_url)
