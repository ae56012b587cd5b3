"""People for a benchmark: couples with keys, names under seal and a daily question, the same for the same seed.

Account numbers and message numbers are those that a fresh loopback Telegram gives out, in the same order. Rows are made
as plain values and written in bulk, so that a million people take minutes; each has every row, seal and key that the
bot itself would have given them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from os import urandom
from random import Random
from types import SimpleNamespace
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import SQLModel

from benchmarks.bulk import Bulk, Row, Wrapped
from bot.messages.library import load as load_prompts
from bot.playground.chats import FIRST_PERSON_ID
from storage import sealing
from storage.claiming import SCHEDULED
from storage.keys import KeyStore
from storage.masters import Masters
from storage.tables import Chat, Checkin, Couple, Delivery, Membership, Message, Occasion, Person

Rows: TypeAlias = dict[type[SQLModel], list[Row]]

NAMES = ("Ann", "Ben", "Chi", "Dana", "Ewa", "Femi", "Gül", "Håkon", "Inès", "José", "Kim", "Lev", "Mai", "Noor", "Ona")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo", "Africa/Lagos")
COUPLES_AT_ONCE = 2_500
BEHIND = timedelta(hours=1)  # when their questions were asked
WINDOW = timedelta(hours=48)
DAYS_BACK = timedelta(days=2)  # the local date of those questions lies so far back that no later one is the same
LATER = timedelta(days=1)  # from when on whoever is not asked for a figure has their next question, and the next week
_DAY, _DAYS = 24 * 60, 4 * 24 * 60  # minutes over which these are spread


@dataclass(frozen=True)
class Asked:
    """Who has the next question first: one in so many couples, at this instant, each person a `gap` later."""

    at: datetime
    one_in: int = 1
    gap: timedelta = timedelta()


@dataclass(frozen=True)
class Wish:
    """How many people; when a question that they are owed is due, else it stands in their chats; who is asked next."""

    people: int
    due: datetime | None = None
    asked: Asked | None = None
    seed: int = 7


def settle(crowd: "Crowd", bulk: Bulk) -> None:
    """Write these people into an empty database and their keys into a store."""
    for rows, wrapped in crowd.all():
        bulk.add_keys(wrapped)
        for table, values in rows.items():
            bulk.add(table, values)


class NewKeys:
    """Data keys on their way to the key store."""

    def __init__(self, system: UUID, system_key: bytes) -> None:
        self.system = system
        self._keys = {system: system_key}

    def data_key(self, owner: UUID) -> bytes:
        """The key of this owner, made if there was none."""
        if owner not in self._keys:
            self._keys[owner] = urandom(32)
        return self._keys[owner]


class Crowd:
    """Makes the rows of some people at a time."""

    def __init__(self, wish: Wish, keys: KeyStore, masters: Masters) -> None:
        self._wish, self._store, self._masters = wish, keys, masters
        self._system = keys.system, keys.data_key(keys.system)
        self._prompts: Sequence[str] = sorted(load_prompts().english)
        self._now = datetime.now(UTC)

    def all(self) -> Iterator[tuple[Rows, list[Wrapped]]]:
        """Rows by table, and the keys of their people, some thousand at a time."""
        for first in range(0, self._wish.people, 2 * COUPLES_AT_ONCE):
            yield self._some(range(first, min(first + 2 * COUPLES_AT_ONCE, self._wish.people)))

    def _some(self, places: range) -> tuple[Rows, list[Wrapped]]:
        """Everybody at these places, two by two."""
        random, keys = Random(f"{self._wish.seed}:{places.start}"), NewKeys(*self._system)
        rows: Rows = defaultdict(list)
        for first in places[::2]:
            for table, values in self._couple(first, random, keys):
                rows[table].append(values)
        master, owners = self._masters.fingerprints[0], [person["id"] for person in rows[Person]]
        return rows, [(one, master, self._masters.wrap(keys.data_key(one), bound_to=one.bytes)) for one in owners]

    def _couple(self, first: int, random: Random, keys: NewKeys) -> Iterator[tuple[type[SQLModel], Row]]:
        now = self._now
        couple = _row(Couple, id=_id(random), linked_on=now.date())
        occasion = _row(
            Occasion,
            id=_id(random),
            couple_id=couple["id"],
            kind="daily",
            on_date=(now - DAYS_BACK).date(),
            prompt_id=random.choice(self._prompts),
            closes=now - BEHIND + WINDOW,
        )
        yield Couple, couple
        yield Occasion, occasion
        for place in (first, first + 1):
            chat = self._chat(place, random, keys)
            person = self._person(place, chat, random, keys)
            checkin = _checkin(person, occasion, random)
            yield Chat, chat
            yield Person, person
            yield Membership, _row(Membership, id=_id(random), couple_id=couple["id"], person_id=person["id"])
            yield Checkin, checkin
            yield from self._question(place, person, checkin, random)

    def _chat(self, place: int, random: Random, keys: NewKeys) -> Row:
        number, chat_id = FIRST_PERSON_ID + place, _id(random)
        address = _sealed(keys, Chat, chat_id, "address_sealed", str(number), owner=keys.system)
        return _row(Chat, id=chat_id, lookup=self._store.lookup(number), address_sealed=address)

    def _person(self, place: int, chat: Row, random: Random, keys: NewKeys) -> Row:
        person_id, now = _id(random), self._now
        asked = self._wish.asked
        later = now + LATER + timedelta(minutes=random.randrange(_DAY))
        first_asked = asked is not None and place // 2 % asked.one_in == 0
        return _row(
            Person,
            id=person_id,
            chat_id=chat["id"],
            name_sealed=_sealed(keys, Person, person_id, "name_sealed", random.choice(NAMES), owner=person_id),
            language="en",
            zone=random.choice(ZONES),
            agreed_on=now.date(),
            ready=True,
            next_question=asked.at + place * asked.gap if asked is not None and first_asked else later,
            asked_on=(now - DAYS_BACK).date(),
            next_weekly=now + 2 * LATER + timedelta(minutes=random.randrange(_DAYS)),
            start_offered=True,
            rhythm_offered=True,
            patience_told=True,
        )

    def _question(self, place: int, person: Row, checkin: Row, random: Random) -> Iterator[tuple[type[SQLModel], Row]]:
        """The delivery that asks; if it is not due any more, also the message that it became."""
        due, now = self._wish.due, self._now
        message_id = None if due else place + 1
        delivery = _row(
            Delivery,
            key=f"daily:{checkin['id']}:0",
            chat_id=person["chat_id"],
            person_id=person["id"],
            language=person["language"],
            card="daily.question",
            about=str(checkin["id"]),
            message_id=message_id,
            urgency=SCHEDULED,
            due=due or now - BEHIND,
            expires=(due or now) + WINDOW,
            state="waiting" if due else "sent",
            attempts=0 if due else 1,
        )
        yield Delivery, delivery
        if message_id is not None:
            stands = {name: delivery[name] for name in ("chat_id", "message_id", "person_id", "card", "about")}
            yield Message, _row(Message, id=_id(random), **stands, sent_at=delivery["due"])


def _checkin(person: Row, occasion: Row, random: Random) -> Row:
    return _row(
        Checkin,
        id=_id(random),
        person_id=person["id"],
        kind="daily",
        on_date=occasion["on_date"],
        occasion_id=occasion["id"],
        prompt_id=occasion["prompt_id"],
        closes=occasion["closes"],
    )


def _sealed(keys: NewKeys, table: type[SQLModel], row_id: UUID, column: str, text: str, *, owner: UUID) -> bytes:
    """As `storage.sealing` seals it, without a session."""
    session: Any = SimpleNamespace(info={"keys": keys})
    return sealing.sealed_for(session, table, column, row_id, text, owner=owner)


def _id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _row(table: type[SQLModel], **values: Any) -> Row:
    return {**_usual(table), **values}


@cache
def _usual(table: type[SQLModel]) -> Row:
    """What the model gives a column that nobody names."""
    fields = table.model_fields.items()
    return {name: field.default for name, field in fields if name != "id" and not field.is_required()}
