"""Buttons of the settings."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenSettings(Payload):
    """A view of the settings."""

    tag: ClassVar[str] = "st"
    view: str


@dataclass(frozen=True, slots=True)
class SetTime(Payload):
    """The minute of the daily question."""

    tag: ClassVar[str] = "sm"
    minute: int


@dataclass(frozen=True, slots=True)
class SetRhythm(Payload):
    """[Every day] [Three a week] [Weekly only]."""

    tag: ClassVar[str] = "sr"
    rhythm: str


@dataclass(frozen=True, slots=True)
class SetDay(Payload):
    """A weekday (Monday is 0) on or off."""

    tag: ClassVar[str] = "sd"
    day: int
    on: int


@dataclass(frozen=True, slots=True)
class SetWeek(Payload):
    """The weekday (Monday is 0) and minute of the weekly occasion."""

    tag: ClassVar[str] = "sw"
    day: int
    minute: int


@dataclass(frozen=True, slots=True)
class SetLanguage(Payload):
    """A language that the bot speaks."""

    tag: ClassVar[str] = "sl"
    language: str


@dataclass(frozen=True, slots=True)
class SetDepth(Payload):
    """How deep questions may go."""

    tag: ClassVar[str] = "sp"
    depth: int


@dataclass(frozen=True, slots=True)
class SetTheme(Payload):
    """A theme on or off."""

    tag: ClassVar[str] = "sh"
    theme: str
    on: int


@dataclass(frozen=True, slots=True)
class SetProtection(Payload):
    """Forwarding protection on or off."""

    tag: ClassVar[str] = "sf"
    on: int
