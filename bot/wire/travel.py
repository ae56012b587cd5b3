"""One delivery on its way: sent or edited in, marked, or put off; what became of its request decides.

Telegram has no idempotency key. So a partner's words are edited into a nudge, which may be repeated, and only the
bot's own words are sent again when nobody knows whether they arrived.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias, TypeVar

import structlog
from sqlmodel import Session
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.clock import Clock
from bot.messages.card import Card, Gone
from bot.wire import outgoing
from bot.wire.marking import Marking
from bot.wire.pacing import Pace
from bot.wire.pictures import Draws, NotDrawn
from bot.wire.request import CONNECT_SECONDS, READ_SECONDS, Api, NotSent, TooMany
from storage import deliveries
from storage.claiming import REPLY, Claimed, release
from storage.deliveries import Standing
from storage.failures import DatabaseAway

T = TypeVar("T")
AMBIGUOUS_PAUSE = timedelta(seconds=60)
AWAY_SECONDS = 1.0
UNCHANGED = "not modified"
LONGEST_REQUEST = timedelta(seconds=CONNECT_SECONDS + READ_SECONDS)
CANNOT_BE_DELETED = "message can't be deleted"
NO_TEXT = "there is no text in the message to edit"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", NO_TEXT)
KNOWN_REFUSALS = (*GONE, "can't parse entities", "message is too long", "wrong file", "button", "protected")

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

    def prepare(self, session: Session, claimed: Iterable[Claimed]) -> None:
        """Read together what the cards of all of these will look at."""

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
        self._marking = Marking(self.unit, renders.card)
        self._away = 0  # requests in a row that did not reach Telegram
        self.ending = False  # a database that is away is no longer waited for

    async def deliver(self, job: Job) -> bool:
        """Send it, mark it, or put it off; tells whether it is done, and nothing of it is left to do."""
        claimed = job.claimed
        self._point("claimed")
        if claimed.mode == "delete":
            return await self._attempt(job, self._remove) is not None
        if claimed.mode == "wipe":
            return await self._attempt(job, self._wipe) is not None
        if claimed.mode == "edit" or claimed.nudge_id is not None:
            return await self._attempt(job, self._edit) is not None
        if not (isinstance(job.card, Card) and job.card.private):
            return await self._attempt(job, self._send) is not None
        nudged = await self._attempt(job, self._nudge)
        return nudged is not None and await self._attempt(nudged, self._edit) is not None

    async def hand_in(self) -> None:
        """See to it that what has arrived is marked before the database is let go."""
        await self._marking.hand_in()

    async def _attempt(self, job: Job, do: Callable[[Job], Awaitable[T]]) -> T | None:
        """Do it; None if Telegram refused or did not answer, which is then seen to."""
        try:
            return await do(job)
        except TelegramError as error:
            await self._answer_to(error, job.claimed)
            return None

    async def _send(self, job: Job) -> Literal[True]:
        assert isinstance(job.card, Card)
        picture = await self._drawn(job.card)
        sent = await self._call(job.claimed, outgoing.new_message(job.claimed.address, job.card, picture))
        return await self._stands(job.claimed, sent["message_id"], shown=job.card)

    async def _nudge(self, job: Job) -> Job:
        """The notification without content; gives what is to be edited into it."""
        assert isinstance(job.card, Card)
        claimed = job.claimed
        nudge = replace(self._renders.nudge(claimed), protect=job.card.protect, silent=job.card.silent)
        sent = await self._call(claimed, outgoing.new_message(claimed.address, nudge))
        self._point("nudged")
        nudge_id = sent["message_id"]
        card = await self.unit(lambda session: self._nudged(session, claimed, nudge_id))
        return Job(replace(claimed, nudge_id=nudge_id), card)

    def _nudged(self, session: Session, claimed: Claimed, nudge_id: int) -> Rendered:
        """Remember the nudge, and look once more at what it would show."""
        deliveries.mark_nudged(session, claimed, nudge_id=nudge_id)
        return self._renders.card(session, claimed)

    async def _edit(self, job: Job) -> Literal[True]:
        claimed = job.claimed
        target = claimed.nudge_id if claimed.nudge_id is not None else claimed.message_id
        assert target is not None
        card = job.card if isinstance(job.card, Card) else self._renders.closed(claimed)
        picture = await self._drawn(card)
        try:
            await self._call(claimed, outgoing.edit(claimed.address, target, card, picture))
        except BadRequest as error:
            if NO_TEXT in error.message.lower():  # a picture cannot become a text: it goes, and the text comes anew
                await self._call(claimed, outgoing.removal(claimed.address, target))
            if UNCHANGED not in error.message:
                raise
        return await self._stands(claimed, target)

    async def _wipe(self, job: Job) -> Literal[True]:
        """An edit that takes words away; a message that is gone, or cannot be edited, is left alone."""
        claimed = job.claimed
        assert claimed.message_id is not None
        card = job.card if isinstance(job.card, Card) else self._renders.closed(claimed)
        try:
            picture = await self._drawn(card)
            await self._call(claimed, outgoing.edit(claimed.address, claimed.message_id, card, picture))
        except BadRequest:
            log.info("wipe_refused", delivery=claimed.id)
        return await self._stands(claimed, claimed.message_id)

    async def _drawn(self, card: Card) -> bytes | None:
        """The PNG of a card that has a picture. Raises NotDrawn."""
        return await self._draws.draw(card.picture) if card.picture is not None else None

    async def _remove(self, job: Job) -> Literal[True]:
        """A message that is gone already is as good as removed; one that Telegram keeps is told to who asked for it."""
        claimed = job.claimed
        message_id = claimed.message_id
        assert message_id is not None
        kept = False
        try:
            await self._call(claimed, outgoing.removal(claimed.address, message_id))
        except BadRequest as error:
            kept = CANNOT_BE_DELETED in error.message.lower()
            log.info("removal_refused", delivery=claimed.id)
        now = self._clock.now()
        await self.unit(lambda session: _removed(session, claimed, message_id, kept=kept, now=now))
        self._point("marked")
        return True

    async def _call(self, claimed: Claimed, call: outgoing.Call) -> dict[str, int]:
        """One request, when the pace and the claim allow it; a claim that does not takes no place in the pace."""
        await self._pace.turn(claimed.chat_id, self.unit, lambda: self._check_claim(claimed))
        method, parameters = call
        answer = await self._api.call(method, parameters)
        self._away = 0
        self._point("sent")
        return answer if isinstance(answer, dict) else {}

    def _check_claim(self, claimed: Claimed) -> None:
        if self._clock.now() + LONGEST_REQUEST > claimed.until:
            raise ClaimEnded("the claim could end before the request does")

    async def _stands(self, claimed: Claimed, message_id: int, *, shown: Card | None = None) -> Literal[True]:
        await self._marking.mark(Standing(claimed, message_id, self._clock.now()), shown)
        self._point("marked")
        return True

    # -- what became of a request

    async def _answer_to(self, error: TelegramError, claimed: Claimed) -> None:
        """What a refused or doubtful request means for its delivery."""
        editing = claimed.mode != "send" or claimed.nudge_id is not None
        match error:
            case TooMany():
                until = self._clock.now() + timedelta(seconds=error.seconds)
                self._pace.pause(claimed.chat_id, error.seconds, asyncio.get_running_loop().time())
                await self._give_back(claimed, until)
            case Forbidden():
                await self.unit(lambda session: _blocked(session, claimed))
                log.info("chat_blocked", delivery=claimed.id)
            case BadRequest() if "chat not found" in error.message.lower():
                await self.unit(lambda session: _blocked(session, claimed))
            case BadRequest() if editing and _is_gone(error):
                now = self._clock.now()
                await self.unit(lambda session: _edit_elsewhere(session, claimed, now))
            case ClaimEnded():
                await self._give_back(claimed)
            case NotDrawn():
                log.error("not_drawn", delivery=claimed.id, card=claimed.card)
                await self._postpone(claimed, _growing(claimed.attempts))
            case NotSent() | Conflict() | InvalidToken():
                log.warning("not_sent", delivery=claimed.id, error=type(error).__name__)
                self._away += 1
                self._pace.pause_all(_growing(self._away).total_seconds(), asyncio.get_running_loop().time())
                await self._give_back(claimed)
            case BadRequest():
                log.error("refused", delivery=claimed.id, card=claimed.card, error=_reason(error))
                await self.unit(lambda session: deliveries.mark_failed(session, claimed))
            case _:
                log.warning("outcome_unknown", delivery=claimed.id, error=type(error).__name__)
                await self._postpone(claimed, _growing(claimed.attempts) if editing else AMBIGUOUS_PAUSE)

    async def _postpone(self, claimed: Claimed, pause: timedelta) -> None:
        due = self._clock.now() + pause
        await self.unit(lambda session: deliveries.postpone(session, claimed, due=due))

    async def _give_back(self, claimed: Claimed, until: datetime | None = None) -> None:
        await self.unit(lambda session: deliveries.give_back(session, claimed, until=until))

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


def _blocked(session: Session, claimed: Claimed) -> None:
    deliveries.mark_blocked(session, chat_id=claimed.chat_id)
    release(session, claimed)


def _edit_elsewhere(session: Session, claimed: Claimed, now: datetime) -> None:
    """The message to edit is gone. A silent change of what somebody deleted brings nothing back to them."""
    if claimed.mode == "edit" and claimed.urgency != REPLY:
        deliveries.let_go(session, claimed)
    else:
        deliveries.send_anew(session, claimed, now=now)


def _removed(session: Session, claimed: Claimed, message_id: int, *, kept: bool, now: datetime) -> None:
    deliveries.mark_sent(session, Standing(claimed, message_id, now))
    if kept and claimed.card == "common.removal":
        deliveries.owe_words(session, claimed, "refusal.said", "not_removed", now=now)


def _is_gone(error: BadRequest) -> bool:
    return any(words in error.message.lower() for words in GONE)


def _reason(error: BadRequest) -> str:
    """What can be logged of a refusal: a server's own sentence might repeat what it was sent."""
    return next((words for words in KNOWN_REFUSALS if words in error.message.lower()), "another refusal")


def _growing(attempts: int) -> timedelta:
    """Half a second, one, two … half a minute at most."""
    return timedelta(seconds=min(2 ** min(attempts, 7) / 4, 30))
