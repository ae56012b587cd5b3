"""An event loop whose clock leaps to what comes next: minutes pass at once, whatever the machine does meanwhile."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Leaping(asyncio.SelectorEventLoop):
    """Its time passes only by waiting, and by `stall`."""

    def __init__(self) -> None:
        super().__init__(_Leaps(self))
        self._seconds = 0.0

    def time(self) -> float:
        """Seconds since this loop was made."""
        return self._seconds

    def stall(self, seconds: float) -> None:
        """Be as late as if the processor had been away for so long."""
        self._seconds += seconds


class _Leaps(selectors.SelectSelector):
    def __init__(self, loop: Leaping) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits, and nobody comes"
        self._loop.stall(max(0.0, timeout))
        return super().select(0)


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives, on a loop of its own."""
    with asyncio.Runner(loop_factory=Leaping) as runner:
        return runner.run(work)
