"""Bots in a hurry: one process imports the program once, and every start forks it.

Two thirds of a start of `python -m bot run` are imports. What is forked runs that same command, or another one, is a
process of its own and dies like one; it only finds its modules loaded. `python -m tests.harness.nursery <socket>
<parent>` is the server: a connection asks for one bot, reads its process id, then how it ended. A bot whose connection
is closed is killed, so that none outlives whoever asked for it.
"""

import asyncio
import gc
import json
import logging
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

from bot.playground.child import ChildBot
from bot.playground.server import LoopbackTelegram
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
READY_WITHIN = 300.0  # also on a machine that has other things to do


class Nursery:
    """The server, started for as long as tests need it; one for all of them."""

    def __init__(self, **more: str) -> None:
        """Start it, with `more` in its environment."""
        self._folder = Path(tempfile.mkdtemp(prefix="nursery-"))
        self.address = str(self._folder / "socket")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.nursery", self.address, str(os.getpid())],
            cwd=ROOT,
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
        )
        until = time.monotonic() + READY_WITHIN
        while not os.path.exists(self.address):
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the nursery did not open")
            time.sleep(0.01)

    async def spawn(
        self, environment: Mapping[str, str], folder: Path, log: Path, *, words: Sequence[str] = ("run",)
    ) -> asyncio.subprocess.Process:
        """A new bot with exactly this environment, running in `folder`; what it prints is added to `log`.

        `words` are another command than `run`.
        """
        reader, writer = await asyncio.open_unix_connection(self.address)
        request = {
            "environment": dict(environment),
            "folder": str(folder),
            "log": str(log.absolute()),
            "words": list(words),
        }
        writer.write(json.dumps(request).encode() + b"\n")
        pid = int(await reader.readline())
        return cast(asyncio.subprocess.Process, Forked(pid, reader, writer))

    def close(self) -> None:
        """End the server; bots that still run are not touched."""
        self._server.kill()
        self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class WarmBot(ChildBot):
    """A `ChildBot` from the nursery, so that it is there in a third of the time."""

    def __init__(self, nursery: Nursery, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._nursery = nursery

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await self._nursery.spawn(self.environment, self.data_dir, self.log)


class Forked:
    """What a `ChildBot` needs of a process, for one from the nursery."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._writer = writer
        self._end = asyncio.ensure_future(self._watch(reader))

    async def wait(self) -> int:
        """How it ended; negative for a signal."""
        return await asyncio.shield(self._end)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Any signal, if it still runs; it may have ended just now, before that was told here."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _watch(self, reader: asyncio.StreamReader) -> int:
        try:
            line = await reader.readline()
            self.returncode = int(line) if line else -int(signal.SIGKILL)
            return self.returncode
        finally:  # also when the loop ends before the bot
            self._writer.close()


async def warm_up() -> None:
    """Live one short life here, so that nothing is left to be imported or worked out for the first time."""
    import psycopg
    import typer
    from sqlalchemy.dialects.postgresql import psycopg as dialect

    from bot.app import App
    from bot.practice import zones
    from tests.harness.stage import BEGIN

    assert psycopg
    assert dialect
    assert typer
    for begin in (datetime.now(UTC), BEGIN):  # the years in which lives are lived
        zones.warm(begin)
    logging.disable()
    telegram = LoopbackTelegram(now=lambda: datetime.now(UTC), unlimited=True)
    await telegram.start()
    with tempfile.TemporaryDirectory(prefix="nursery-") as folder:
        given = {"bot_token": telegram.token, "bot_api_url": telegram.url, "data_dir": Path(folder)}
        app = App(Settings(_env_file=None, messages_per_second=0, **given))
        await app.start()
        person = telegram.person("Nobody")
        person.start()
        await telegram.state.updates.confirmed()
        await app.settle()
        await app.stop()
    await telegram.stop()
    logging.disable(logging.NOTSET)


def serve(address: str, parent: int) -> NoReturn:
    """Fork a bot for every connection, until the process `parent` that started this one is gone."""
    asyncio.run(warm_up())
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address + ".new")
        door.listen(64)
        door.settimeout(1.0)
        os.rename(address + ".new", address)
        while os.getppid() == parent:
            try:
                connection, _ = door.accept()
            except TimeoutError:
                continue
            if os.fork() == 0:
                door.close()
                attend(connection)
            connection.close()
    os._exit(0)


def attend(connection: socket.socket) -> NoReturn:
    """Fork one bot, tell its process id, wait for its end and tell that."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.settimeout(None)
    stream = connection.makefile("rw")
    request = json.loads(stream.readline())
    pid = os.fork()
    if pid == 0:
        stream.close()
        connection.close()
        live(request)
    try:
        stream.write(f"{pid}\n")
        stream.flush()
        threading.Thread(target=end_with, args=(connection, pid), daemon=True).start()
        _, status = os.waitpid(pid, 0)
        stream.write(f"{os.waitstatus_to_exitcode(status)}\n")
        stream.flush()
    except OSError:  # nobody wants to know any more
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(0)


def end_with(connection: socket.socket, pid: int) -> None:
    """Kill the bot once whoever asked for it is gone: nothing more is ever said on this connection."""
    with suppress(OSError):
        connection.recv(1)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def live(request: dict[str, Any]) -> NoReturn:
    """Be `python -m bot`."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    output = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["bot", *request["words"]]
    code: Any = 0
    try:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:  # what the interpreter would print
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
