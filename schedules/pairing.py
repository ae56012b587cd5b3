"""Invites end 48 hours after they were made, or after they were accepted and not confirmed."""

from bot.practice import pairing
from schedules.clock import Ring


def end_invites(ring: Ring) -> bool:
    """End a chunk of the invites whose time is over."""
    return pairing.end_invites(ring.session, now=ring.now)
