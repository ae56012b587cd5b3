"""Rotating the master key: a new one wraps all data keys, in chunks; cut off anywhere, the next run goes on.

With MASTER_KEYS the operator has put a new key before the old one; with the file, a new one is made here.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

from storage.keys import KeyStore
from storage.masters import add_master, keep_first_master, rotating_in

CHUNK = 100


def chunks(keys: KeyStore, folder: Path, *, given: bool, point: Callable[[str], None]) -> Iterator[int]:
    """Wrap a chunk of data keys anew with each step and give how many; `given` for keys from MASTER_KEYS.

    Everything can be read throughout: until the end both keys are known. Other processes that use the same file find
    the new key there as soon as they meet what it has wrapped; those that were given others end.
    """
    with nullcontext() if given else rotating_in(folder):
        if not given:
            keys.adopt(add_master(folder))
        point("rotating")
        while count := keys.rewrap(most=CHUNK):
            point("rotating")
            yield count
        if not given:
            keep_first_master(folder)
