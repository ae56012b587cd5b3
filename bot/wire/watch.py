"""Notices when the clock jumps against the monotonic one, and holds what time alone would set off."""

from collections.abc import Callable
from datetime import datetime

HOLD_SECONDS = 30.0
TOLERANCE_SECONDS = 5.0


class Watch:
    """Compares two clocks from look to look; a move that was announced is no jump."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic = now, monotonic
        self._apart = self._measure()
        self._held_until = float("-inf")
        self._jumped = 0.0

    def is_steady(self) -> bool:
        """Whether the time can be relied on: it has not jumped for HOLD_SECONDS. Ask right before relying on it."""
        apart = self._measure()
        jump, self._apart = apart - self._apart, apart
        if abs(jump) > TOLERANCE_SECONDS:
            self._jumped += jump
            self._held_until = self._monotonic() + HOLD_SECONDS
        return self._monotonic() >= self._held_until

    def jumped(self) -> float:
        """Seconds by which the clock jumped since this was asked last; 0.0 if it went as time goes."""
        self.is_steady()
        jumped, self._jumped = self._jumped, 0.0
        return jumped

    def moved(self) -> None:
        """The clock was moved on purpose."""
        self._apart = self._measure()

    def _measure(self) -> float:
        return self._now().timestamp() - self._monotonic()
