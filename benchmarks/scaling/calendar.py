"""What people are going to do, by ten seconds; what is far off lies in larger drawers until its time comes."""

from itertools import pairwise

import numpy as np

from benchmarks.scaling.assumptions import FASTEST
from benchmarks.scaling.packed import joined, second_of

BLOCK = FASTEST  # nothing that follows from a block's messages is done within it
BLOCKS_OF_A_DRAWER = 60
DRAWER = BLOCK * BLOCKS_OF_A_DRAWER


class Calendar:
    """Acts by the second at which they are done; whatever lies behind the end is not noted."""

    def __init__(self, ends: int) -> None:
        self._ends = ends
        self._drawers: list[list[np.ndarray]] = [[] for _ in range(-(-ends // DRAWER))]
        self._near: list[list[np.ndarray]] = []
        self._open = -1

    def note(self, acts: np.ndarray) -> None:
        """Packed acts, in any order, none of them before the next block."""
        acts = np.sort(acts)
        seconds = second_of(acts)
        in_time = int(np.searchsorted(seconds, self._ends))
        acts, seconds = acts[:in_time], seconds[:in_time]
        far = int(np.searchsorted(seconds, (self._open + 1) * DRAWER))
        if far:
            _put(self._near, acts[:far], seconds[:far] // BLOCK - self._open * BLOCKS_OF_A_DRAWER)
        if far < in_time:
            _put(self._drawers, acts[far:], seconds[far:] // DRAWER)

    def open_drawer(self, number: int) -> None:
        """Its time has come."""
        self._open = number
        self._near = [[] for _ in range(BLOCKS_OF_A_DRAWER)]
        acts = joined(self._drawers[number])
        self._drawers[number] = []
        self.note(acts)

    def take(self, block: int) -> np.ndarray:
        """All of one block of the open drawer, by time."""
        return joined(self._near[block - self._open * BLOCKS_OF_A_DRAWER])


def _put(places: list[list[np.ndarray]], acts: np.ndarray, where: np.ndarray) -> None:
    starts = [0, *(np.flatnonzero(np.diff(where)) + 1).tolist(), len(acts)]
    for start, end in pairwise(starts):
        if end > start:
            places[int(where[start])].append(acts[start:end])
