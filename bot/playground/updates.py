"""The queue of updates: numbered, confirmed by offsets, fetched by one long poll at a time or pushed to a webhook."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.errors import conflict

KEPT_FOR = timedelta(hours=24)
FIRST_UPDATE_ID = 610_000_001
MOST_AT_ONCE = 100
LONGEST_POLL = 50
CONNECTIONS = 40  # to a webhook, unless the bot says otherwise
_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_TERMINATED_BY_WEBHOOK = "terminated by setWebhook request"
_TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Waiting:
    """An update that the bot has not confirmed."""

    id: int
    body: Any
    at: datetime


class Updates:
    """What waits for the bot. Updates older than 24 hours are dropped, as Telegram drops them."""

    def __init__(self, *, now: Callable[[], datetime], first_id: int = FIRST_UPDATE_ID) -> None:
        self.now = now
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.queue: deque[Waiting] = deque()
        self.webhook_url = ""
        self.webhook_secret = ""
        self.webhook_connections = CONNECTIONS
        self.webhook_error: dict[str, Any] = {}
        self.webhook_turn = 0  # counts up with every change of the webhook
        self.stirred = asyncio.Event()  # something may have to be pushed
        self.polls = 0  # how often the bot was there for updates: polled, or said where to push them
        self._poll: asyncio.Future[None] | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self._polled = asyncio.Event()

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.queue)

    def allows(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update."""
        return kind not in ONLY_ON_REQUEST if not self.allowed else kind in self.allowed

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue an update. Gives its id, or None if the bot did not ask for this kind."""
        return self.inject({kind: body}) if self.allows(kind) else None

    def inject(self, raw: Any) -> int:
        """Queue anything, however malformed; an object without an update_id gets the next one."""
        if isinstance(raw, dict) and isinstance(raw.get("update_id"), int):
            self.next_id = max(self.next_id, raw["update_id"])
        elif isinstance(raw, dict) and "update_id" not in raw:
            raw = {"update_id": self.next_id, **raw}
        update_id = self.next_id
        self.next_id += 1
        self.put(Waiting(update_id, raw, self.now()))
        return update_id

    def put(self, waiting: Waiting) -> None:
        """Queue an update that has its number, and wake the poll."""
        self.queue.append(waiting)
        self._empty.clear()
        self.stirred.set()
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    async def poll(self, *, offset: int = 0, limit: int = MOST_AT_ONCE, timeout: float = 0) -> list[Any]:
        """What getUpdates answers. An earlier poll that still waits ends with 409."""
        if self.webhook_url:
            raise conflict(_WEBHOOK_ACTIVE)
        self._count_poll()
        self._forget(offset)
        if not self.queue and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return [each.body for each, _ in zip(self.queue, range(limit), strict=False)]

    def confirm(self, up_to: int) -> None:
        """Forget the updates up to and including this id."""
        while self.queue and self.queue[0].id <= up_to:
            self.queue.popleft()
        self._note_empty()

    def clear(self) -> None:
        """Forget everything that waits."""
        self.queue.clear()
        self._note_empty()

    async def confirmed(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self._empty.wait()

    def forget(self, waiting: Waiting) -> None:
        """A webhook has taken this one."""
        with suppress(ValueError):
            self.queue.remove(waiting)
        self._note_empty()

    def point_to(self, url: str, secret: str, connections: int = CONNECTIONS) -> None:
        """Push to this address from now on; an empty one means getUpdates again. The same once more changes nothing."""
        now = (self.webhook_url, self.webhook_secret, self.webhook_connections)
        if now != (url, secret, connections):
            self.webhook_url, self.webhook_secret, self.webhook_connections = url, secret, connections
            self.webhook_error = {}
            self.webhook_turn += 1
            self.stirred.set()
        if url:
            self._end_poll(_TERMINATED_BY_WEBHOOK)

    def note_error(self, message: str) -> None:
        """What getWebhookInfo says of the last failure."""
        self.webhook_error = {"last_error_date": int(self.now().timestamp()), "last_error_message": message}

    def heard(self) -> None:
        """The bot is there for updates."""
        self.polls += 1
        self._polled.set()

    def drop_old(self) -> None:
        """Forget what is older than Telegram keeps it."""
        oldest = self.now() - KEPT_FOR
        while self.queue and self.queue[0].at < oldest:
            self.queue.popleft()
        self._note_empty()

    async def polled(self, after: int) -> None:
        """Wait until the bot was there for updates more than `after` times."""
        while self.polls <= after:
            self._polled.clear()
            await self._polled.wait()

    def _forget(self, offset: int) -> None:
        self.drop_old()
        if offset < 0:
            while len(self.queue) > -offset:
                self.queue.popleft()
        self.confirm(offset - 1)

    def _count_poll(self) -> None:
        self.heard()
        self._end_poll(_TERMINATED)

    def _end_poll(self, why: str) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_exception(conflict(why))

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def _note_empty(self) -> None:
        if not self.queue:
            self._empty.set()
