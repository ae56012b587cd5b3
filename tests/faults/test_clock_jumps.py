"""The clock of the machine jumps, forward and back, under a real process whose monotonic clock is left alone."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.playground.child import ChildBot
from bot.playground.server import LoopbackTelegram
from bot.practice import times
from tests.conftest import Hands
from tests.couples import set_up
from tests.harness.outside import Faketime, forget_faketime
from tests.phones import Phone, settle_child
from tests.waiting import until

pytestmark = pytest.mark.skipif(not Faketime.is_installed(), reason="faketime shifts a clock, and is not installed")

UNKNOWN = "I don't know that command."
FOR_EVER, A_MOMENT = 3600.0, 0.5  # seconds for which a process holds what time alone would set off
RUN = "from bot.wire import watch; watch.HOLD_SECONDS = {}; from bot.__main__ import cli; cli(['run'])"
NOON, EVENING = 12 * 60, 20 * 60


class Jumping:
    """A bot in a process of its own, somebody who is set up, and the clock of their machine."""

    def __init__(self, telegram: LoopbackTelegram, folder: Path) -> None:
        self.telegram = telegram
        self.clock = Faketime(folder / "shift")
        environment = {**self.clock.environment, "MESSAGES_PER_SECOND": "0"}
        self.bot = ChildBot(telegram, folder / "data", log=folder / "log", settings=environment)
        self.ann = Phone(telegram.person("Ann"), settle=lambda: settle_child(telegram, self.bot))
        self.jumps = 0

    async def start(self, hold: float) -> None:
        """Start the bot; after a jump it holds what is scheduled for so long."""
        self.bot.command = (sys.executable, "-c", RUN.format(hold))
        await self.bot.start()

    async def die(self) -> None:
        """SIGKILL, if it runs."""
        if self.bot.is_running:
            pid = self.bot.pid
            await self.bot.kill()
            forget_faketime(pid)

    async def jump(self, to: timedelta) -> None:
        """Let the clock be ahead by so much at once, and wait until the bot has noticed."""
        self.clock.shift(to)
        self.jumps += 1
        await until(lambda: self.bot.printed.count("clock_jumped") >= self.jumps)

    async def answers(self) -> bool:
        """Whether the bot answers as ever."""
        before = self.ann.times_shown(UNKNOWN)
        await self.ann.say("/nosuch")
        return self.ann.times_shown(UNKNOWN) == before + 1

    @property
    def questions(self) -> int:
        return sum("Not today" in message.versions[0].labels for message in self.ann.from_bot)


@pytest.fixture
async def jumping(telegram: LoopbackTelegram, hands: Hands, tmp_path: Path) -> AsyncIterator[Jumping]:
    jumping = Jumping(telegram, tmp_path)
    yield jumping
    await jumping.die()


def noon_and_evenings() -> tuple[timedelta, timedelta, timedelta]:
    """How far away the next noon is, and the two evenings after it, a little later than the question comes.

    Nothing here may depend on the hour at which it is run.
    """
    begun = at = datetime.now(UTC)
    found = []
    for minute in (NOON, EVENING, EVENING):
        _, at = times.next_occurrence(at, minute=minute, days=127, zone="Europe/Berlin")
        found.append(at - begun + timedelta(minutes=1))
    noon, evening, later = found
    return noon, evening, later


@pytest.mark.waits_for_check
async def test_a_jump_there_and_back_sends_nothing_and_stops_no_reply(jumping: Jumping) -> None:
    _, evening, _ = noon_and_evenings()
    await jumping.start(FOR_EVER)
    await set_up(jumping.ann)
    for shift in (evening, timedelta(), timedelta(days=-3650), timedelta()):
        await jumping.jump(shift)
        assert await jumping.answers()
    assert jumping.questions == 1, "only the first one, which was there before"
    await jumping.die()
    await jumping.start(A_MOMENT)
    assert await jumping.answers()
    assert jumping.questions == 1


async def test_a_new_time_that_stays_is_accepted_and_the_jobs_go_on_after_a_step_back(jumping: Jumping) -> None:
    noon, evening, later = noon_and_evenings()
    jumping.clock.shift(noon)
    await jumping.start(A_MOMENT)
    await set_up(jumping.ann)
    await jumping.jump(evening)
    await until(lambda: jumping.questions == 2)
    await jumping.jump(evening - timedelta(hours=3))
    assert await jumping.answers()
    assert jumping.questions == 2, "what was asked is not asked again"
    await jumping.jump(later)
    await until(lambda: jumping.questions == 3)
    assert await jumping.answers()
