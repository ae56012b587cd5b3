"""The only place that reads the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The bot's time; the playground may move it, nothing else may."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """This instant as an aware UTC datetime."""
        return datetime.now(UTC) + self._offset

    def unmoved(self) -> datetime:
        """This instant in the world outside, whatever the playground did to the bot's time."""
        return datetime.now(UTC)

    def move(self, by: timedelta) -> None:
        """Move the clock and wake whoever waits for it."""
        self._offset += by
        for listener in self._listeners:
            listener()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener`, without arguments, after every move."""
        self._listeners.append(listener)
