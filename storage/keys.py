"""Data keys: one per owner, in a store of their own, so that erasing a key closes every copy of what it sealed."""

import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from time import monotonic
from uuid import UUID

from cryptography.exceptions import InvalidTag

from storage.failures import DatabaseAway
from storage.masters import BadMasterKey, Masters
from storage.wrapped_keys import LOOKUP, SYSTEM, MasterForgotten, WrappedKeys

_KEPT_SECONDS = 60.0  # what another process has erased must not live on here


class KeyGone(Exception):
    """The owner has no data key: it was erased, or never made."""


class WrongMasterKey(Exception):
    """The master keys do not open this key store."""


class LockedOut(WrongMasterKey, DatabaseAway):
    """Another process has rotated the master key to one that this process does not know; nothing it does is kept."""


class KeyStore:
    """Data keys of 32 bytes, one per owner, wrapped by the master keys. Safe to use from several threads."""

    def __init__(
        self,
        url: str,
        masters: Masters,
        *,
        read_again: Callable[[], Masters] | None = None,
        most_cached: int = 10_000,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        """Open or create the store; raises WrongMasterKey, MissingKeyStore, BadDatabaseUrl, DatabaseAway.

        `read_again` gives the masters as they are now, in case another process has rotated them.
        """
        self._masters, self._read_again, self._most, self._ticks = masters, read_again, most_cached, ticks
        self.is_locked_out = False
        self._lock = RLock()  # held while rows are read, so that no erased key slips into the cache
        self._cache: OrderedDict[UUID, tuple[bytes, float]] = OrderedDict()  # read first, forgotten first
        self._rows = WrappedKeys(url)
        try:
            self._check_masters()
            self._lookup = self.create(LOOKUP)
            self.create(SYSTEM)
        except BaseException:
            self.close()
            raise

    @property
    def system(self) -> UUID:
        """The owner of what belongs to no person."""
        return SYSTEM

    @property
    def first_master(self) -> bytes:
        """The fingerprint of the master that wraps new keys."""
        return self._masters.fingerprints[0]

    def data_key(self, owner: UUID) -> bytes:
        """The key of this owner; raises KeyGone."""
        with self._lock:
            if (key := self._cached(owner)) is not None:
                return key
            row = self._rows.find(owner)
            if row is None:
                raise KeyGone("There is no data key for this owner.")
            return self._cache_now(owner, self._unwrapped(owner, *row))

    def create(self, owner: UUID) -> bytes:
        """The key of this owner, made and durable if there was none."""
        with self._lock:
            try:
                return self.data_key(owner)
            except KeyGone:
                self._add(owner, os.urandom(32))
                return self.data_key(owner)  # of two processes, one was first

    def erase(self, owner: UUID) -> None:
        """Destroy the key of this owner for good, if there is one; the owner is listed as erased before."""
        if owner in (SYSTEM, LOOKUP):
            raise ValueError("the keys of the bot itself are never erased")
        with self._lock:
            self._cache.pop(owner, None)
            self._rows.list_erased(owner)
            self._rows.remove(owner)

    def settle(self, owner: UUID) -> None:
        """Note that all else of an erased owner is gone, too."""
        self._rows.settle_erased(owner)

    def erased(
        self, *, after: UUID | None = None, most: int = 200, unsettled: bool = False
    ) -> Sequence[tuple[UUID, bool]]:
        """Some of the erased owners, in order, and whether each is settled: who must never come back."""
        return self._rows.erased(after or SYSTEM, most=most, unsettled=unsettled)

    def lookup(self, telegram_id: int) -> bytes:
        """What stands for a Telegram id in the database: 32 bytes that tell nothing without this store."""
        return hmac.digest(self._lookup, str(telegram_id).encode(), "sha256")

    def adopt(self, masters: Masters) -> None:
        """Go on with these masters, the first of which wraps from now on. Raises WrongMasterKey if one is missing."""
        with self._lock:
            before, self._masters = self._masters, masters
            try:
                self._check_masters()
            except WrongMasterKey:
                self._masters = before
                raise

    def rewrap(self, *, most: int = 100) -> int:
        """Wrap up to `most` keys anew with the first master; 0 when all are, and then the others are needed no more."""
        with self._lock:
            first = self._masters.fingerprints[0]
            while not (rows := self._rows.wrapped_by_others(first, most=most)):
                if self._rows.keep_only_master(first):
                    return 0
            for owner, master, wrapped in rows:
                self._rows.replace(owner, *self._wrapped(owner, self._unwrapped(owner, master, wrapped)))
            return len(rows)

    def write_copy(self) -> Path:
        """Write the store, keys wrapped as they are, into a file beside it; gives where. Raises NotBackedUp."""
        return self._rows.write_copy()

    def forget_old(self) -> None:
        """Forget the unwrapped keys that are too old to be used; whoever reads one just now does it as well."""
        if self._lock.acquire(blocking=False):
            try:
                self._forget_old()
            finally:
                self._lock.release()

    def close(self) -> None:
        """Forget the unwrapped keys and let go of the store."""
        with self._lock:
            self._cache.clear()
            self._rows.close()

    def _check_masters(self) -> None:
        if not self._rows.use(self._masters.fingerprints):
            raise self._wrong_master()

    def _look_again(self) -> None:
        """Another process has rotated the masters; raises LockedOut if it cannot be seen to which."""
        try:
            if self._read_again is None:
                raise self._wrong_master()
            self.adopt(self._read_again())
        except (OSError, BadMasterKey, WrongMasterKey) as error:
            self.is_locked_out = True
            raise LockedOut(str(self._wrong_master())) from error

    def _add(self, owner: UUID, key: bytes) -> None:
        try:
            self._rows.add(owner, *self._wrapped(owner, key))
        except MasterForgotten:
            self._look_again()
            self._rows.add(owner, *self._wrapped(owner, key))

    def _wrong_master(self) -> WrongMasterKey:
        return WrongMasterKey(
            f"The master key does not open the key store in {self._rows.name}. "
            "Set MASTER_KEYS to the key it was made with, or put its master.key back."
        )

    def _wrapped(self, owner: UUID, key: bytes) -> tuple[bytes, bytes]:
        return self._masters.fingerprints[0], self._masters.wrap(key, bound_to=owner.bytes)

    def _unwrapped(self, owner: UUID, master: bytes, wrapped: bytes) -> bytes:
        if master not in self._masters.fingerprints:
            self._look_again()
        try:
            return self._masters.unwrap(master, wrapped, bound_to=owner.bytes)
        except (KeyError, InvalidTag) as error:
            raise self._wrong_master() from error

    def _cached(self, owner: UUID) -> bytes | None:
        key, until = self._cache.get(owner, (None, 0.0))
        if key is None or until < self._ticks():
            return None
        return key

    def _cache_now(self, owner: UUID, key: bytes) -> bytes:
        self._cache[owner] = key, self._ticks() + _KEPT_SECONDS
        self._cache.move_to_end(owner)
        self._forget_old()
        return key

    def _forget_old(self) -> None:
        now = self._ticks()
        while self._cache and (len(self._cache) > self._most or next(iter(self._cache.values()))[1] < now):
            self._cache.popitem(last=False)
