"""Buttons of /safety."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class HelpIn(Payload):
    """Help in a country, by its two letters; `message_id` is what asked for it (0 for none), here and below."""

    tag: ClassVar[str] = "sc"
    country: str
    message_id: int


@dataclass(frozen=True, slots=True)
class HelpElsewhere(Payload):
    """[Another country]."""

    tag: ClassVar[str] = "so"
    message_id: int


@dataclass(frozen=True, slots=True)
class ClearThis(Payload):
    """[Clear this]: takes this card away, and the message that asked for it (0 for none)."""

    tag: ClassVar[str] = "cl"
    message_id: int
