"""The weekly conversation as time passes."""

from bot.practice import conversations
from schedules.clock import Ring


def invite(ring: Ring) -> bool:
    """Invite those whose weekly time has come."""
    return conversations.invite_due(ring.session, topics=ring.library.topics, now=ring.now)


def find_back(ring: Ring) -> bool:
    """Plan anew what was planned while a clock was wrong."""
    return conversations.find_back(ring.session, now=ring.now)


def close(ring: Ring) -> bool:
    """Close what is over; nothing is said."""
    return conversations.close_due(ring.session, now=ring.now)
