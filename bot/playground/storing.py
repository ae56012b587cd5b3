"""The playground's folder: one process at a time, and a file that is whole whenever the process dies."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

LOCK = "in-use"


class FolderInUse(Exception):
    """Another playground works in this folder; `address` is where its page is, if it said so."""

    def __init__(self, address: str) -> None:
        super().__init__(f"a playground runs already: {address}" if address else "a playground runs already")
        self.address = address


def write_durably(path: Path, text: str) -> None:
    """Replace a file, so that after any crash it holds either the old text or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class FolderLock:
    """Keeps a folder to this process until it ends, however it ends. Raises FolderInUse."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: TextIO = (folder / LOCK).open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            address = self._file.read().strip()
            self._file.close()
            raise FolderInUse(address) from None

    def say(self, address: str) -> None:
        """Leave word of where the page is."""
        self._file.truncate(0)
        self._file.write(address)
        self._file.flush()

    def release(self) -> None:
        """Let others in."""
        self._file.truncate(0)
        self._file.close()
