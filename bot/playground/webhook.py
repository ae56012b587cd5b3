"""Updates pushed to a webhook as Telegram pushes them: side by side, in order within a chat, each until it is taken."""

import asyncio
import json
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector

from bot.playground.updates import Updates, Waiting

_TAKEN = range(200, 300)
_LOOKED_AT = 1000  # updates at the head of the queue
_LONGEST_PAUSE = 60
_LONGEST_ASKED = 3600


@dataclass(slots=True)
class Lane:
    """Updates of one kind in one chat: it is held while one is on its way, and for a pause after that failed."""

    fails: int = 0
    is_held: bool = False


class Pusher:
    """Pushes whatever waits for as long as `run` runs; `second` is how long a second of Telegram's pauses lasts."""

    def __init__(self, updates: Updates, *, second: float = 1.0, answer_within: float = 60.0) -> None:
        self._updates, self._second = updates, second
        self._timeout = ClientTimeout(total=answer_within)
        self._lanes: dict[Hashable, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = -1

    async def run(self) -> None:
        """Push; what is refused is tried again with growing pauses."""
        async with ClientSession(connector=TCPConnector(limit=0), timeout=self._timeout) as session:
            try:
                while True:
                    self._updates.stirred.clear()
                    self._push_on(session)
                    await self._updates.stirred.wait()
            finally:
                self._forget()

    def _push_on(self, session: ClientSession) -> None:
        """Set off everything whose turn it is; with another webhook, all begins anew."""
        if self._turn != self._updates.webhook_turn:
            self._turn = self._updates.webhook_turn
            self._forget()
        if not self._updates.webhook_url:
            return
        self._updates.drop_old()
        free = self._updates.webhook_connections - len(self._tasks)
        for waiting, lane in islice(self._ready(), max(free, 0)):
            lane.is_held = True
            task = asyncio.create_task(self._push(session, waiting, lane))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ready(self) -> Iterator[tuple[Waiting, Lane]]:
        """The first of each lane that is not held."""
        seen: set[Hashable] = set()
        for waiting in list(islice(self._updates.queue, _LOOKED_AT)):
            name = lane_of(waiting)
            if name in seen:
                continue
            seen.add(name)
            lane = self._lanes.setdefault(name, Lane())
            if not lane.is_held:
                yield waiting, lane
        for name in self._lanes.keys() - seen:
            del self._lanes[name]

    async def _push(self, session: ClientSession, waiting: Waiting, lane: Lane) -> None:
        asked = await self._post(session, waiting)
        if asked is None:
            lane.fails, lane.is_held = 0, False
            self._updates.forget(waiting)
            return
        pause = pause_after(lane.fails, asked) * self._second
        lane.fails += 1
        asyncio.get_running_loop().call_later(pause, self._release, lane)

    def _release(self, lane: Lane) -> None:
        lane.is_held = False
        self._updates.stirred.set()

    async def _post(self, session: ClientSession, waiting: Waiting) -> int | None:
        """None if it was taken; otherwise the seconds of pause that the bot asked for, 0 if it did not."""
        updates = self._updates
        headers = {"Content-Type": "application/json"}
        if updates.webhook_secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = updates.webhook_secret
        body = json.dumps(waiting.body)
        try:
            async with session.post(updates.webhook_url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
        except (ClientError, OSError, TimeoutError) as error:
            updates.note_error(f"Connection failed: {type(error).__name__}")
            return 0
        if response.status in _TAKEN:
            return None
        updates.note_error(f"Wrong response from the webhook: {response.status} {response.reason}")
        return _asked(response)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._updates.stirred.set()

    def _forget(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._lanes.clear()


def lane_of(waiting: Waiting) -> Hashable:
    """What has to come in order: one kind of update in one chat; something malformed is alone."""
    with suppress(LookupError, TypeError, ValueError, StopIteration):
        kind = next(name for name in waiting.body if name != "update_id")
        about = waiting.body[kind]
        return kind, int(about["chat"]["id"] if "chat" in about else about["from"]["id"])
    return waiting.id


def pause_after(fails: int, asked: int) -> int:
    """Seconds until the next attempt: at once, two, four … a minute, or as long as the bot asked for."""
    if asked:
        return min(asked, _LONGEST_ASKED)
    return min(2**fails, _LONGEST_PAUSE) if fails else 0


def _asked(response: ClientResponse) -> int:
    given = response.headers.get("Retry-After", "")
    return int(given) if given.isascii() and given.isdigit() else 0
