"""Who sits at the playground: pairs of people, and what each phone is like apart from its chat."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

FIRST_NAMES = (("Ann", "Ben"), ("Cleo", "Dan"), ("Eve", "Finn"), ("Gwen", "Hal"), ("Iris", "Jon"), ("Kit", "Lou"))
FIRST_ZONES = ("Europe/Berlin", "America/New_York")


@dataclass(slots=True)
class Letter:
    """A link that somebody passed on, outside of the chat with the bot."""

    sender: str
    link: str
    text: str


@dataclass(slots=True)
class Seat:
    """One phone: where it is, what its owner has set, and what waits on it.

    `outbox` holds acts that were done without a connection; `frozen` is what such a phone still shows.
    """

    person: int
    zone: str
    locked: bool = False
    offline: bool = False
    large: bool = False
    letters: list[Letter] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    frozen: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may or may not link; `number` starts with 1 and is never used again."""

    number: int
    people: tuple[int, int]


def next_names(pairs: Sequence[Pair]) -> tuple[str, str]:
    """First names for one more pair."""
    return FIRST_NAMES[len(pairs) % len(FIRST_NAMES)]


def saved_seat(seat: Seat) -> dict[str, Any]:
    """The seat as JSON."""
    return asdict(seat)


def restored_seat(saved: Mapping[str, Any]) -> Seat:
    """The seat from JSON."""
    letters = [Letter(**letter) for letter in saved["letters"]]
    return Seat(**{**saved, "letters": letters})
