"""The bot as a stranger would run it: three settings, no control socket, and the clock of its process shifted by
faketime.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from tests.harness import path
from tests.harness.nursery import Nursery
from tests.harness.places import SQLITE, Place
from tests.harness.stage import Stage
from tests.phones import settle_quietly

ROOT = Path(__file__).parents[2]
TOKEN = "6123456789:AAoutside-client_0123456789abcdefg"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
QUIET = 0.25  # seconds without a call after which nothing more is awaited
TICK = 2.5  # longer than the bot's jobs wait from one look to the next, also on a busy machine
PATIENCE = 60.0
SHIFT_TAKES = 1.1  # seconds until faketime looks into its file again


class Stranger:
    """`python -m bot run` with BOT_TOKEN, BOT_API_URL and DATA_DIR in its environment, and `more` if given."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        token: str = TOKEN,
        more: Mapping[str, str] | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder / "printed"
        self.settings = {"BOT_TOKEN": token, "BOT_API_URL": url, "DATA_DIR": str(folder / "data")}
        self.more = dict(more or {})
        self._nursery = nursery
        self._process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """All that the process finds in its environment."""
        ours = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {**ours, "PYTHONPATH": str(ROOT), **self.settings, **self.more}

    @property
    def printed(self) -> str:
        """All that it has printed, over all starts."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    @property
    def rows(self) -> Path:
        """Its database, for a look after its end."""
        return Path(self.settings["DATA_DIR"]) / "side-by-side.db"

    @property
    def process(self) -> Process:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    async def start(self, *, until: str = "") -> None:
        """Start it; with `until`, wait until it prints that."""
        before = self.printed.count(until) if until else 0
        self._process = await self._spawn()
        while until and self.printed.count(until) == before:
            assert self._process.returncode is None, self.printed
            await asyncio.sleep(0.02)

    async def _spawn(self) -> Process:
        if self._nursery is not None:
            return await self._nursery.spawn(self.environment, self.folder, self.log)
        with self.log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                env=self.environment,
                cwd=self.folder,
            )

    async def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
            forget_faketime(self._process.pid)

    async def end(self, number: int = signal.SIGTERM, *, within: float = 60.0) -> int:
        """Send a signal; gives the exit code. Raises TimeoutError if it does not end within the seconds."""
        self.process.send_signal(number)
        return await self.ended(within=within)

    async def ended(self, *, within: float = 60.0) -> int:
        """Wait for its end; gives the exit code."""
        return await asyncio.wait_for(self.process.wait(), within)


class Faketime:
    """A shifted clock for other processes; their monotonic clock is left alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.shift(timedelta())

    @staticmethod
    def is_installed() -> bool:
        """Whether there is a `faketime` to use."""
        return shutil.which("faketime") is not None

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment from its very start."""
        return {
            "LD_PRELOAD": _faketime_library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else threads that wait for the interpreter's lock spin instead
        }

    def shift(self, by: timedelta) -> None:
        """Let the clock be ahead by this much from now on."""
        self._file.write_text(f"{by.total_seconds():+.0f}\n", encoding="ascii")


def forget_faketime(pid: int) -> None:
    """Remove what faketime shares with the children of a process that was killed: the next one of that number fails."""
    for name in ("faketime_shm_", "sem.faketime_sem_"):
        Path(f"/dev/shm/{name}{pid}").unlink(missing_ok=True)


@cache
def _faketime_library() -> str:
    """What is to be loaded; asked once more, as another process, if one of that number left something behind."""
    ask = ["faketime", "-f", "+0s", "printenv", "LD_PRELOAD"]
    found = subprocess.run(ask, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        found = subprocess.run(ask, capture_output=True, text=True, check=True)
    return found.stdout.strip()


@dataclass
class Outside(Stage):
    """A stranger's bot among people; time passes while the process is dead. Use it with `async with`."""

    nursery: Nursery | None = None
    clock: Faketime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        more = self.clock.environment if self.clock else {}
        self.bot = Stranger(self.place.folder, "", token=self.telegram.token, more=more, nursery=self.nursery)

    async def __aenter__(self) -> "Outside":
        await self.telegram.start()
        self.bot.settings["BOT_API_URL"] = self.telegram.url
        self._shift()
        await asyncio.sleep(SHIFT_TAKES)
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.bot.kill()
        await self.telegram.stop()

    @property
    def printed(self) -> str:
        """All that the bot has printed."""
        return self.bot.printed

    async def start(self) -> None:
        """Start the process unless it runs."""
        if self.lives and self.lives[-1].end == "runs":
            return
        self.open_life()
        await self.bot.start()

    async def kill(self) -> None:
        """SIGKILL, whatever it does; nothing happens if it is dead."""
        if self.lives[-1].end == "runs":
            await self.bot.kill()
            await asyncio.sleep(0.01)  # what it had asked Telegram for before is still carried out
            self.close_life("killed")

    async def settle(self) -> None:
        """Until nothing was heard of the bot for a while."""
        await settle_quietly(self.telegram, quiet=QUIET)

    async def pass_time(self, **by: float) -> None:
        """Shift the clock of a dead process, start it and let its jobs look what is due."""
        await self.kill()
        self.ahead += timedelta(**by)
        self._shift()
        await asyncio.sleep(SHIFT_TAKES)
        await self.start()
        await settle_quietly(self.telegram, quiet=TICK)

    def read_rows(self) -> None:
        """Note what the database of the dead process says."""
        self.records.read(self.place)

    def _shift(self) -> None:
        if self.clock is not None:
            self.clock.shift(self.ahead)


def place_outside(folder: Path) -> Place:
    """Where a stranger's bot keeps its rows."""
    return Place(SQLITE, folder, f"sqlite:///{folder / 'data' / 'side-by-side.db'}")


async def walk_outside(stage: Outside, random: Random) -> None:
    """The full path, with a kill between every two steps, and another one in the middle of each."""
    two = path.two_in(stage)
    for step in path.FULL:
        await patiently(step, two)
        await stage.start()
        await asyncio.sleep(random.uniform(0, 0.15))
        await stage.kill()
        await stage.start()
        await stage.settle()


async def patiently(step: path.Step, two: path.Two) -> None:
    """Take a step while the bot is dead, as soon as what it needs is there: the bot writes no faster than it may."""
    stage, until = two.world, asyncio.get_running_loop().time() + PATIENCE
    assert isinstance(stage, Outside)
    while True:
        await stage.kill()
        try:
            return await step.do(two)
        except AssertionError:
            if asyncio.get_running_loop().time() > until:
                raise
            await stage.start()
            await settle_quietly(stage.telegram, quiet=TICK)
