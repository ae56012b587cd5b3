"""Erasures go on step by step; the list of the erased is gone through again and again."""

from bot.practice import erasing
from schedules.clock import Ring


def go_on(ring: Ring) -> bool:
    """One step of each erasure."""
    return erasing.go_on(ring.session, now=ring.now)


def replay(ring: Ring) -> bool:
    """Begin again what was cut off."""
    erasing.replay_unsettled(ring.session, now=ring.now)
    return False
