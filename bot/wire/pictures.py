"""Pictures for the sender: each drawn by a short-lived process, which gives back all the memory that drawing takes."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
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
log = structlog.get_logger("pictures")


class NotDrawn(TelegramError):
    """There is no picture, and so nothing was sent."""


class Draws(Protocol):
    """Makes pictures."""

    async def draw(self, picture: Chart) -> bytes:
        """A chart as a PNG. Raises NotDrawn."""


class Pictures:
    """Draws a few at a time; what the drawing process remembers of the fonts here is kept in `folder`."""

    def __init__(self, folder: Path, *, command: tuple[str, ...] = (sys.executable, "-P", str(DRAWING))) -> None:
        self._command = command
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._drawn: OrderedDict[str, bytes] = OrderedDict()  # for another attempt at what could not be sent in time
        # nothing of ours: no token and no key is in the environment of the process that draws
        self._environment = {"MPLCONFIGDIR": str(folder / FONTS_KEPT_IN), "PATH": os.defpath}

    async def draw(self, picture: Chart) -> bytes:
        """A chart as a PNG. Raises NotDrawn."""
        asked = chart.to_json(picture)
        async with self._turns:
            if asked not in self._drawn:
                self._drawn[asked] = await self._draw(asked.encode())
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
            return self._drawn[asked]

    async def _draw(self, asked: bytes) -> bytes:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self._environment
            )
        except OSError as error:
            raise NotDrawn(type(error).__name__) from None
        return await self._finished(process, asked)

    async def _finished(self, process: Process, asked: bytes) -> bytes:
        try:
            drawn, said = await asyncio.wait_for(process.communicate(asked), DRAWN_WITHIN)
        except TimeoutError:
            raise NotDrawn("drawing took too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or not drawn.startswith(PNG):
            log.error("drawing_failed", code=process.returncode, error=_last_name(said))
            raise NotDrawn("the drawing process failed")
        return drawn


def _last_name(said: bytes) -> str:
    """Which exception it was; its sentence might hold names."""
    return said.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
