"""Where bots are measured: a loopback Telegram in this process, and one bot at a time in a process of its own."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

import bot
from benchmarks.people import Wish, settle
from bot.playground.chats import Change
from bot.playground.child import ChildBot
from bot.playground.people import Account
from bot.playground.server import LoopbackTelegram

ROOT = Path(bot.__file__).parents[1]
BUILD = ROOT / "build"
WITHIN = 300.0  # seconds that anything may take


class Broken(Exception):
    """A bot did not do what is measured; the figure would mean nothing."""


@asynccontextmanager
async def loopback(*, delay: float = 0.0) -> AsyncIterator[LoopbackTelegram]:
    """A Telegram without limits; `delay` is the network's, there and back, in seconds."""
    telegram = LoopbackTelegram(now=lambda: datetime.now(UTC), unlimited=True, keep=20, keep_calls=0)
    telegram.faults.delay = delay
    await telegram.start()
    yield telegram
    await telegram.stop()


def accounts(telegram: LoopbackTelegram, count: int, *, asked: bool) -> list[Account]:
    """People who have started the bot; `asked`: their question stands in their chat, as `benchmarks.people` says."""
    chats, people = telegram.state.chats, []
    for place in range(count):
        account = telegram.person(f"Person {place}")
        account.chat.is_started = True
        if asked:
            chats.post(account.chat, chats.bot.id, {"text": "What do you like about today?"}, silent=True)
        people.append(account)
    return people


class Worlds:
    """Data folders of people who are made once and copied for each run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Wish, Path] = {}

    def fresh(self, wish: Wish) -> Path:
        """A new data folder with these people."""
        if wish not in self._made:
            self._made[wish] = Path(tempfile.mkdtemp(dir=self._folder, prefix="world-"))
            settle(wish, self._made[wish])
        return Path(shutil.copytree(self._made[wish], self.empty(), dirs_exist_ok=True))

    def empty(self) -> Path:
        """A new data folder with nobody."""
        return Path(tempfile.mkdtemp(dir=self._folder, prefix="run-"))


@contextmanager
def worlds() -> Iterator[Worlds]:
    """For as long as a part runs; on the disk of this checkout, so that what is durable costs what it costs."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        yield Worlds(Path(folder))


@asynccontextmanager
async def running(
    telegram: LoopbackTelegram,
    data_dir: Path,
    *,
    module: str = "bot",
    arguments: Sequence[str] = ("run",),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[ChildBot]:
    """A bot that has polled for the first time; ours without pacing unless the settings say otherwise."""
    child = ChildBot(
        telegram,
        data_dir,
        log=data_dir.with_suffix(".log"),
        settings={"MESSAGES_PER_SECOND": "0", "LOG_LEVEL": "WARNING", **(settings or {})},
        command=(sys.executable, "-m", module, *arguments),
    )
    await child.start()
    try:
        yield child
        if not child.is_running:
            raise Broken(f"the bot ended by itself:\n{child.printed[-2000:]}")
        await child.stop(within=15.0)
    finally:
        await child.kill()


class Answered:
    """Waits until every one of these chats has got a message or an edit from the bot."""

    def __init__(self, telegram: LoopbackTelegram, people: Sequence[Account]) -> None:
        self._chats = telegram.state.chats
        self._left = {account.id for account in people}
        self._all = asyncio.Event()
        self._end = self._chats.subscribe(self._notice)
        self.at = 0.0  # when the last was answered, monotonic

    async def wait(self, within: float = WITHIN) -> None:
        """Raises Broken if it takes too long."""
        try:
            await asyncio.wait_for(self._all.wait(), within)
        except TimeoutError:
            raise Broken(f"{len(self._left)} people got no answer") from None
        finally:
            self._end()

    def _notice(self, change: Change) -> None:
        if change.kind not in ("message", "edit") or change.message_id is None:
            return
        message = self._chats.message(change.chat_id, change.message_id)
        if message is not None and message.sender_id == self._chats.bot.id:
            self._left.discard(change.chat_id)
            if not self._left:
                self.at = time.monotonic()
                self._all.set()


class Meter:
    """What a process has used since this was made."""

    def __init__(self, pid: int | None = None) -> None:
        self._process = psutil.Process(pid)
        self._started, self._used = time.monotonic(), self._seconds()

    def core_share(self) -> float:
        """Of one core, in percent."""
        return 100 * (self._seconds() - self._used) / (time.monotonic() - self._started)

    def seconds(self) -> float:
        """Of processor time."""
        return self._seconds() - self._used

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


def resident_megabytes(pid: int) -> float:
    """What a process holds in memory."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def pin(pid: int, core: int) -> bool:
    """Keep a process with all its threads on one core; False where that cannot be done."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})
    return True
