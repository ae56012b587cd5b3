"""Notes what stands in its chat, for all that has arrived meanwhile in one unit."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.messages.card import Card, Gone
from bot.wire.pacing import RunsUnit
from storage import apart, deliveries
from storage.claiming import Claimed
from storage.deliveries import Standing


@dataclass(frozen=True, slots=True)
class Arrival:
    """What Telegram has taken, and who waits for it to be kept."""

    standing: Standing
    kept: "asyncio.Future[bool]"  # False: it has to be marked on its own


class Marking:
    """Marks arrivals. While one unit is on its way to the disk, the next ones gather for another."""

    def __init__(self, unit: RunsUnit, card: Callable[[Session, Claimed], Card | Gone]) -> None:
        self._unit, self._card = unit, card  # of a delivery for its reader, now
        self._waiting: list[Arrival] = []
        self._task: asyncio.Task[None] | None = None
        self._handed_in: asyncio.Task[None] | None = None

    async def mark(self, standing: Standing, shown: Card | None) -> None:
        """Return when it is kept; raises what its unit raises. `shown` is looked at again if it can have changed."""
        if shown is not None and (shown.passing or shown.voice):
            await self._unit(lambda session: self._mark_and_look(session, standing, shown))
        elif not await self._gathered(standing):
            await self._unit(lambda session: deliveries.mark_sent(session, standing))

    async def hand_in(self) -> None:
        """Hand in what gathers, without waiting for the unit that is on its way: no more are taken soon."""
        if self._waiting:
            self._handed_in = asyncio.create_task(self._mark_some())
            await asyncio.sleep(0)

    async def _gathered(self, standing: Standing) -> bool:
        """Whether it was marked together with others."""
        arrival = Arrival(standing, asyncio.get_running_loop().create_future())
        self._waiting.append(arrival)
        if self._task is None:
            self._task = asyncio.create_task(self._mark_all())
        return await arrival.kept

    async def _mark_all(self) -> None:
        """Until nothing has arrived that is not marked."""
        try:
            while self._waiting:
                await self._mark_some()
        finally:
            self._task = None

    async def _mark_some(self) -> None:
        some, self._waiting = self._waiting, []
        try:
            marked = await self._unit(lambda session: _mark_together(session, [each.standing for each in some]))
        except BaseException as error:  # told to all who wait for it
            for each in some:
                _settle(each, error)
            if not isinstance(error, Exception):
                raise
        else:
            for each in some:
                _settle(each, each.standing.claimed.id in marked)

    def _mark_and_look(self, session: Session, standing: Standing, shown: Card) -> None:
        """Nobody could see it while it was on its way, so what has changed meanwhile is made good."""
        deliveries.mark_sent(session, standing)
        claimed, message_id = standing.claimed, standing.message_id
        card = self._card(session, claimed)
        if shown.voice and isinstance(card, Gone):  # its author took it back
            deliveries.owe_removal_of(session, claimed, message_id=message_id, now=standing.since)
        elif shown.passing and card != shown:
            deliveries.owe_edit_of(session, claimed, message_id=message_id, now=standing.since)


def _mark_together(session: Session, standing: Sequence[Standing]) -> set[int]:
    """Mark those for which no other unit has to be waited for, and that can be marked; gives their deliveries' ids."""

    def mark(some: Sequence[Standing]) -> list[int]:
        deliveries.mark_sent(session, *some)
        return [each.claimed.id for each in some]

    return set(apart.together(session, deliveries.not_held(session, standing), mark, failed=lambda _: None))


def _settle(arrival: Arrival, outcome: bool | BaseException) -> None:
    if arrival.kept.done():  # nobody waits for it any more
        return
    if isinstance(outcome, BaseException):
        arrival.kept.set_exception(outcome)
    else:
        arrival.kept.set_result(outcome)
