"""Waiting for something to be so, however busy the machine is."""

import asyncio
from collections.abc import Callable

LONGEST = 60.0  # seconds: far more than anything here takes


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again until it is so; raises TimeoutError if it never is."""
    async with asyncio.timeout(LONGEST):
        while not holds():
            await asyncio.sleep(0.02)


class Heard:
    """All that was logged so far, however often it is asked for."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read, self._all = read, ""

    def times(self, words: str) -> int:
        """How often these words were logged."""
        self._all += self._read()
        return self._all.count(words)

    async def hears(self, words: str, *, times: int = 1) -> None:
        """Wait until these words were logged so often."""
        await until(lambda: self.times(words) >= times)
