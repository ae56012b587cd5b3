"""Pictures for the sender, drawn by short-lived processes, which give back all the memory that drawing takes.

Most of a picture's time goes into the start of such a process. On a Sunday evening many are wanted at once, so one that
has drawn waits a few seconds for more.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog
from telegram.error import TelegramError

from bot.messages import chart
from bot.messages.chart import Chart

DRAWING = Path(chart.__file__).with_name("drawing.py")
DRAWN_WITHIN = 15.0  # seconds, the first time included, when the fonts are looked for
AT_ONCE = 2
KEPT = 4
FONTS_KEPT_IN = "matplotlib"
PNG = b"\x89PNG"
SIZE = 4  # bytes
log = structlog.get_logger("pictures")


class NotDrawn(TelegramError):
    """There is no picture, and so nothing was sent."""


class Ended(NotDrawn):
    """A process that had drawn before ended without drawing this: one that waits may be on its way out."""


class Draws(Protocol):
    """Makes pictures."""

    async def draw(self, picture: Chart) -> bytes:
        """A chart as a PNG. Raises NotDrawn."""


class Pictures:
    """Draws a few at a time; what the drawing processes remember of the fonts here is kept in `folder`."""

    def __init__(self, folder: Path, *, command: tuple[str, ...] = (sys.executable, "-P", str(DRAWING))) -> None:
        self._command = command
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting: list[_Drawing] = []
        self._drawn: OrderedDict[str, bytes] = OrderedDict()  # for another attempt at what could not be sent in time
        # nothing of ours: no token and no key is in the environment of a process that draws
        self._environment = {"MPLCONFIGDIR": str(folder / FONTS_KEPT_IN), "PATH": os.defpath}

    async def draw(self, picture: Chart) -> bytes:
        """A chart as a PNG. Raises NotDrawn, once it is in the log."""
        asked = chart.to_json(picture)
        async with self._turns:
            if asked not in self._drawn:
                try:
                    self._drawn[asked] = await self._draw(asked)
                except NotDrawn as error:
                    log.error("drawing_failed", reason=error.message)
                    raise
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
            return self._drawn[asked]

    async def close(self) -> None:
        """End the processes that wait for more."""
        while self._waiting:
            await self._waiting.pop().end()

    async def _draw(self, asked: str) -> bytes:
        if self._waiting:
            with suppress(Ended):
                return await self._drawn_by(self._waiting.pop(), asked)
        return await self._drawn_by(await self._start(), asked)

    async def _start(self) -> "_Drawing":
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self._environment
            )
        except OSError as error:
            raise NotDrawn(type(error).__name__) from None
        return _Drawing(process)

    async def _drawn_by(self, drawing: "_Drawing", asked: str) -> bytes:
        drawn = None
        try:
            drawn = await asyncio.wait_for(drawing.draw(asked), DRAWN_WITHIN)
        except TimeoutError:
            raise NotDrawn("it took too long") from None
        finally:
            if drawn is None:
                await drawing.end()
            else:
                self._waiting.append(drawing)
        return drawn


class _Drawing:
    """A process that draws one picture after the other, until it ends by itself."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process, self._asks, self._answers = process, process.stdin, process.stdout
        self._errors = asyncio.ensure_future(process.stderr.read())  # from the start: a full pipe would hold it up
        self._has_drawn = False

    async def draw(self, asked: str) -> bytes:
        """The picture. Raises NotDrawn; the process is of no use then."""
        try:
            self._asks.write(asked.encode() + b"\n")
            await self._asks.drain()
            size = await self._answers.readexactly(SIZE)
            drawn = await self._answers.readexactly(int.from_bytes(size, "big"))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._failure() from None
        if not drawn.startswith(PNG):
            raise NotDrawn("it gave something else")
        self._has_drawn = True
        return drawn

    async def end(self) -> None:
        """End it now."""
        self._asks.close()
        if self._process.returncode is None:
            self._process.kill()
        await asyncio.gather(self._answers.read(), self._errors, self._process.wait())

    async def _failure(self) -> NotDrawn:
        said, code = await asyncio.shield(self._errors), await self._process.wait()
        found = Ended if self._has_drawn else NotDrawn
        return found(f"it ended with {code}: {_last_name(said)}")


def _last_name(said: bytes) -> str:
    """Which exception it was; its sentence might hold names."""
    return said.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
