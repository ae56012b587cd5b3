"""Buttons under a nudge, which fill it."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenCard(Payload):
    """[Open] under a nudge: fills this very message. The card itself looks who is asking."""

    tag: ClassVar[str] = "o"
    card: str
    about: str


@dataclass(frozen=True, slots=True)
class OpenHere(Payload):
    """[Open] under the nudge of any card, in discreet mode: the delivery says which."""

    tag: ClassVar[str] = "oh"
    delivery_id: int
