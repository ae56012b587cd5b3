"""What the bot called, when, and how it ended."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Call:
    """One call as it was received; `arrived` is on the monotonic clock, in seconds.

    `outcome` is "ok", Telegram's sentence of refusal, "unanswered" or "reset"; None while it lasts.
    """

    method: str
    parameters: Mapping[str, Any]
    arrived: float
    chat_id: int | None
    outcome: str | None = None
    took_effect: bool = False
    is_over: bool = False


class Calls:
    """The latest calls. `keep=0` records none, for benchmarks; polls are never recorded."""

    def __init__(self, keep: int = 20_000) -> None:
        self._recorded: deque[Call] = deque(maxlen=keep)
        self.total = 0
        self.active = 0
        self.last_at = 0.0

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._recorded))

    def __len__(self) -> int:
        return len(self._recorded)

    def begin(self, call: Call) -> None:
        """A call came in."""
        self.total += 1
        self.active += 1
        self.last_at = call.arrived
        self._recorded.append(call)

    def end(self, call: Call, at: float) -> None:
        """A call was answered, or never will be; counts once."""
        if not call.is_over:
            call.is_over = True
            call.outcome = call.outcome or "reset"
            self.active -= 1
            self.last_at = at

    def of(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """The recorded calls of these methods, oldest first."""
        return [
            call for call in self._recorded if call.method in methods and (chat_id is None or call.chat_id == chat_id)
        ]

    def clear(self) -> None:
        """Forget what was recorded."""
        self._recorded.clear()
