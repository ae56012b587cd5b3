"""One delivery on its way: sent or edited in, marked, or put off; what became of its request decides.

Telegram has no idempotency key. So a partner's words are edited into a nudge, which may be repeated, and only the
bot's own words are sent again when nobody knows whether they arrived.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

import structlog
from sqlmodel import Session
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.clock import Clock
from bot.messages.card import Card, Gone
from bot.wire import outgoing
from bot.wire.pacing import Pace
from bot.wire.pictures import Draws, NotDrawn
from bot.wire.request import Api, NotSent, TooMany
from storage import deliveries
from storage.claiming import Claimed
from storage.failures import DatabaseAway

T = TypeVar("T")
AMBIGUOUS_PAUSE = timedelta(seconds=60)
AWAY_SECONDS = 1.0
UNCHANGED = "not modified"
NO_TEXT = "no text in the message"

Rendered: TypeAlias = Card | Gone
log = structlog.get_logger("sender")


class ClaimEnded(TelegramError):
    """Somebody else may have claimed this chat by now."""


class RunsUnits(Protocol):
    """What the sender needs of `storage.units.Units`."""

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Run `work` as one unit."""


class Renders(Protocol):
    """Makes the cards of a delivery."""

    def card(self, session: Session, claimed: Claimed) -> Rendered:
        """The delivery's card for its reader, now."""

    def nudge(self, claimed: Claimed) -> Card:
        """The content-free notification with [Open]."""

    def closed(self, claimed: Claimed) -> Card:
        """What stands where a card is gone."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with what it shows at this moment."""

    claimed: Claimed
    card: Rendered


