"""One person cannot starve the others: so many updates a minute are handled, the rest is passed over.

Counted by the moment at which somebody wrote, not by when it arrived: what piled up while the bot was away is no
flood. Nothing is stored; a restart begins to count anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Sent:
    """What a chat sent of late: when it was written (UTC), and its number."""

    came: datetime  # when something came last, by the bot's clock
    updates: list[tuple[datetime, int]] = field(default_factory=list)
    told: datetime | None = None


class Flood:
    """Counts what each chat sends, and forgets those of which nothing has come for a while."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._chats: OrderedDict[int, Sent] = OrderedDict()  # the quietest first

    def verdict(self, chat: int, update_id: int, sent_at: datetime | None) -> Verdict:
        """Count an update; one that was let in before, and is tried again, is let in again."""
        now = self._now()
        at = sent_at or now
        sent = self._of(chat, now)
        if any(known == update_id for _, known in sent.updates):
            return Verdict.IN
        if len(sent.updates) < MOST or abs(at - sent.updates[0][0]) >= WITHIN:
            sent.updates = [*sent.updates, (at, update_id)][-MOST:]  # a deque takes half a kilobyte
            return Verdict.IN
        told, sent.told = sent.told, at
        return Verdict.TOLD if told is None or abs(at - told) >= WITHIN else Verdict.OUT

    def _of(self, chat: int, now: datetime) -> Sent:
        sent = self._chats.setdefault(chat, Sent(now))
        sent.came = now
        self._chats.move_to_end(chat)
        while len(self._chats) > REMEMBERED or self._quietest_for(now) >= WITHIN:
            self._chats.popitem(last=False)
        return sent

    def _quietest_for(self, now: datetime) -> timedelta:
        return abs(now - next(iter(self._chats.values())).came)


def say_too_many(_context: object) -> None:
    """The handler of an update that was one too many."""
    raise TooMany
