"""Notes what stands in its chat, for all that has arrived meanwhile in one unit."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlmodel import Session

from bot.messages.card import Card, Gone
from storage import apart, deliveries, holding
from storage.claiming import Claimed
from storage.deliveries import Standing

Unit: TypeAlias = Callable[[Callable[[Session], Any]], Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What Telegram has taken, and the card that it shows, if that is looked at once more."""

    standing: Standing
    shown: Card | None
    kept: "asyncio.Future[bool]"  # False: it has to be marked on its own


class Marking:
    """Marks arrivals. While one unit is on its way to the disk, the next ones gather for another."""

    def __init__(self, unit: Unit, card: Callable[[Session, Claimed], Card | Gone]) -> None:
        self._unit, self._card = unit, card  # of a delivery for its reader, now
        self._waiting: list[Arrival] = []
        self._task: asyncio.Task[None] | None = None

    async def mark(self, standing: Standing, shown: Card | None) -> None:
        """Return when it is kept; raises what its unit raises."""
        arrival = Arrival(standing, shown, asyncio.get_running_loop().create_future())
        self._waiting.append(arrival)
        if self._task is None:
            self._task = asyncio.create_task(self._mark_all())
        if not await arrival.kept:
            await self._unit(lambda session: self._keep(session, [arrival]))

    async def _mark_all(self) -> None:
        """Until nothing has arrived that is not marked."""
        while self._waiting:
            await self._mark_some()
        self._task = None

    async def _mark_some(self) -> None:
        some, self._waiting = self._waiting, []
        try:
            marked = await self._unit(lambda session: self._keep_together(session, some))
        except BaseException as error:  # told to all who wait for it
            for each in some:
                _settle(each, error)
            if not isinstance(error, Exception):
                raise
        else:
            for each in some:
                _settle(each, each.standing.claimed.id in marked)

    def _keep_together(self, session: Session, arrivals: Sequence[Arrival]) -> set[int]:
        """Mark those that can be marked here and now; gives the ids of their deliveries."""
        free = holding.not_held(session, [each.standing.claimed.chat_id for each in arrivals])
        able = [each for each in arrivals if each.standing.claimed.chat_id in free]
        return set(apart.together(session, able, lambda some: self._keep(session, some), failed=lambda _: None))

    def _keep(self, session: Session, arrivals: Sequence[Arrival]) -> list[int]:
        deliveries.mark_sent(session, *(each.standing for each in arrivals))
        for each in arrivals:
            if each.shown is not None and (each.shown.passing or each.shown.voice):
                self._look_again(session, each.standing, each.shown)
        return [each.standing.claimed.id for each in arrivals]

    def _look_again(self, session: Session, standing: Standing, shown: Card) -> None:
        """Nobody could see it while it was on its way, so what has changed meanwhile is made good."""
        claimed, message_id = standing.claimed, standing.message_id
        card = self._card(session, claimed)
        if shown.voice and isinstance(card, Gone):  # its author took it back
            deliveries.owe_removal_of(session, claimed, message_id=message_id, now=standing.since)
        elif shown.passing and card != shown:
            deliveries.owe_edit_of(session, claimed, message_id=message_id, now=standing.since)


def _settle(arrival: Arrival, outcome: bool | BaseException) -> None:
    if arrival.kept.done():  # nobody waits for it any more
        return
    if isinstance(outcome, BaseException):
        arrival.kept.set_exception(outcome)
    else:
        arrival.kept.set_result(outcome)
