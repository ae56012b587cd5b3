"""A process's seat in its data folder, and the name by which the database knows it.

Whoever finds the seat free knows that the process that had it has ended, and goes on under its name: so what that one
held, such as the lease of the poller, need not run out first. A second process in the same folder has a name of its
own, and so has one in a copy of the folder: the name counts only in the file in which it was written.
"""

import fcntl
import os
import re
from pathlib import Path
from uuid import uuid4

NAME = re.compile(rb"[0-9a-f]{32}")


def locked(path: Path) -> int | None:
    """Lock a file until it is closed, which the end of the process does; None if another process has locked it."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _place_of(handle: int) -> bytes:
    """What a copy of a file does not share with it."""
    status = os.fstat(handle)
    return f"{status.st_dev}:{status.st_ino}".encode()


class Seat:
    """Taken when it is made, if it is free, and until it is left; raises OSError where its file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.name = uuid4().hex
        self._lock = locked(folder / "process.lock")
        if self._lock is not None:
            here = _place_of(self._lock)
            former, _, place = os.pread(self._lock, 128, 0).partition(b" ")
            if NAME.fullmatch(former) and place == here:
                self.name = former.decode()
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, self.name.encode() + b" " + here, 0)

    def leave(self) -> None:
        """Let the next process have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
