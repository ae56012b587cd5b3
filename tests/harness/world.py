"""A bot in a process of its own whose clock is moved over its control socket, and a way to end it at any moment.

`settle` lets the bot work, and starts it again as often as it dies.
"""

import asyncio
import signal
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.playground import faults
from bot.playground.child import ChildBot
from tests.harness.nursery import Nursery, WarmBot
from tests.harness.stage import Stage
from tests.phones import settle_child

SETTLES_WITHIN = 120.0  # a hung bot is found as surely as with less, and a busy machine is no hung bot
ENDS_WITHIN = 60.0
MOST_DEATHS = 50  # while waiting for one thing
CLAIMS_LAST = timedelta(seconds=21)
UNREAD_AT_MOST = timedelta(hours=36)  # rows are pruned after 48
ERRORS = ("[error", "[critical", "Traceback")
SETTINGS = {"MESSAGES_PER_SECOND": "0", "LOG_LEVEL": "INFO"}


class Died(Exception):
    """The process ended while it was waited for."""


@dataclass
class World(Stage):
    """One bot with its surroundings. Use it with `async with`."""

    nursery: Nursery | None = None  # None: every start is a cold one
    ways: Sequence[Mapping[str, str]] = ({},)  # settings of each start in turn: how it gets its updates

    def __post_init__(self) -> None:
        super().__post_init__()
        given = {"log": self.place.folder / "log", "settings": {**SETTINGS, **self.place.settings}}
        self.bot = (
            WarmBot(self.nursery, self.telegram, self.place.folder, **given)
            if self.nursery
            else ChildBot(self.telegram, self.place.folder, **given)  # type: ignore[arg-type]
        )
        self.bot.answers_within = SETTLES_WITHIN
        self._armed = ""
        self._fate: list[tuple[str, int]] = []  # where the next ones die
        self._polls = 0
        self._unread = timedelta()
        self._noticed = 0

    async def __aenter__(self) -> "World":
        await self.telegram.start()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.bot.kill()
        await self.telegram.stop()

    @property
    def printed(self) -> str:
        """All that the bot has printed."""
        return self.bot.printed

    # -- the process

    @property
    def is_fresh(self) -> bool:
        """Whether the process has not been given any update yet: before the first one it writes down that it polls."""
        return self.telegram.state.updates.polls - self._polls < 2

    async def start(self) -> None:
        """Start the process with the time of this world, which on PostgreSQL is after the claims of one that died."""
        if self.place.kind == "postgresql" and self.lives and self.lives[-1].was_killed:
            self.ahead += CLAIMS_LAST
        self.bot.settings["PLAYGROUND_AHEAD"] = str(self.ahead.total_seconds())
        self.bot.settings.update(self.ways[len(self.lives) % len(self.ways)])
        self.open_life()
        self._polls = self.telegram.state.updates.polls
        self._armed = ""
        if self._fate:
            await self._start_towards(*self._fate.pop(0))
        else:
            await self.bot.start()

    async def _start_towards(self, point: str, countdown: int) -> None:
        """Start the process with its end decided before it asks for the first update."""
        met = len(self.telegram.calls.of("getMe"))
        polls = self.telegram.state.updates.polls
        held = self.telegram.faults.add(faults.slow(0.03), method="getMe")
        try:
            await self.bot.start(wait=False)
            while len(self.telegram.calls.of("getMe")) == met:
                assert self.bot.is_running, self.printed[-3000:]
                await asyncio.sleep(0.002)
            await self.die_at(point, countdown)
        finally:
            self.telegram.faults.remove(held)
        with suppress(Died):
            await self._while_alive(self.telegram.state.updates.polled(polls))

    async def kill(self) -> None:
        """SIGKILL now, whatever it does."""
        if self.bot.is_running:
            await self.bot.kill()
        await self._bury("killed")

    async def stop(self) -> None:
        """SIGTERM; it has to end well. How soon is for `tests/test_outside_client.py`."""
        code = await self.bot.stop(within=ENDS_WITHIN)
        assert code == 0, f"after SIGTERM the bot ended with {code}:\n{self.printed[-2000:]}"
        self.close_life("stopped")

    async def revive(self) -> bool:
        """Start the process unless it runs; tells whether that was needed."""
        if self.bot.is_running:
            return False
        if self.lives[-1].end == "runs":
            await self._bury(self._cause())
        await self.start()
        return True

    async def die_at_each(self, *fate: tuple[str, int]) -> None:
        """Let the process kill itself at the first of these points, started again at the next one, and so on."""
        first, *rest = fate
        await self.revive()
        self._fate = rest
        await self.die_at(*first)

    async def die_at(self, point: str, countdown: int = 1) -> None:
        """Let the running process kill itself when it comes to a named point for so many times."""
        self._armed = f"{point} {countdown}"
        with suppress(ConnectionError):  # it dies at once
            await self.bot.die_at(point, countdown=countdown)

    async def disarm(self) -> None:
        """Take a named point back that was not reached."""
        if self._armed and self.bot.is_running:
            await self.die_at("batch_done", 1_000_000_000)
        self._armed = ""
        self._fate = []

    def _cause(self) -> str:
        return f"died at {self._armed}" if self._armed else "killed"

    async def _bury(self, how: str) -> None:
        """Note the end of a process; only one that was killed, or was told where to die, may end."""
        code = await asyncio.wait_for(self.bot.ended(), ENDS_WITHIN)
        await asyncio.sleep(0.01)  # what it had asked Telegram for before is still carried out
        if code != -signal.SIGKILL:
            raise AssertionError(f"the bot ended by itself, with {code}:\n{self.printed[-3000:]}")
        if self.lives[-1].end == "runs":
            self.close_life(how)

    # -- waiting

    async def settle(self) -> None:
        """Until all that people did is answered and all that is due is sent, however often the process dies."""
        revived = False
        for _ in range(MOST_DEATHS):
            revived |= await self.revive()
            with suppress(Died):
                await self._while_alive(self._all_done(ring=revived))
                self._look()
                return
        raise AssertionError(f"the bot died {MOST_DEATHS} times and got nothing done")

    async def _all_done(self, *, ring: bool) -> None:
        await settle_child(self.telegram, self.bot, within=SETTLES_WITHIN)
        if ring:  # what fell due while it was dead need not wait for the next tick
            await self.bot.move(timedelta())
            await settle_child(self.telegram, self.bot, within=SETTLES_WITHIN)

    async def finish(self) -> None:
        """Trouble ends here: what was in doubt, claimed by a dead process or put off is sent now."""
        self.telegram.faults.clear()
        await self.disarm()
        await self.settle()
        for _ in range(5):
            await self.pass_time(seconds=61)

    async def pass_time(self, **by: float) -> None:
        """Move everybody's clock, as `timedelta` is spelled; a dead process finds it moved when it starts."""
        step = timedelta(**by)
        self._unread += step
        if self._unread > UNREAD_AT_MOST:
            await self.read_rows()
        self.ahead += step
        if self.bot.is_running:
            with suppress(Died):
                await self._while_alive(self.bot.move(step))
        await self.settle()

    async def read_rows(self) -> None:
        """Note what the database says; on SQLite that takes the process's life."""
        if self.place.kind == "sqlite" and self.bot.is_running:
            await self.kill()
        self.records.read(self.place)
        self._unread = timedelta()

    async def _while_alive(self, work: Awaitable[None]) -> None:
        """Await something of the running process; raises Died if the process ends first."""
        task = asyncio.ensure_future(work)
        ended = asyncio.ensure_future(self.bot.ended())
        try:
            await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not isinstance(task.exception(), ConnectionError):
                return task.result()
            await asyncio.wait_for(asyncio.shield(ended), ENDS_WITHIN)
        except TimeoutError:
            raise AssertionError(f"the bot does not settle; it printed:\n{self.printed[-3000:]}") from None
        finally:
            task.cancel()
            ended.cancel()
            with suppress(asyncio.CancelledError, ConnectionError, TimeoutError):
                await task
        await self._bury(self._cause())
        raise Died

    def _look(self) -> None:
        """Nothing may be logged as an error but what is given up after too many attempts, which is checked later."""
        printed = self.printed
        new, self._noticed = printed[self._noticed :], len(printed)
        bad = [line for line in new.splitlines() if any(mark in line for mark in ERRORS) and "gave_up" not in line]
        assert not bad, "the bot logged errors:\n" + "\n".join(bad[:20]) + "\n" + new[-3000:]
