"""Words that are older than their author wishes are removed."""

from bot.practice import retention
from schedules.clock import Ring


def let_go(ring: Ring) -> bool:
    """Remove a chunk of what is too old."""
    return retention.let_go(ring.session, now=ring.now)
