"""Several processes of the bot on one PostgreSQL, each with a data folder of its own, as on several machines."""

import asyncio
import os
import signal
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session, col, select

from bot.playground.server import LoopbackTelegram
from storage.database import connect
from storage.tables import Delivery
from tests.harness.nursery import Nursery, WarmBot
from tests.phones import Phone

MASTER_KEYS = urlsafe_b64encode(b"m" * 32).decode()
WITHIN = 90.0  # seconds, however busy the machine is


@dataclass
class Machines:
    """A loopback Telegram, a database and the processes that share them."""

    telegram: LoopbackTelegram
    folder: Path
    nursery: Nursery
    database_url: str
    keys_url: str
    bots: list[WarmBot] = field(default_factory=list)

    async def start(self, count: int = 1, **settings: str) -> list[WarmBot]:
        """Start so many more processes, and wait until they work; only one of all of them polls."""
        new = [self._made(settings) for _ in range(count)]
        await asyncio.gather(*(bot.start(wait=False) for bot in new))
        for bot in new:
            await until(lambda bot=bot: "started" in bot.printed, of=self)  # type: ignore[misc]
        return new

    def _made(self, settings: Mapping[str, str]) -> WarmBot:
        folder = self.folder / f"machine-{len(self.bots)}"
        folder.mkdir(mode=0o700)
        given = {
            "DATABASE_URL": self.database_url,
            "KEYS_URL": self.keys_url,
            "MASTER_KEYS": MASTER_KEYS,
            "MESSAGES_PER_SECOND": "0",
            **settings,
        }
        self.bots.append(WarmBot(self.nursery, self.telegram, folder, log=folder / "log", settings=given))
        return self.bots[-1]

    async def poller(self) -> WarmBot:
        """The process that polls, as soon as there is one."""
        await until(lambda: any(map(polls, self.bots)), of=self)
        return next(bot for bot in self.bots if polls(bot))

    def people(self, count: int) -> list[Phone]:
        """So many strangers, who press START."""
        phones = [Phone(self.telegram.person(f"P{number}")) for number in range(count)]
        for phone in phones:
            phone.account.start()
        return phones

    def deliveries(self) -> list[Delivery]:
        """Every delivery there is."""
        engine = connect(self.database_url)
        try:
            with Session(engine, expire_on_commit=False) as session:
                return list(session.exec(select(Delivery).order_by(col(Delivery.id))))
        finally:
            engine.dispose()

    def printed(self) -> str:
        """All that the processes printed."""
        return "\n".join(f"--- {number} ---\n{bot.printed}" for number, bot in enumerate(self.bots))


def polls(bot: WarmBot) -> bool:
    """Whether this process runs and has said that it polls."""
    return bot.is_running and bot.printed.count("polling_begins") > bot.printed.count("polling_ends")


def freeze(bot: WarmBot) -> None:
    """SIGSTOP."""
    os.kill(bot.pid, signal.SIGSTOP)


def thaw(bot: WarmBot) -> None:
    """SIGCONT."""
    os.kill(bot.pid, signal.SIGCONT)


def most_within(seconds: float, times: Sequence[float]) -> int:
    """How many of these, which are in order, fall into the fullest span of so many seconds."""
    first, most = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last + 1 - first)
    return most


async def until(holds: Callable[[], bool], *, of: Machines) -> None:
    """Wait until it holds."""
    try:
        async with asyncio.timeout(WITHIN):
            while not holds():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"it never came true; printed:\n{of.printed()[-6000:]}") from None
