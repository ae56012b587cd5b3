"""Time at the playground: the bot's clock is moved, and nothing that would have happened meanwhile is left out."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.playground.child import ChildBot, ControlRefused
from bot.playground.feed import Feed
from bot.playground.seats import Seats
from bot.practice import times

GRAIN = timedelta(seconds=1)
PUT_AWAY = timedelta(minutes=30)
SUNDAY = 64
WEEKLY_MINUTE = 18 * 60
SUMMARY_MINUTE = 20 * 60
MOST_STEPS = 400
MOST_SECONDS = 20.0
STEP_SECONDS = 8.0


class BotBusy(Exception):
    """The bot did not finish in time what fell due; the clock stands where it was moved to."""


class Passing:
    """Moves the clock of the bot and of its Telegram together, from one due thing to the next."""

    def __init__(self, clock: Clock, child: ChildBot, seats: Seats, feed: Feed) -> None:
        self._clock, self._child, self._seats, self._feed = clock, child, seats, feed
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether time is passing right now."""
        return self._one_at_a_time.locked()

    async def by(self, by: timedelta) -> None:
        """Let this much time pass. Raises BotBusy."""
        async with self._alone():
            await self._until(self._clock.now() + by)

    async def to_weekly(self, person: int) -> None:
        """Go to this person's next weekly conversation; for somebody on their own, to Sunday 18:00. Raises BotBusy."""
        at = await self._asked("next", weekly=person)
        if at is None:
            await self._to_sunday(person, WEEKLY_MINUTE)
            return
        async with self._one_at_a_time:
            await self._until(at + GRAIN)

    async def to_summary(self, person: int) -> None:
        """Go to the next Sunday evening where this person is. Raises BotBusy."""
        await self._to_sunday(person, SUMMARY_MINUTE)

    async def to_next(self, people: Iterable[int]) -> bool:
        """Go on until one of these people hears from the bot; tells whether that happened. Raises BotBusy."""
        watched = tuple(people)
        before = self._heard(watched)
        async with self._alone():
            for _ in range(MOST_STEPS):
                at = await self.next_occasion()
                if at is None:
                    return False
                self._put_away(at)
                await self._move_to(at + GRAIN)
                if self._heard(watched) > before:
                    return True
        return False

    async def next_occasion(self) -> datetime | None:
        """When the bot does something by itself next (UTC); None if nothing is planned or no bot runs."""
        return await self._asked("next")

    async def _asked(self, what: str, **more: int) -> datetime | None:
        """An instant that the bot knows; None if there is none or no bot runs."""
        with suppress(ConnectionError, TimeoutError, ControlRefused):
            async with asyncio.timeout(STEP_SECONDS):
                at = (await self._child.ask(what, **more))["at"]
                return datetime.fromisoformat(at) if at else None
        return None

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One passing at a time; when it is over, pages hear that too, however short it was."""
        try:
            async with self._one_at_a_time:
                yield
        finally:
            self._feed.room()

    async def _to_sunday(self, person: int, minute: int) -> None:
        zone = self._seats.seat(person).zone
        async with self._alone():
            _, at = times.next_occurrence(self._clock.now(), minute=minute, days=SUNDAY, zone=zone)
            await self._until(at + GRAIN)

    async def _until(self, target: datetime) -> None:
        self._put_away(target)
        loop = asyncio.get_running_loop()
        until = loop.time() + MOST_SECONDS
        while loop.time() < until and (at := await self.next_occasion()) and at + GRAIN < target:
            await self._move_to(at + GRAIN)
        await self._move_to(target)

    async def _move_to(self, at: datetime) -> None:
        self._clock.move(max(at - self._clock.now(), timedelta()))
        self._feed.room()
        if self._child.is_running:
            try:
                async with asyncio.timeout(STEP_SECONDS):
                    await self._align()
            except (ConnectionError, TimeoutError, ControlRefused):
                raise BotBusy from None

    async def _align(self) -> None:
        """Put the bot's clock where ours is, and wait for what follows."""
        theirs = datetime.fromisoformat((await self._child.ask("status"))["now"])
        await self._child.move(self._clock.now() - theirs)

    def _put_away(self, target: datetime) -> None:
        if target - self._clock.now() >= PUT_AWAY:
            self._seats.lock()

    def _heard(self, people: tuple[int, ...]) -> int:
        accounts = [self._seats.account(person) for person in people]
        return sum(message.sender_id != account.id for account in accounts for message in account.messages)
