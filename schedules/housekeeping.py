"""Operational rows and times are dropped after 48 hours at most."""

from datetime import timedelta

from schedules.clock import Ring
from storage import claiming, deliveries, updates

KEPT = timedelta(hours=48)


def prune(ring: Ring) -> bool:
    """Drop a chunk of what is older than 48 hours."""
    before = ring.now - KEPT
    more = claiming.forget_kept(ring.session, now=ring.now)
    more |= updates.prune(ring.session, before=before)
    return deliveries.prune(ring.session, before=before) or more
