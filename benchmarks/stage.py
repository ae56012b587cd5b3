"""Where bots are measured: a loopback Telegram in this process, and one bot at a time in a process of its own."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psutil

from bot.playground.chats import Change, Chats
from bot.playground.child import STARTS_WITHIN, ChildBot
from bot.playground.people import Account
from bot.playground.server import LoopbackTelegram

WITHIN = 300.0  # seconds that anything may take
AHEAD = timedelta(hours=6)  # due so much later than people were made, so that nothing is sent before it is measured
STARTED = "started"  # what a bot logs


class Broken(Exception):
    """A bot did not do what is measured; the figure would mean nothing."""


@asynccontextmanager
async def loopback(*, delay: float = 0.0, keep_calls: int = 0) -> AsyncIterator[LoopbackTelegram]:
    """A Telegram without limits; `delay` is the network's, there and back, in seconds."""
    telegram = LoopbackTelegram(now=lambda: datetime.now(UTC), unlimited=True, keep=20, keep_calls=keep_calls)
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


@asynccontextmanager
async def running(
    telegram: LoopbackTelegram,
    data_dir: Path,
    *,
    module: str = "bot",
    arguments: Sequence[str] = ("run",),
    settings: Mapping[str, str] | None = None,
    polls: bool = True,
) -> AsyncIterator[ChildBot]:
    """A bot that has polled for the first time, or only started; ours without pacing unless the settings differ."""
    child = ChildBot(
        telegram,
        data_dir,
        log=data_dir.with_suffix(".log"),
        settings={"MESSAGES_PER_SECOND": "0", "LOG_LEVEL": "WARNING" if polls else "INFO", **(settings or {})},
        command=(sys.executable, "-m", module, *arguments),
    )
    await child.start(wait=polls)
    try:
        if not polls:
            await _says_started(child)
        yield child
        if not child.is_running:
            raise Broken(f"the bot ended by itself:\n{child.printed[-2000:]}")
        await child.stop(within=15.0)
    finally:
        await child.kill()


async def _says_started(child: ChildBot) -> None:
    """Wait for the line in the log: another process may be the one that polls."""
    until = time.monotonic() + STARTS_WITHIN
    while STARTED not in child.printed:
        if time.monotonic() > until or not child.is_running:
            raise Broken(f"the bot did not start:\n{child.printed[-2000:]}")
        await asyncio.sleep(0.02)


class Answered:
    """Waits until every one of these chats has got a message or an edit from the bot, in any of these Telegrams."""

    def __init__(self, people: Sequence[Account], *telegrams: LoopbackTelegram) -> None:
        self._left = {account.id for account in people}
        self._all = asyncio.Event()
        chats = [telegram.state.chats for telegram in telegrams]
        self._ends = [each.subscribe(partial(self._notice, each)) for each in chats]
        self.at = 0.0  # when the last was answered, monotonic

    async def wait(self, within: float = WITHIN) -> None:
        """Raises Broken if it takes too long."""
        try:
            await asyncio.wait_for(self._all.wait(), within)
        except TimeoutError:
            raise Broken(f"{len(self._left)} people got no answer") from None
        finally:
            for end in self._ends:
                end()

    def _notice(self, chats: Chats, change: Change) -> None:
        if change.kind not in ("message", "edit") or change.message_id is None:
            return
        message = chats.message(change.chat_id, change.message_id)
        if message is not None and message.sender_id == chats.bot.id:
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
