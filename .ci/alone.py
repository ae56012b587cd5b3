"""Run a command while nobody else holds the same lock: `alone.py <lock file> <command> …`; it ends with the command."""

import fcntl
import os
import sys

lock = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o600)
fcntl.flock(lock, fcntl.LOCK_EX)
os.set_inheritable(lock, True)
os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the command is the Makefile's own
