"""The weekly summary as time passes."""

from bot.practice import summary
from schedules.clock import Ring


def send_previews(ring: Ring) -> bool:
    """Send private previews to those whose Sunday evening has come."""
    return summary.send_due(ring.session, now=ring.now)


def end_previews(ring: Ring) -> bool:
    """Forget previews whose time is over."""
    return summary.end_due(ring.session, now=ring.now)
