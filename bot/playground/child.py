"""The bot as a child process: started, killed, stopped, and asked over its control socket."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import bot
from bot.playground.server import LoopbackTelegram
from bot.settings import Settings
from bot.wire.control import ask, socket_path

STARTS_WITHIN = 30.0
STOPS_WITHIN = 5.0
ANSWERS_WITHIN = 30.0


class ChildEnded(Exception):
    """The bot's process ended although it should run; says how, with the end of what it printed."""


class ControlRefused(Exception):
    """The bot did not do what it was asked to; its sentence."""


class ChildBot:
    """`python -m bot run` against a loopback Telegram.

    It keeps its data in `data_dir`, and runs there, so that no `.env` of a developer reaches it. What it prints goes
    to the file `log`, appended over restarts. `settings` are more of its settings, by their names in the environment.
    """

    def __init__(
        self,
        telegram: LoopbackTelegram,
        data_dir: Path,
        *,
        log: Path,
        settings: Mapping[str, str] | None = None,
        command: Sequence[str] = (sys.executable, "-m", "bot", "run"),
    ) -> None:
        self.telegram = telegram
        self.data_dir = data_dir.absolute()
        self.log = log
        self.settings = dict(settings or {})
        self.command = tuple(command)
        self.answers_within = ANSWERS_WITHIN  # over its control socket
        self.starts = 0
        self._process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the child process finds in its environment: ours without any setting, then its own."""
        ours = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
        own = {"DATA_DIR": str(self.data_dir), "PLAYGROUND": "true", "PYTHONPATH": str(Path(bot.__file__).parents[1])}
        return {**ours, "PYTHONUNBUFFERED": "1", **own, **self.telegram.environment, **self.settings}

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        return self._running().pid

    @property
    def printed(self) -> str:
        """All that it has printed since the first start."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    async def start(self, *, wait: bool = True) -> None:
        """Start the bot and wait until it asks for updates. Raises ChildEnded if it ends instead."""
        if self.is_running:
            raise RuntimeError("the bot runs already")
        polls = self.telegram.state.updates.polls
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process = await self._spawn()
        self.starts += 1
        if wait:
            await self._first_poll(polls)

    async def kill(self) -> None:
        """SIGKILL: no chance to tidy up. Does nothing if it has ended already."""
        if self._process is not None and self.is_running:
            self._process.kill()
            await self._process.wait()

    async def stop(self, *, within: float = STOPS_WITHIN) -> int:
        """SIGTERM; gives the exit code. Raises TimeoutError, after killing it, if it takes longer than `within`."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), within)
        except TimeoutError:
            await self.kill()
            raise

    async def restart(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()

    async def ended(self) -> int:
        """Wait until the process ends by itself, as after `die_at`; gives the exit code, negative for a signal."""
        if self._process is None:
            raise RuntimeError("the bot was never started")
        return await self._process.wait()

    async def ask(self, do: str, **more: Any) -> Mapping[str, Any]:
        """One request over the control socket. Raises ControlRefused, ConnectionError or TimeoutError."""
        answer = await ask(socket_path(self.data_dir), {"do": do, **more}, seconds=self.answers_within)
        if not answer.get("ok"):
            raise ControlRefused(str(answer.get("error", "no reason given")))
        return answer

    async def settle(self) -> None:
        """Wait until everything that arrived is handled and everything due is sent."""
        await self.ask("settle")

    async def move(self, by: timedelta) -> None:
        """Move the bot's clock, and wait for what follows."""
        await self.ask("move", seconds=by.total_seconds())

    async def die_at(self, point: str, *, countdown: int = 1) -> None:
        """Let it kill itself when it reaches a named point for the `countdown`-th time."""
        await self.ask("die_at", point=point, countdown=countdown)

    async def _spawn(self) -> Process:
        with self.log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *self.command, stdin=DEVNULL, stdout=output, stderr=STDOUT, env=self.environment, cwd=self.data_dir
            )

    def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            raise ChildEnded(self._obituary())
        return self._process

    async def _first_poll(self, polls: int) -> None:
        polled = asyncio.ensure_future(self.telegram.state.updates.polled(polls))
        ended = asyncio.ensure_future(self.ended())
        try:
            await asyncio.wait({polled, ended}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
            if not polled.done():
                await self.kill()
                raise ChildEnded(self._obituary())
        finally:
            polled.cancel()
            ended.cancel()

    def _obituary(self) -> str:
        code = self._process.returncode if self._process else None
        return f"the bot ended with {code}:\n{self.printed[-2000:]}"
