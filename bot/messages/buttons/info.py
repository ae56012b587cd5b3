"""Buttons of what the bot says about itself."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class ReadPrivacy(Payload):
    """[Privacy] under the first card."""

    tag: ClassVar[str] = "pr"


@dataclass(frozen=True, slots=True)
class HelpOn(Payload):
    """A group of commands in /help; any other number leads back."""

    tag: ClassVar[str] = "hp"
    group: int
