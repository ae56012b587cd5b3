"""People for a benchmark: couples with keys, names under seal and a daily question, the same for the same seed.

Account numbers and message numbers are those that a fresh loopback Telegram gives out, in the same order.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlmodel import Session, SQLModel

from bot.messages.library import load as load_prompts
from bot.playground.chats import FIRST_PERSON_ID
from storage import daily, migrating, sealing
from storage.claiming import SCHEDULED
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from storage.tables import Chat, Checkin, Couple, Delivery, Membership, Message, Occasion, Person
from storage.units import Units

NAMES = ("Ann", "Ben", "Chi", "Dana", "Ewa", "Femi", "Gül", "Håkon", "Inès", "José", "Kim", "Lev", "Mai", "Noor", "Ona")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo", "Africa/Lagos")
COUPLES_AT_ONCE = 250
BEHIND = timedelta(hours=1)  # when their questions were asked
WINDOW = timedelta(hours=48)
FAST_DISK = Path("/dev/shm")  # where it exists, keys need not wait for a disk while people are made


@dataclass(frozen=True)
class Wish:
    """How many people, and when their question is due; without `due` it stands in their chats already."""

    people: int
    due: datetime | None = None
    seed: int = 7


def settle(wish: Wish, folder: Path) -> None:
    """Make a data folder for a bot that knows these people."""
    with tempfile.TemporaryDirectory(dir=FAST_DISK if FAST_DISK.exists() else None) as made:
        place = Path(made)
        engine = connect(f"sqlite:///{place / 'side-by-side.db'}")
        migrating.migrate(engine)
        keys = KeyStore(f"sqlite:///{place / 'keys.db'}", masters_in(place))
        units = Units(engine, keys=keys)
        prompts = sorted(load_prompts().english)
        for first in range(0, wish.people, 2 * COUPLES_AT_ONCE):
            places = range(first, min(first + 2 * COUPLES_AT_ONCE, wish.people))
            units.submit(Batch(wish, places, prompts).add).result()
        units.close()
        keys.close()
        engine.dispose()
        shutil.copytree(place, folder, dirs_exist_ok=True)


class Batch:
    """Some couples, added as one unit."""

    def __init__(self, wish: Wish, places: range, prompts: Sequence[str]) -> None:
        self._wish, self._places, self._prompts = wish, places, prompts
        self._random = Random(f"{wish.seed}:{places.start}")
        self._now = datetime.now(UTC)

    def add(self, session: Session) -> None:
        """Add everybody at these places, two by two; rows go to the database table by table."""
        for layer in zip(*(self._couple(session, first) for first in self._places[::2]), strict=True):
            session.add_all(row for rows in layer for row in rows)
            session.flush()

    def _couple(self, session: Session, first: int) -> tuple[Sequence[SQLModel], ...]:
        """A couple's rows, in the order in which they point at each other."""
        now, both = self._now, (first, first + 1)
        chats, people = zip(*(_person(session, place, self._random, now) for place in both), strict=True)
        couple = Couple(linked_on=now.date())
        memberships = [Membership(couple_id=couple.id, person_id=person.id) for person in people]
        occasion = Occasion(
            couple_id=couple.id,
            kind="daily",
            on_date=(now - BEHIND).date(),
            prompt_id=self._random.choice(self._prompts),
            closes=now - BEHIND + WINDOW,
        )
        checkins = [_checkin(person.id, occasion) for person in people]
        asked = [
            row
            for place, person, checkin in zip(both, people, checkins, strict=True)
            for row in _question(place, person, checkin, self._wish.due, now)
        ]
        return chats, people, [couple], memberships, [occasion], checkins, asked


def _person(session: Session, place: int, random: Random, now: datetime) -> tuple[Chat, Person]:
    keys: KeyStore = session.info["keys"]
    number = FIRST_PERSON_ID + place
    chat = Chat(lookup=keys.lookup(number), address_sealed=b"")
    sealing.seal(session, chat, "address_sealed", str(number), owner=keys.system)
    person = Person(
        chat_id=chat.id,
        name_sealed=b"",
        language="en",
        zone=random.choice(ZONES),
        agreed_on=now.date(),
        ready=True,
        next_question=now + timedelta(days=1, minutes=random.randrange(24 * 60)),
        start_offered=True,
        rhythm_offered=True,
        patience_told=True,
    )
    keys.create(person.id)
    sealing.seal(session, person, "name_sealed", random.choice(NAMES), owner=person.id)
    return chat, person


def _checkin(person_id: UUID, occasion: Occasion) -> Checkin:
    return Checkin(
        person_id=person_id,
        kind="daily",
        on_date=occasion.on_date,
        occasion_id=occasion.id,
        prompt_id=occasion.prompt_id,
        closes=occasion.closes,
    )


def _question(place: int, person: Person, checkin: Checkin, due: datetime | None, now: datetime) -> list[SQLModel]:
    """The delivery that asks; if it is not due any more, also the message that it became."""
    message_id = None if due else place + 1
    delivery = Delivery(
        key=daily.question_key(checkin),
        chat_id=person.chat_id,
        person_id=person.id,
        language=person.language,
        card="daily.question",
        about=str(checkin.id),
        message_id=message_id,
        urgency=SCHEDULED,
        due=due or now - BEHIND,
        expires=(due or now) + WINDOW,
        state="waiting" if due else "sent",
        attempts=0 if due else 1,
    )
    if message_id is None:
        return [delivery]
    stands = Message(
        chat_id=person.chat_id,
        message_id=message_id,
        person_id=person.id,
        card=delivery.card,
        about=delivery.about,
        sent_at=delivery.due,
    )
    return [delivery, stands]
