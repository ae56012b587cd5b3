"""The button that deletes everything."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class DeleteAll(Payload):
    """[Delete everything]."""

    tag: ClassVar[str] = "xd"
