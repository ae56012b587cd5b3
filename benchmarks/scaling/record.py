"""What is noted of a week: how much was sent, how long it waited, what was let go of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.scaling.deliveries import GROUP, GROUPS, URGENCY
from benchmarks.scaling.packed import what_of
from storage.claiming import URGENCIES

HOUR = 3600


@dataclass(frozen=True)
class Waits:
    """How late some messages were, in whole seconds: half of them at most so much, 99 of 100, and the last one."""

    sent: int = 0
    median: int = 0
    most: int = 0  # the 99th percentile
    worst: int = 0


@dataclass(frozen=True)
class Hour:
    """One hour; a row an urgency."""

    waits: Sequence[Waits]
    longest_line: Sequence[int]
    let_go: int  # scheduled ones that were not worth sending any more
    acts: int  # updates that came in


@dataclass
class Record:
    """Counts only what happens from second `since` on, except for the balance of all that was owed."""

    since: int
    hours: list[Hour] = field(default_factory=list)
    owed: np.ndarray = field(default_factory=lambda: np.zeros(len(URGENCIES), dtype=np.int64))
    sent: np.ndarray = field(default_factory=lambda: np.zeros(len(URGENCIES), dtype=np.int64))
    let_go: int = 0
    groups: np.ndarray = field(default_factory=lambda: np.zeros(len(GROUPS), dtype=np.int64))
    busiest_second: int = 0  # messages written in it
    most_acts: int = 0  # in one block
    chosen: np.ndarray = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

    def __post_init__(self) -> None:
        self._late: list[list[np.ndarray]] = [[] for _ in URGENCIES]
        self._all = [np.zeros(1, dtype=np.int64) for _ in URGENCIES]
        self._lines = [0 for _ in URGENCIES]
        self._let_go = self._acts = 0

    def note(self, messages: np.ndarray, late: np.ndarray, behind_chosen: np.ndarray) -> None:
        """Messages that were sent, how late each, and how far behind the minute that its person chose."""
        kinds = what_of(messages)
        self.groups += np.bincount(GROUP[kinds], minlength=len(GROUPS))
        for urgency in URGENCIES:
            self._late[urgency].append(late[URGENCY[kinds] == urgency])
        self.chosen = _sum(self.chosen, np.bincount(behind_chosen)) if len(behind_chosen) else self.chosen

    def note_block(self, lines: Sequence[int], let_go: int, acts: int) -> None:
        """The end of a block."""
        self._lines = [max(pair) for pair in zip(self._lines, lines, strict=True)]
        self._let_go += let_go
        self._acts += acts
        self.most_acts = max(self.most_acts, acts)

    def end_hour(self) -> None:
        """Sum it up."""
        counts = [np.bincount(np.concatenate(late)) if late else np.zeros(1, dtype=np.int64) for late in self._late]
        self.hours.append(Hour([waits(each) for each in counts], self._lines, self._let_go, self._acts))
        self._all = [_sum(*pair) for pair in zip(self._all, counts, strict=True)]
        self._late = [[] for _ in URGENCIES]
        self._lines = [0 for _ in URGENCIES]
        self._let_go = self._acts = 0

    def whole(self, urgency: int) -> Waits:
        """Over the whole week."""
        return waits(self._all[urgency])

    def behind_chosen(self) -> Waits:
        """How far behind the minute that people chose, over the whole week."""
        return waits(self.chosen)


def waits(counts: np.ndarray) -> Waits:
    """From how many waited so many seconds."""
    upto = np.cumsum(counts)
    total = int(upto[-1]) if len(upto) else 0
    if not total:
        return Waits()
    median, most = (int(np.searchsorted(upto, total * part)) for part in (0.5, 0.99))
    return Waits(total, median, most, int(np.flatnonzero(counts)[-1]))


def _sum(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    total = longer.copy()
    total[: len(shorter)] += shorter
    return total
