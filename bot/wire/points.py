"""Named moments at which the kill harness may end the process."""

import os
import signal

NAMES = (
    "in_batch",
    "before_commit",
    "after_commit",
    "claimed",
    "sent",
    "nudged",
    "marked",
    "batch_done",
)
ROTATING = "rotating"  # while a command rotates the keys: nothing that people do leads there
MOVING = "moving"  # after each table that a command moves, and when all are compared
MIGRATING = "migrating"  # after each step of a migration, before its commit
BACKING_UP = "backing_up"  # when the bot has written a copy; when all is written; when it has taken its place


class Points:
    """Counts down to a chosen moment; until one is chosen, reaching a moment does nothing."""

    def __init__(self) -> None:
        self._name = ""
        self._countdown = 0

    def die_at(self, name: str, countdown: int) -> None:
        """End this process by SIGKILL at the `countdown`-th time that the moment `name` comes. Raises ValueError."""
        if name not in (*NAMES, ROTATING, MOVING, MIGRATING, BACKING_UP):
            raise ValueError(f"no moment is called {name}")
        self._name, self._countdown = name, countdown

    def reached(self, name: str) -> None:
        """This moment is now."""
        if name != self._name:
            return
        self._countdown -= 1
        if self._countdown <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
