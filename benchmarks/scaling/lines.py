"""Three lines of waiting messages, one an urgency, and a sender that never writes more than its pace in any second."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from benchmarks.scaling.deliveries import LASTS, SHORTEST
from benchmarks.scaling.packed import NONE, second_of, what_of


class Line:
    """Messages of one urgency, the one that is due first in front."""

    def __init__(self) -> None:
        self._chunks: deque[np.ndarray] = deque()
        self.length = 0

    def join(self, messages: np.ndarray) -> None:
        """Stand at the end; they are in order of time, and none is due before those that wait."""
        if len(messages):
            self._chunks.append(messages)
            self.length += len(messages)

    def take(self, count: int) -> np.ndarray:
        """The first so many."""
        self.length -= count
        taken = []
        while count:
            first = self._chunks.popleft()
            if len(first) > count:
                self._chunks.appendleft(first[count:])
                first = first[:count]
            taken.append(first)
            count -= len(first)
        return np.concatenate(taken) if taken else NONE

    def drop_late(self, now: int) -> int:
        """Let go of what is not worth sending any more; tells how many."""
        old = []
        while self._chunks and int(second_of(self._chunks[0][:1])[0]) + SHORTEST <= now:
            old.append(self._chunks.popleft())
        if not old:
            return 0
        asked = np.concatenate(old)
        alive = asked[second_of(asked) + LASTS[what_of(asked)] > now]
        if len(alive):
            self._chunks.appendleft(alive)
        self.length -= len(asked) - len(alive)
        return len(asked) - len(alive)


def share_out(waiting: Sequence[int], coming: Sequence[Sequence[int]], pace: int) -> list[list[int]]:
    """How many of each urgency are sent in each second: the pace at most, and always the more urgent ones first.

    `waiting` has a number for each urgency, `coming` for each urgency a number for each second.
    """
    left = list(waiting)
    sent: list[list[int]] = [[] for _ in left]
    for arriving in zip(*coming, strict=True):
        room = pace
        for urgency, more in enumerate(arriving):
            now = min(left[urgency] + more, room)
            left[urgency] += more - now
            room -= now
            sent[urgency].append(now)
    return sent
