"""Buttons of the daily question."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class PickChoice(Payload):
    """One of the question's choices; `changes` tells which question the card showed."""

    tag: ClassVar[str] = "dc"
    checkin_id: UUID
    changes: int
    number: int


@dataclass(frozen=True, slots=True)
class AnotherQuestion(Payload):
    """[Another question]; `changes` tells how many came before."""

    tag: ClassVar[str] = "da"
    checkin_id: UUID
    changes: int


@dataclass(frozen=True, slots=True)
class AnswerLater(Payload):
    """[Later]: asks when."""

    tag: ClassVar[str] = "dl"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class PutOff(Payload):
    """[In an hour] [This evening] [Tomorrow]."""

    tag: ClassVar[str] = "dp"
    checkin_id: UUID
    until: str


@dataclass(frozen=True, slots=True)
class NotToday(Payload):
    """[Not today]."""

    tag: ClassVar[str] = "dn"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class BackToQuestion(Payload):
    """[Back] to the question, or to the answer."""

    tag: ClassVar[str] = "db"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class ShareAnswer(Payload):
    """[Share]; `mark` tells which words the card showed."""

    tag: ClassVar[str] = "ds"
    checkin_id: UUID
    mark: int


@dataclass(frozen=True, slots=True)
class KeepAnswer(Payload):
    """[Keep for me]."""

    tag: ClassVar[str] = "dk"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class EditAnswer(Payload):
    """[Edit]."""

    tag: ClassVar[str] = "de"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class UnshareAnswer(Payload):
    """[Take back] what is not open yet."""

    tag: ClassVar[str] = "du"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class RemoveTyped(Payload):
    """[Remove my message]: what the answer was typed in."""

    tag: ClassVar[str] = "dr"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class ReplaceAnswer(Payload):
    """[Replace my answer] with the words that are held; `mark` tells which the person saw, here and below."""

    tag: ClassVar[str] = "dw"
    checkin_id: UUID
    mark: int


@dataclass(frozen=True, slots=True)
class AddToAnswer(Payload):
    """[Add to my answer] the words that are held."""

    tag: ClassVar[str] = "dx"
    checkin_id: UUID
    mark: int


@dataclass(frozen=True, slots=True)
class LeaveAnswer(Payload):
    """[Leave it]: the words that are held are let go."""

    tag: ClassVar[str] = "dv"
    checkin_id: UUID
    mark: int
