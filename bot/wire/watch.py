"""Notices when the clock jumps against the monotonic one."""

from collections.abc import Callable
from datetime import datetime

HOLD_SECONDS = 30.0
TOLERANCE_SECONDS = 5.0


class Watch:
    """Compares two clocks from look to look; a move that was announced is no jump."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic = now, monotonic
        self._apart = self._measure()

    def jumped(self) -> float:
        """Seconds by which the clock jumped since the last look; 0.0 if it went as time goes."""
        apart = self._measure()
        jump, self._apart = apart - self._apart, apart
        return jump if abs(jump) > TOLERANCE_SECONDS else 0.0

    def moved(self) -> None:
        """The clock was moved on purpose."""
        self._apart = self._measure()

    def _measure(self) -> float:
        return self._now().timestamp() - self._monotonic()
