"""Buttons of what comes in, what is kept and who is blocked."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class PauseFor(Payload):
    """Let nothing come in for so many days; 0 until the person says so."""

    tag: ClassVar[str] = "pf"
    days: int


@dataclass(frozen=True, slots=True)
class Resume(Payload):
    """[End the pause]."""

    tag: ClassVar[str] = "pe"


@dataclass(frozen=True, slots=True)
class SetQuiet(Payload):
    """Quiet hours between two minutes of the local day; the same twice for none."""

    tag: ClassVar[str] = "sq"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SetDiscreet(Payload):
    """Discreet mode on or off."""

    tag: ClassVar[str] = "sk"
    on: int


@dataclass(frozen=True, slots=True)
class SetRetention(Payload):
    """Days after which one's own words are removed, 0 for never; with `sure`, asked and meant."""

    tag: ClassVar[str] = "se"
    days: int
    sure: int


@dataclass(frozen=True, slots=True)
class Unblock(Payload):
    """Let invites of somebody through again."""

    tag: ClassVar[str] = "ub"
    block_id: UUID
