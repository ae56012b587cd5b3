"""The pace of several processes on one PostgreSQL: the moments in which a message may be written are booked there.

There is one row, with the first moment that nobody has booked. Moments are so far apart that as many as a second may
hold take a second, the time that each is good for, and some more; so no second holds too many, whoever uses which. One
that its process cannot use, because it was frozen or is late, passes unused.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

from sqlmodel import Session

from bot.wire.pacing import Pace, RunsUnit
from storage import leases
from storage.leases import Places

GOOD_FOR = 0.02  # seconds in which a moment may be used
ON_ITS_WAY = 0.02  # seconds that one message may take longer to Telegram than another
AHEAD = 0.5  # nobody claims more than can be sent in so many seconds
REMEMBERED = 5.0  # seconds, in which two clocks drift apart by a few milliseconds at most
LONGEST_LEAD = 2.0
KEPT = timedelta(seconds=10)  # a claimed chat has its whole allowance again by then


@dataclass(frozen=True, slots=True)
class Moment:
    """When a message may be written, on the loop's clock."""

    opens: float
    closes: float


class DatabaseClock:
    """By how much the clock of the database is ahead of the one here: between two bounds, from what was seen lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float, float]] = deque()  # when, at least, at most

    def learn(self, now: float, before: float, after: float) -> None:
        """There it was `now` at some time between `before` and `after` here."""
        self._seen.append((after, now - after, now - before))
        while self._seen[0][0] < after - REMEMBERED:
            self._seen.popleft()
        least, most = self._bounds()
        if least > most:  # one of the clocks was set
            self._seen = deque([self._seen[-1]])

    def ahead(self, within: float) -> tuple[float, float]:
        """At least and at most, not further apart than `within`: the middle is likely where the network is slow."""
        least, most = self._bounds()
        middle, half = (least + most) / 2, min(most - least, within) / 2
        return middle - half, middle + half

    def _bounds(self) -> tuple[float, float]:
        return max(least for _, least, _ in self._seen), min(most for _, _, most in self._seen)


class SharedPace(Pace):
    """Books in the database what it needs; the allowance of a chat is its own while it keeps the chat."""

    chats_kept = KEPT

    def __init__(self, per_second: int) -> None:
        super().__init__(per_second)
        self._apart = (1.0 + GOOD_FOR + ON_ITS_WAY) / per_second
        self._clock = DatabaseClock()
        self._moments: deque[Moment] = deque()
        self._lead = 0.02  # how long it takes until what is booked can be used
        self._room_at = 0.0  # when others may have left something
        self._booking = asyncio.Lock()

    def room(self, now: float, within: float) -> int:
        """How many messages may be sent soon after those that have no moment yet; `share` tells what others leave."""
        if max(self._all_paused, self._room_at) > now:
            return 0
        return max(0, max(1, int(within / self._apart)) - self._lacking(now))

    def room_at(self, now: float, within: float) -> float:
        """When it is worth looking for the next message, not before `now`."""
        return max(now, self._all_paused, self._room_at)

    def share(self, session: Session, most: int) -> int:
        """How many of these messages can be sent soon after what is booked; none until half of that is sent."""
        booked = leases.booked(session)
        if booked > AHEAD / 2:
            self._room_at = monotonic() + booked - AHEAD / 2
            return 0
        return min(most, max(1, int((AHEAD - booked) / self._apart)))

    def book(self, session: Session, count: int) -> Places | None:
        """The next moments that nobody has booked."""
        return leases.book(session, count=count, apart=self._apart, lead=self._lead) if count else None

    def keep(self, places: Places | None) -> None:
        """Use what was booked in a unit, now that it is committed."""
        if places is not None:
            took = asyncio.get_running_loop().time() - places.before
            self._lead = min(max(1.5 * took, self._lead / 2), LONGEST_LEAD)
            self._clock.learn(places.now, places.before, places.after)
            self._moments.extend(self._placed(places))

    def wrote(self, chat: UUID, now: float) -> None:
        """Count a message that is being written now, in the first moment at hand."""
        self._moments.popleft()
        self._count(chat, now)

    async def _prepare(self, unit: RunsUnit) -> None:
        """Book a moment, unless there is one for each that waits."""
        now = asyncio.get_running_loop().time()
        if self._all_paused <= now and self._lacking(now) > 0:
            await self._book_lacking(unit)

    async def _moment(self, unit: RunsUnit) -> None:
        """Wait for a moment of this process's own that is not over when it comes."""
        loop = asyncio.get_running_loop()
        while True:
            await _sleep_until(self._all_paused)
            while not self._at_hand(loop.time()):
                await self._book_lacking(unit)
            moment = self._moments[0]
            await _sleep_until(moment.opens)
            if self._all_paused <= loop.time() <= moment.closes:
                return

    async def _book_lacking(self, unit: RunsUnit) -> None:
        async with self._booking:
            if (lacking := self._lacking(asyncio.get_running_loop().time())) > 0:
                self.keep(await unit(lambda session: self.book(session, lacking)))

    def _lacking(self, now: float) -> int:
        """How many wait for whom no moment is booked."""
        return max(0, self._waiting - self._at_hand(now))

    def _at_hand(self, now: float) -> int:
        """How many moments are booked and not over."""
        while self._moments and self._moments[0].closes < now:
            self._moments.popleft()
        return len(self._moments)

    def _placed(self, places: Places) -> Iterator[Moment]:
        least, most = self._clock.ahead(within=GOOD_FOR / 2)
        for number in range(places.count):
            at = places.first + number * places.apart
            yield Moment(at - least, at + GOOD_FOR - most)


async def _sleep_until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
