"""One at a time in each chat; of those that wait, the one that Telegram numbered lowest goes next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

Waiting: TypeAlias = tuple[int, int, asyncio.Future[None]]


class Turns:
    """Who is at work in which chat, and who waits for it. Nothing is kept of a chat in which nobody is."""

    def __init__(self) -> None:
        self._chats: dict[int, list[Waiting]] = {}
        self._arrival = count()  # for updates that have the same number

    @asynccontextmanager
    async def turn(self, chat: int, number: int) -> AsyncIterator[None]:
        """Be the only one in this chat for as long as the block lasts."""
        if (waiting := self._chats.get(chat)) is None:
            self._chats[chat] = []
        else:
            await self._wait(waiting, chat, number)
        try:
            yield
        finally:
            self._pass_on(chat)

    async def _wait(self, waiting: list[Waiting], chat: int, number: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(waiting, (number, next(self._arrival), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given the turn, and will not take it
                self._pass_on(chat)
            raise

    def _pass_on(self, chat: int) -> None:
        waiting = self._chats[chat]
        while waiting:
            _, _, turn = heappop(waiting)
            if not turn.done():  # one that was cancelled does not come any more
                turn.set_result(None)
                return
        del self._chats[chat]
