"""Buttons of the pulse."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenPulse(Payload):
    """[My pulse]: today's, in a message of its own."""

    tag: ClassVar[str] = "uo"


@dataclass(frozen=True, slots=True)
class TapPulse(Payload):
    """A value of the pulse of a day (its ordinal); `part` tells which of the four."""

    tag: ClassVar[str] = "up"
    day: int
    part: int
    value: int


@dataclass(frozen=True, slots=True)
class ChangePulse(Payload):
    """[Change] [Back]: asks for one of the four again."""

    tag: ClassVar[str] = "uc"
    day: int
    part: int


@dataclass(frozen=True, slots=True)
class ShowTrend(Payload):
    """[My trend]: the own picture."""

    tag: ClassVar[str] = "ut"
