"""Several processes behind one address: each connection goes to the next one that takes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.hooked import PATH, Hook


class Balancer:
    """What stands before several processes: passes each request on to the next one that takes it."""

    def __init__(self, hooks: list[Hook], *, answer_within: float | None = None) -> None:
        """With `answer_within`, a connection on which nothing comes back for so many seconds is given up."""
        self._hooks, self._next, self._within = hooks, 0, answer_within
        self.url = ""
        self.passed: list[int] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        """Stand there for as long as the block lasts; `url` is where Telegram sends to."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH}"
        try:
            yield self
        finally:
            server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._hooks:
            hook = self._hooks[self._next % len(self._hooks)]
            self._next += 1
            try:
                inner, outer = await asyncio.open_connection("127.0.0.1", hook.port)
            except OSError:
                continue
            self.passed.append(hook.port)
            await asyncio.gather(_pump(reader, outer), _pump(inner, writer, within=self._within))
            return
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, within: float | None = None) -> None:
    try:
        while data := await asyncio.wait_for(reader.read(65536), within):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
