"""One person cannot starve the others: so many updates a minute are handled, the rest is passed over.

Counted by the moment at which somebody wrote, not by when it arrived: what piled up while the bot was away is no
flood. Nothing is stored; a restart begins to count anew.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from bot.practice.refusals import TooMany

MOST = 30
WITHIN = timedelta(minutes=1)
REMEMBERED = 10_000  # chats


class Verdict(Enum):
    """What becomes of an update."""

    IN = "handled"
    TOLD = "its sender is told that it was a lot"
    OUT = "passed over"


class Flood:
    """Counts what each chat sends."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._chats: OrderedDict[int, deque[tuple[datetime, int]]] = OrderedDict()
        self._told: dict[int, datetime] = {}

    def verdict(self, chat: int, update_id: int, sent_at: datetime | None) -> Verdict:
        """Count an update; one that was let in before, and is tried again, is let in again."""
        at = sent_at or self._now()
        seen = self._of(chat)
        if any(known == update_id for _, known in seen):
            return Verdict.IN
        if len(seen) < MOST or abs(at - seen[0][0]) >= WITHIN:
            seen.append((at, update_id))
            return Verdict.IN
        told = self._told.get(chat)
        self._told[chat] = at
        return Verdict.TOLD if told is None or abs(at - told) >= WITHIN else Verdict.OUT

    def _of(self, chat: int) -> deque[tuple[datetime, int]]:
        seen = self._chats.setdefault(chat, deque(maxlen=MOST))
        self._chats.move_to_end(chat)
        if len(self._chats) > REMEMBERED:
            gone, _ = self._chats.popitem(last=False)
            self._told.pop(gone, None)
        return seen


def say_too_many(_context: object) -> None:
    """The handler of an update that was one too many."""
    raise TooMany
