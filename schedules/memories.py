"""Searches in memories go on, a chunk of answers at a time."""

from bot.practice import memories
from schedules.clock import Ring


def go_on_searching(ring: Ring) -> bool:
    """Look through one more chunk for somebody."""
    return memories.go_on(ring.session, now=ring.now)
