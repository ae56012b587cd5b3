"""Buttons of agreements."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class TurnBook(Payload):
    """A page of the agreement book."""

    tag: ClassVar[str] = "gb"
    page: int


@dataclass(frozen=True, slots=True)
class ActOnAgreement(Payload):
    """One tap on an agreement: look at it, change it, end it."""

    tag: ClassVar[str] = "ga"
    agreement_id: UUID
    act: str


@dataclass(frozen=True, slots=True)
class Review(Payload):
    """[Renew] [Change] [End it], privately."""

    tag: ClassVar[str] = "gr"
    agreement_id: UUID
    wish: str
