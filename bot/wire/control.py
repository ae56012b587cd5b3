"""The control socket: how commands on the same machine talk to the running bot.

A unix socket in the data folder, readable by its owner only, or in a folder of its own where that one's name is too
long for a socket's address; one JSON object a line in each direction. A request names what to `do`; an answer has `ok`,
and `error` with one sentence where it is false. Of several processes with one data folder, one answers: whoever holds
the lock beside the socket, which ends with its process.
"""

import asyncio
import errno
import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import structlog

from bot.wire.seat import locked

Command: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
LOOKS_EVERY = 2.0  # seconds
log = structlog.get_logger("control")
OWN = re.compile("side-by-side-[0-9a-f]{16}")  # a folder for a socket
LONGEST_PATH = 100  # what a socket's address can hold, with a margin


def socket_path(data_dir: Path) -> Path:
    """Where the socket of the bot with this data folder is."""
    path = data_dir.absolute() / "control.sock"
    if len(str(path).encode()) <= LONGEST_PATH:
        return path
    digest = hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"side-by-side-{digest}" / "control.sock"


def _is_temporary(folder: Path) -> bool:
    return folder.parent == Path(tempfile.gettempdir()) and OWN.fullmatch(folder.name) is not None


def _is_trusted(path: Path) -> bool:
    """Whether nobody else could have put a socket there: everybody may write where temporary files are."""
    folder = path.parent
    if not _is_temporary(folder):
        return True
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


class ControlSocket:
    """Answers commands until it is closed."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path, self._commands = path, commands
        self._server: asyncio.Server | None = None
        self._lock: int | None = None

    async def open(self) -> bool:
        """Listen, in the place of a process that has ended; False if another one does that here. Raises OSError."""
        if _is_temporary(self._path.parent):
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
        if not _is_trusted(self._path):
            raise PermissionError(errno.EACCES, f"{self._path.parent} is open to others")
        self._lock = locked(self._path.with_suffix(".lock"))
        if self._lock is None:
            return False
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o600)
        return True

    async def succeed(self) -> None:
        """Wait until the process that listens has ended, and listen in its place."""
        while not await self.open():
            await asyncio.sleep(LOOKS_EVERY)

    async def close(self) -> None:
        """Stop listening and remove the socket."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
        self._server = self._lock = None  # stopping twice must not close what has its number by then

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Mapping[str, Any]:
        try:
            request = json.loads(line)
            command = self._commands[request["do"]]
        except (ValueError, KeyError, TypeError):
            return {"ok": False, "error": "This command is not known."}
        try:
            return {"ok": True, **await command(request)}
        except Exception as error:
            log.error("command_failed", command=str(request["do"]), error=type(error).__name__)
            return {"ok": False, "error": f"The command could not be carried out: {type(error).__name__}."}


async def ask(path: Path, request: Mapping[str, Any], *, seconds: float = 30.0) -> Mapping[str, Any]:
    """Send one request to a running bot. Raises ConnectionError if none answers, TimeoutError if it takes longer."""
    if not _is_trusted(path):
        raise ConnectionError("no bot of this user answers there")
    try:
        reader, writer = await asyncio.open_unix_connection(path)
    except OSError as error:
        raise ConnectionError("no bot answers there") from error
    try:
        writer.write(json.dumps(request).encode() + b"\n")
        line = await asyncio.wait_for(reader.readline(), seconds)
        if not line:
            raise ConnectionError("the bot ended while it was asked")
        answer: Mapping[str, Any] = json.loads(line)
        return answer
    finally:
        writer.close()
