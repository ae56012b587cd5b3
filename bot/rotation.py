"""Rotating the master key: a new one wraps all data keys, in chunks; cut off anywhere, the next run goes on.

With MASTER_KEYS the operator has put a new key before the old one; with the file, a new one is made here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from storage.keys import KeyStore
from storage.masters import add_master, keep_first_master

CHUNK = 100


def chunks(keys: KeyStore, folder: Path, *, given: bool, point: Callable[[str], None]) -> Iterator[int]:
    """Wrap a chunk of data keys anew with each step and give how many; `given` for keys from MASTER_KEYS.

    Everything can be read throughout: until the end both keys are known.
    """
    if not given:
        keys.adopt(add_master(folder))
    point("rotating")
    while count := keys.rewrap(most=CHUNK):
        point("rotating")
        yield count
    if not given:
        keep_first_master(folder)
