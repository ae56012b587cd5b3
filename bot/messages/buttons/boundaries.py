"""Buttons of boundary cards."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class BeginCard(Payload):
    """[Limit] [Request] [Hope] [Decide together]."""

    tag: ClassVar[str] = "cb"
    participation_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ChangeAgreement(Payload):
    """A request that changes an agreement on the agenda."""

    tag: ClassVar[str] = "ca"
    participation_id: UUID
    agreement_id: UUID


@dataclass(frozen=True, slots=True)
class ActOnDraft(Payload):
    """One tap on one's own card before it opens; `mark` tells which words it showed."""

    tag: ClassVar[str] = "cd"
    card_id: UUID
    act: str
    mark: int


@dataclass(frozen=True, slots=True)
class ActOnCard(Payload):
    """One tap on a card that is open; `turn` tells which wording or marks stood there, or which words are meant."""

    tag: ClassVar[str] = "cc"
    card_id: UUID
    act: str
    turn: int


@dataclass(frozen=True, slots=True)
class MarkOption(Payload):
    """An option that one could live with, on or off; private."""

    tag: ClassVar[str] = "cm"
    card_id: UUID
    option: int
    on: int
