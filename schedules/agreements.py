"""Review dates of agreements."""

from bot.practice import reviews
from schedules.clock import Ring


def ask(ring: Ring) -> bool:
    """Ask about reviews that no weekly time brought in time."""
    reviews.ask_the_rest(ring.session, now=ring.now)
    return False


def settle(ring: Ring) -> bool:
    """Settle the agreements whose review date is over."""
    return reviews.settle_due(ring.session, now=ring.now)
