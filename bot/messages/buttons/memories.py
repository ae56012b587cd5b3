"""Buttons of memories."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenMemories(Payload):
    """A view of the memories, as `bot.practice.memories` names them."""

    tag: ClassVar[str] = "mv"
    view: str


@dataclass(frozen=True, slots=True)
class SearchMemories(Payload):
    """[Search]: asks for words."""

    tag: ClassVar[str] = "ms"


@dataclass(frozen=True, slots=True)
class ReadMemory(Payload):
    """One memory in full; `view` is the way back."""

    tag: ClassVar[str] = "mr"
    reveal_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class ReadKept(Payload):
    """One kept answer in full; `view` is the way back."""

    tag: ClassVar[str] = "mk"
    answer_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class AskRemoveKept(Payload):
    """[Remove] under a kept answer: asks once."""

    tag: ClassVar[str] = "mf"
    answer_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class DropKept(Payload):
    """[Remove for good] of a kept answer; `mark` tells which words the person saw."""

    tag: ClassVar[str] = "mg"
    answer_id: UUID
    mark: int
    view: str


@dataclass(frozen=True, slots=True)
class ReadSaved(Payload):
    """One saved topic; `view` is the way back."""

    tag: ClassVar[str] = "mt"
    saved_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class RemoveSaved(Payload):
    """[Remove]: a topic off the own list."""

    tag: ClassVar[str] = "mx"
    saved_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class ReadNote(Payload):
    """One note in full; `view` is the way back."""

    tag: ClassVar[str] = "mj"
    note_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class AskRemoveNote(Payload):
    """[Remove] under a note: asks once."""

    tag: ClassVar[str] = "ma"
    note_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class DropNote(Payload):
    """[Remove for good] of a note."""

    tag: ClassVar[str] = "md"
    note_id: UUID
    view: str
