"""Buttons of setting up."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class Welcome(Payload):
    """[Back] to the first card."""

    tag: ClassVar[str] = "wl"


@dataclass(frozen=True, slots=True)
class Begin(Payload):
    """[Begin]: what is stored and who sees it."""

    tag: ClassVar[str] = "bg"


@dataclass(frozen=True, slots=True)
class Agree(Payload):
    """[I agree] to the terms."""

    tag: ClassVar[str] = "ag"


@dataclass(frozen=True, slots=True)
class NotNow(Payload):
    """[Not now] instead of agreeing."""

    tag: ClassVar[str] = "nn"


@dataclass(frozen=True, slots=True)
class AskTimes(Payload):
    """A page of the times that it can be now; `moving` is 1 for a person who is set up, here and below."""

    tag: ClassVar[str] = "za"
    page: int
    moving: int


@dataclass(frozen=True, slots=True)
class PickTime(Payload):
    """The time that it is for the person now, as minutes ahead of UTC: that still holds when pressed later."""

    tag: ClassVar[str] = "zt"
    offset: int
    moving: int


@dataclass(frozen=True, slots=True)
class PickZone(Payload):
    """The city that a clock goes by."""

    tag: ClassVar[str] = "zz"
    zone: str
    moving: int


@dataclass(frozen=True, slots=True)
class StartAlone(Payload):
    """[Start on my own]."""

    tag: ClassVar[str] = "al"


@dataclass(frozen=True, slots=True)
class WhereAmI(Payload):
    """[Back] to the one card that says where a person is."""

    tag: ClassVar[str] = "wh"
