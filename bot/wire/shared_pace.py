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

from bot.wire.pacing import UNPACED, Pace, RunsUnit
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
        self._lacking = 0
        self._booking = asyncio.Lock()

    def free_at(self, now: float) -> float:
        """When it is worth looking for the next message, not before `now`."""
        return max(now, self._all_paused, self._room_at)

    def room(self, now: float, within: float) -> int:
        """Whether any messages may be written in the next `within` seconds; `share` tells how many."""
        return 0 if self.free_at(now) > now else UNPACED

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

    async def turn(self, chat: UUID, unit: RunsUnit) -> None:
        """Wait for a moment of this process's own that is not over when it comes, and count the message."""
        loop = asyncio.get_running_loop()
        while True:
            await _sleep_until(self._all_paused)
            moment = await self._next(unit)
            await _sleep_until(moment.opens)
            if loop.time() <= moment.closes:
                break
        self._count(chat, loop.time())

    async def _next(self, unit: RunsUnit) -> Moment:
        self._lacking += 1
        try:
            async with self._booking:
                while not self._has_moments():
                    self.keep(await unit(lambda session: self.book(session, self._lacking)))
                return self._moments.popleft()
        finally:
            self._lacking -= 1

    def _has_moments(self) -> bool:
        now = asyncio.get_running_loop().time()
        while self._moments and self._moments[0].closes < now:
            self._moments.popleft()
        return bool(self._moments)

    def _placed(self, places: Places) -> Iterator[Moment]:
        least, most = self._clock.ahead(within=GOOD_FOR / 2)
        for number in range(places.count):
            at = places.first + number * places.apart
            yield Moment(at - least, at + GOOD_FOR - most)


async def _sleep_until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
