"""The daily question as time passes."""

from bot.practice import asking, windows
from schedules.clock import Ring


def plan(ring: Ring) -> bool:
    """Ask those whose time has come."""
    return asking.ask_due(ring.session, library=ring.library, random=ring.random, now=ring.now)


def find_back(ring: Ring) -> bool:
    """Plan anew what was planned while a clock was wrong."""
    return asking.find_back(ring.session, now=ring.now)


def close_windows(ring: Ring) -> bool:
    """Close what was not opened in its time."""
    return windows.close_due(ring.session, now=ring.now)
