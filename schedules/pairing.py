"""Invites end 48 hours after they were made, or accepted and not confirmed; and who was left at night is told."""

from bot.practice import pairing
from schedules.clock import Ring


def end_invites(ring: Ring) -> bool:
    """End a chunk of the invites whose time is over."""
    return pairing.end_invites(ring.session, now=ring.now)


def tell_farewells(ring: Ring) -> bool:
    """Tell a chunk of those who were left while nothing could come in."""
    return pairing.tell_due(ring.session, now=ring.now)
