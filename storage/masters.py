"""The master keys: what wraps all data keys, kept apart from both databases."""

import fcntl
import os
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MASTER_KEY_FILE = "master.key"
ROTATION_LOCK = "rotation.lock"
_STORES = ("keys.db", "keys.backup.db")
_BYTES = 32
_URL_TO_STANDARD = {ord("-"): "+", ord("_"): "/"}  # either alphabet is understood
_NONCE = 12


class BadMasterKey(Exception):
    """The text is not a list of master keys."""


class MissingMasterKey(Exception):
    """There is a key store, but not the key that opens it."""


@dataclass(frozen=True)
class Masters:
    """Master keys of 32 bytes: the first one wraps, each unwraps what it has wrapped."""

    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def fingerprints(self) -> tuple[bytes, ...]:
        """A short name for each key, of which nothing can be learned."""
        return tuple(sha256(b"side by side master key" + key).digest()[:8] for key in self.keys)

    def wrap(self, secret: bytes, *, bound_to: bytes) -> bytes:
        """Encrypt with the first key; opens only with the same `bound_to`."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.keys[0]).encrypt(nonce, secret, bound_to)

    def unwrap(self, fingerprint: bytes, wrapped: bytes, *, bound_to: bytes) -> bytes:
        """Decrypt with the key of this fingerprint; KeyError without it, InvalidTag if the bytes were changed."""
        key = dict(zip(self.fingerprints, self.keys, strict=True))[fingerprint]
        return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound_to)


def masters_from(text: str) -> Masters:
    """Read keys as in MASTER_KEYS: base64url, separated by commas, the newest first; raises BadMasterKey."""
    keys = tuple(_decoded(part.strip()) for part in text.split(",") if part.strip())
    if not keys or any(len(key) != _BYTES for key in keys):
        raise BadMasterKey("A master key is 32 random bytes written as base64url; several are separated by commas.")
    return Masters(keys)


def masters_in(folder: Path) -> Masters:
    """Read the folder's master.key, or make one for a new store; raises MissingMasterKey, BadMasterKey."""
    path = folder / MASTER_KEY_FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder):
        return _read_or_made(folder, path)


def _read_or_made(folder: Path, path: Path) -> Masters:
    text = path.read_text("ascii", errors="replace").strip() if path.exists() else ""
    if text:
        return masters_from(text)
    if store := next((file for name in _STORES if (file := folder / name).exists() and file.stat().st_size), None):
        raise MissingMasterKey(
            f"The key store {store} is there, but the key that opens it is not: put {path} back or set MASTER_KEYS."
        )
    masters = Masters((os.urandom(_BYTES),))
    _write_durably(path, urlsafe_b64encode(masters.keys[0]) + b"\n")
    return masters


def masters_now(folder: Path) -> Masters:
    """What stands in the folder's master.key; raises OSError, BadMasterKey."""
    return masters_from((folder / MASTER_KEY_FILE).read_text("ascii", errors="replace"))


@contextmanager
def rotating_in(folder: Path) -> Iterator[None]:
    """Let one process at a time rotate the folder's master.key."""
    handle = os.open(folder / ROTATION_LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Of several processes that start at once in a new folder, one makes the key."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def add_master(folder: Path) -> Masters:
    """Put a new key before those in the folder's master.key; one that stands there unused is gone on with.

    The file has two keys as long as a rotation is under way, so whenever that is cut off, the next one goes on.
    """
    found = masters_now(folder)
    if len(found.keys) > 1:
        return found
    masters = Masters((os.urandom(_BYTES), *found.keys))
    _replace(folder, masters)
    return masters


def keep_first_master(folder: Path) -> None:
    """Forget all keys but the first, when nothing is wrapped by another."""
    found = masters_now(folder)
    _replace(folder, Masters(found.keys[:1]))


def _replace(folder: Path, masters: Masters) -> None:
    """Write the file anew: at any moment it is there, whole, as it was or as it will be."""
    path = folder / MASTER_KEY_FILE
    new = path.with_suffix(".new")
    _write_durably(new, b",".join(urlsafe_b64encode(key) for key in masters.keys) + b"\n")
    new.replace(path)
    _sync_folder(folder)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text.translate(_URL_TO_STANDARD) + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # an empty one, left by a crash
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make new and removed names of a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
