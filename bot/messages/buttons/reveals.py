"""Buttons under what opened."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class React(Payload):
    """[I hear you] [Thank you] [More, when you like]."""

    tag: ClassVar[str] = "ra"
    reveal_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class PlayVoice(Payload):
    """[Play] the partner's voice note."""

    tag: ClassVar[str] = "rp"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class Stung(Payload):
    """[That stung]."""

    tag: ClassVar[str] = "rs"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class AskTakeBack(Payload):
    """[Take mine back]: asks once."""

    tag: ClassVar[str] = "rt"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class TakeMineBack(Payload):
    """[Take mine back], asked and meant."""

    tag: ClassVar[str] = "rc"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class BackToReveal(Payload):
    """[Back] to what opened."""

    tag: ClassVar[str] = "rb"
    reveal_id: UUID