class Travel:
    """Takes one claimed delivery at a time to its chat."""

    def __init__(
        self,
        *,
        units: RunsUnits,
        api: Api,
        clock: Clock,
        pace: Pace,
        renders: Renders,
        draws: Draws,
        point: Callable[[str], None],
    ) -> None:
        self._units, self._api, self._clock = units, api, clock
        self._pace, self._renders, self._draws, self._point = pace, renders, draws, point
        self._away = 0  # requests in a row that did not reach Telegram
        self.ending = False  # a database that is away is no longer waited for

    async def deliver(self, job: Job) -> None:
        """Send it, mark it, or put it off."""
        claimed = job.claimed
        self._point("claimed")
        try:
            if claimed.mode == "delete":
                await self._remove(claimed)
            elif claimed.mode == "edit" or claimed.nudge_id is not None:
                await self._edit(job)
            elif isinstance(job.card, Card) and job.card.private:
                await self._nudge_then_edit(job)
            else:
                await self._send(job)
        except TelegramError as error:
            await self._answer_to(error, claimed)

    async def _send(self, job: Job) -> None:
        assert isinstance(job.card, Card)
        picture = await self._drawn(job.card)
        sent = await self._call(job.claimed, outgoing.new_message(job.claimed.address, job.card, picture))
        await self._stands(job.claimed, sent["message_id"])

    async def _nudge_then_edit(self, job: Job) -> None:
        assert isinstance(job.card, Card)
        claimed = job.claimed
        nudge = replace(self._renders.nudge(claimed), protect=job.card.protect, silent=job.card.silent)
        sent = await self._call(claimed, outgoing.new_message(claimed.address, nudge))
        self._point("nudged")
        nudge_id = sent["message_id"]
        card = await self.unit(lambda session: self._nudged(session, claimed, nudge_id))
        await self._edit(Job(replace(claimed, nudge_id=nudge_id), card))

    def _nudged(self, session: Session, claimed: Claimed, nudge_id: int) -> Rendered:
        """Remember the nudge, and look once more at what it would show."""
        deliveries.mark_nudged(session, claimed, nudge_id=nudge_id)
        return self._renders.card(session, claimed)

    async def _edit(self, job: Job) -> None:
        claimed = job.claimed
        target = claimed.nudge_id if claimed.nudge_id is not None else claimed.message_id
        assert target is not None
        card = job.card if isinstance(job.card, Card) else self._renders.closed(claimed)
        picture = await self._drawn(card)
        try:
            await self._call(claimed, outgoing.edit(claimed.address, target, card, picture))
        except BadRequest as error:
            if NO_TEXT in error.message:  # a picture cannot become a text: it goes, and the text comes anew
                await self._call(claimed, outgoing.removal(claimed.address, target))
            if UNCHANGED not in error.message:
                raise
        await self._stands(claimed, target)

    async def _drawn(self, card: Card) -> bytes | None:
        """The PNG of a card that has a picture. Raises NotDrawn."""
        return await self._draws.draw(card.picture) if card.picture is not None else None

    async def _remove(self, claimed: Claimed) -> None:
        assert claimed.message_id is not None
        try:
            await self._call(claimed, outgoing.removal(claimed.address, claimed.message_id))
        except BadRequest:
            log.info("removal_refused", delivery=claimed.id)
        await self._stands(claimed, claimed.message_id)

    async def _call(self, claimed: Claimed, call: outgoing.Call) -> dict[str, int]:
        """One request, when the pace and the claim allow it."""
        await self._turn(claimed.chat_id)
        if self._clock.now() >= claimed.until:
            raise ClaimEnded("the claim has ended")
        method, parameters = call
        answer = await self._api.call(method, parameters)
        self._away = 0
        self._point("sent")
        return answer if isinstance(answer, dict) else {}

    async def _turn(self, chat: UUID) -> None:
        """Wait for this message's place in the pace, and take it."""
        loop = asyncio.get_running_loop()
        while (free := self._pace.free_at(loop.time())) > loop.time():
            await asyncio.sleep(free - loop.time())
        self._pace.wrote(chat, loop.time())

    async def _stands(self, claimed: Claimed, message_id: int) -> None:
        now = self._clock.now()
        await self.unit(lambda session: deliveries.mark_sent(session, claimed, message_id=message_id, now=now))
        self._point("marked")

    # -- what became of a request

    async def _answer_to(self, error: TelegramError, claimed: Claimed) -> None:
        """What a refused or doubtful request means for its delivery."""
        editing = claimed.mode != "send" or claimed.nudge_id is not None
        match error:
            case TooMany():
                self._pace.pause(claimed.chat_id, error.seconds, asyncio.get_running_loop().time())
                await self._postpone(claimed, timedelta(seconds=error.seconds), surely_unsent=True)
            case Forbidden():
                await self.unit(lambda session: deliveries.mark_blocked(session, chat_id=claimed.chat_id))
                log.info("chat_blocked", delivery=claimed.id)
            case BadRequest() if "chat not found" in error.message.lower():
                await self.unit(lambda session: deliveries.mark_blocked(session, chat_id=claimed.chat_id))
            case BadRequest() if editing:
                now = self._clock.now()
                await self.unit(lambda session: deliveries.send_anew(session, claimed, now=now))
            case ClaimEnded():
                await self._postpone(claimed, timedelta(), surely_unsent=True)
            case NotDrawn():
                log.error("not_drawn", delivery=claimed.id, card=claimed.card)
                await self._postpone(claimed, _growing(claimed.attempts))
            case NotSent() | Conflict() | InvalidToken():
                log.warning("not_sent", delivery=claimed.id, error=type(error).__name__)
                self._away += 1
                pause = _growing(self._away)
                self._pace.pause_all(pause.total_seconds(), asyncio.get_running_loop().time())
                await self._postpone(claimed, pause, surely_unsent=True)
            case BadRequest():
                log.error("refused", delivery=claimed.id, card=claimed.card, error=error.message)
                await self.unit(lambda session: deliveries.mark_failed(session, claimed))
            case NetworkError():
                log.warning("outcome_unknown", delivery=claimed.id, error=type(error).__name__)
                await self._postpone(claimed, _growing(claimed.attempts) if editing else AMBIGUOUS_PAUSE)
            case _:
                log.error("gave_up", delivery=claimed.id, error=type(error).__name__)
                await self.unit(lambda session: deliveries.mark_failed(session, claimed))

    async def _postpone(self, claimed: Claimed, pause: timedelta, *, surely_unsent: bool = False) -> None:
        due = self._clock.now() + pause
        await self.unit(lambda session: deliveries.postpone(session, claimed, due=due, surely_unsent=surely_unsent))

    async def unit(self, work: Callable[[Session], T]) -> T:
        """One unit; a database that is away is waited for, since the request is made and must be marked."""
        while True:
            try:
                return await asyncio.wrap_future(self._units.submit(work))
            except DatabaseAway:
                if self.ending:
                    raise
                log.warning("database_away")
                await asyncio.sleep(AWAY_SECONDS)


def _growing(attempts: int) -> timedelta:
    """Half a second, one, two … half a minute at most."""
    return timedelta(seconds=min(2 ** min(attempts, 7) / 4, 30))
