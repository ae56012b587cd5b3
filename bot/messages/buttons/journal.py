"""Buttons of the journal."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class WriteNote(Payload):
    """[Write it down just for you]."""

    tag: ClassVar[str] = "jw"


@dataclass(frozen=True, slots=True)
class LeaveNote(Payload):
    """[Not now] under a private note."""

    tag: ClassVar[str] = "jn"


@dataclass(frozen=True, slots=True)
class RemoveNote(Payload):
    """[Remove my message] under a private note."""

    tag: ClassVar[str] = "jr"
    message_id: int
