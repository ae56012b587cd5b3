"""Buttons of how often somebody is asked."""

from dataclasses import dataclass
from typing import ClassVar

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class ChooseRhythm(Payload):
    """[Every day] [Three a week] [Weekly only], or "same" for [As it is]."""

    tag: ClassVar[str] = "rh"
    rhythm: str
