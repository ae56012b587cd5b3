"""The playground's people: who sits where, how they are remembered, and what an offline phone does."""

from collections.abc import Mapping
from typing import Any

from bot.playground.feed import Feed
from bot.playground.pairs import FIRST_ZONES, Pair, Seat, next_names, restored_seat, saved_seat
from bot.playground.people import Account
from bot.playground.server import LoopbackTelegram
from bot.playground.views import messages_view, phone_view


class Seats:
    """Every pair and every phone."""

    def __init__(self, telegram: LoopbackTelegram, feed: Feed) -> None:
        self._telegram, self._feed = telegram, feed
        self.pairs: list[Pair] = []
        self._seats: dict[int, Seat] = {}

    def account(self, person: int) -> Account:
        """The account of a person at the playground. Raises KeyError."""
        self.seat(person)
        return Account(self._telegram.state, self._telegram.state.chats.users[person])

    def seat(self, person: int) -> Seat:
        """A person's phone. Raises KeyError."""
        return self._seats[person]

    def people(self) -> list[int]:
        """Everybody, the oldest first."""
        return list(self._seats)

    def partner(self, person: int) -> int:
        """The other one of the pair. Raises KeyError."""
        for pair in self.pairs:
            if person in pair.people:
                return pair.people[1 - pair.people.index(person)]
        raise KeyError(person)

    def add(
        self, names: tuple[str, str] | None = None, *, language: str = "en", zones: tuple[str, str] = FIRST_ZONES
    ) -> Pair:
        """One more pair, nobody of it known to the bot."""
        first, second = (self._person(name, language) for name in names or next_names(self.pairs))
        number = max((pair.number for pair in self.pairs), default=0) + 1
        pair = Pair(number, (first.id, second.id))
        for person, zone in zip(pair.people, zones, strict=True):
            self._seats[person] = Seat(person, zone)
        self.pairs.append(pair)
        for person in pair.people:
            self._feed.whole_phone(person)
        self._feed.room()
        return pair

    def shown(self, person: int) -> dict[str, Any]:
        """What a phone shows, without its messages."""
        return phone_view(self.account(person), self.seat(person), self._telegram.state)

    def messages(self, person: int) -> list[dict[str, Any]]:
        """The messages that a phone shows."""
        return messages_view(self.account(person), self.seat(person), self._telegram.state)

    def freeze(self, person: int) -> None:
        """The phone loses its connection and goes on showing what it has."""
        seat = self.seat(person)
        seat.frozen = {"phone": self.shown(person), "messages": self.messages(person)}
        seat.offline = True

    def thaw(self, person: int) -> list[dict[str, Any]]:
        """The phone is online again; gives the acts that waited for it."""
        seat = self.seat(person)
        seat.frozen, seat.offline = None, False
        waiting, seat.outbox = seat.outbox, []
        self._feed.whole_phone(person)
        return waiting

    def lock(self) -> None:
        """Everybody who uses the bot puts the phone away."""
        for person, seat in self._seats.items():
            if self.account(person).chat.is_started and not seat.locked:
                seat.locked = True
                self._feed.phone(person)

    def to_json(self) -> dict[str, Any]:
        """Pairs and phones, to be restored in another process."""
        return {
            "pairs": [[pair.number, *pair.people] for pair in self.pairs],
            "seats": [saved_seat(seat) for seat in self._seats.values()],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Remember what `to_json` gave."""
        self.pairs = [Pair(number, (first, second)) for number, first, second in saved["pairs"]]
        self._seats = {seat.person: seat for seat in map(restored_seat, saved["seats"])}

    def _person(self, name: str, language: str) -> Account:
        return self._telegram.person(name, language)
