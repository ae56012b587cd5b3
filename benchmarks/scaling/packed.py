"""Many messages and acts as numbers: second, what, local day and person in one, so that sorting sorts by time."""

import numpy as np

PERSON_BITS, DAY_BITS, WHAT_BITS = 24, 4, 6
_DAY, _WHAT, TIME = PERSON_BITS, PERSON_BITS + DAY_BITS, PERSON_BITS + DAY_BITS + WHAT_BITS
MOST_PEOPLE, MOST_DAYS = 1 << PERSON_BITS, 1 << DAY_BITS
_SECOND_AND_DAY = -1 << TIME | (MOST_DAYS - 1) << _DAY
NONE = np.empty(0, dtype=np.int64)


def pack(second: np.ndarray, what: np.ndarray | int, day: np.ndarray, person: np.ndarray) -> np.ndarray:
    """One number each."""
    wide = np.asarray(second, dtype=np.int64) << TIME
    return wide | np.asarray(what, dtype=np.int64) << _WHAT | np.asarray(day, dtype=np.int64) << _DAY | person


def turned(packed: np.ndarray, what: np.ndarray | int, person: np.ndarray) -> np.ndarray:
    """The same second and day, but something else, for these people."""
    return packed & _SECOND_AND_DAY | np.asarray(what, dtype=np.int64) << _WHAT | person


def second_of(packed: np.ndarray) -> np.ndarray:
    """Seconds since the beginning."""
    return packed >> TIME


def what_of(packed: np.ndarray) -> np.ndarray:
    """A kind of message, or of act."""
    return packed >> _WHAT & ((1 << WHAT_BITS) - 1)


def day_of(packed: np.ndarray) -> np.ndarray:
    """Which local day or which week it belongs to."""
    return packed >> _DAY & (MOST_DAYS - 1)


def person_of(packed: np.ndarray) -> np.ndarray:
    """Whose it is."""
    return packed & (MOST_PEOPLE - 1)


def joined(pieces: list[np.ndarray]) -> np.ndarray:
    """All of them, in order of time."""
    if not pieces:
        return NONE
    together = np.concatenate(pieces) if len(pieces) > 1 else pieces[0].copy()
    together.sort()
    return together
