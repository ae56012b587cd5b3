"""The one door for words on their way to a partner: cards, counter-proposals, appreciations, asks, rituals, space.

Whatever a person writes for their partner passes here before it is kept to be shown. What is too long is refused, and
so are control patterns; everything else passes. Hints are for the author's own card and never stand in the way.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.practice.answering import length
from bot.practice.control_patterns import Control, control_in
from bot.practice.hints import hints
from bot.practice.refusals import (
    Controls,
    ControlsLocation,
    ControlsPasswords,
    ControlsPeople,
    ControlsReporting,
    ControlsTouch,
    OnlyWords,
    TooLongForCard,
)

__all__ = ["hints", "let_pass"]

_REFUSED: Mapping[Control, type[Controls]] = MappingProxyType(
    {
        "passwords": ControlsPasswords,
        "location": ControlsLocation,
        "reporting": ControlsReporting,
        "people": ControlsPeople,
        "touch": ControlsTouch,
    }
)


def let_pass(words: str, *, language: str, longest: int) -> str:
    """The words, if they may go to a partner; `longest` in UTF-16 units.

    Refuses: OnlyWords, TooLongForCard, Controls.
    """
    if not words:
        raise OnlyWords
    if length(words) > longest:
        raise TooLongForCard
    refuse_control(words, language)
    return words


def refuse_control(words: str, language: str) -> None:
    """Refuse words that would control a partner. Refuses: Controls."""
    if found := control_in(words, language):
        raise _REFUSED[found]
