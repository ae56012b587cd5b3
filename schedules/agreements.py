"""Review dates of agreements."""

from bot.practice import reviews
from schedules.clock import Ring


def settle(ring: Ring) -> bool:
    """Settle the agreements whose review date is over."""
    return reviews.settle_due(ring.session, now=ring.now)
