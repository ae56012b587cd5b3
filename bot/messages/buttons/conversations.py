"""Buttons of the weekly conversation."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class TakeStep(Payload):
    """One tap in the weekly conversation; the steps stand in `handlers.conversations.STEPS`."""

    tag: ClassVar[str] = "cs"
    participation_id: UUID
    step: str


@dataclass(frozen=True, slots=True)
class PickTopic(Payload):
    """Another topic."""

    tag: ClassVar[str] = "ct"
    participation_id: UUID
    topic: str


@dataclass(frozen=True, slots=True)
class PickSaved(Payload):
    """A topic from one's own list."""

    tag: ClassVar[str] = "cv"
    participation_id: UUID
    saved_id: UUID


@dataclass(frozen=True, slots=True)
class PutOffWeek(Payload):
    """[In an hour] [This evening] [Tomorrow]."""

    tag: ClassVar[str] = "cu"
    participation_id: UUID
    until: str


@dataclass(frozen=True, slots=True)
class ActOnOpening(Payload):
    """One tap under what opened: back to it, take one's thanks or topic back, close the week."""

    tag: ClassVar[str] = "co"
    conversation_id: UUID
    act: str
