"""A bot behind a webhook, and what a test does there: a port that stays the bot's own, an address, a secret, calls."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from aiohttp import ClientSession
from sqlmodel import Session, col, select

from bot.app import App
from bot.playground.server import LoopbackTelegram
from storage.tables import ParkedUpdate, ProcessedUpdate
from tests.conftest import House, Place
from tests.phones import Phone

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = "only_Telegram-knows-this"
PATH = "/updates"


@dataclass(frozen=True)
class Hook:
    """Where one bot listens; `url` is where Telegram sends to, its own address unless something is between."""

    port: int
    url: str = ""

    @property
    def address(self) -> str:
        """Where the bot itself can be reached."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings of that bot."""
        return {"webhook_url": self.url or self.address, "webhook_secret": SECRET, "http_port": self.port}

    @property
    def environment(self) -> Mapping[str, str]:
        """The same, as a process of its own finds them."""
        return {name.upper(): str(value) for name, value in self.settings.items()}


@contextmanager
def held_port() -> Iterator[int]:
    """A free port of this machine that nobody else is given, also while no bot listens there.

    On Linux a socket that is bound and does not listen keeps it; a bot may listen beside it.
    """
    with closing(socket.socket()) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        if sys.platform != "linux":
            holder.close()
        yield port


@asynccontextmanager
async def running(place: Place, telegram: LoopbackTelegram, **given: object) -> AsyncIterator[House]:
    """A bot that lives here for as long as the block lasts."""
    app = App(place.settings(telegram, **given), random=Random(7))
    await app.start()
    try:
        yield House(app, telegram)
    finally:
        await app.stop()


def message(number: int, phone: Phone, text: str) -> dict[str, Any]:
    """An update as Telegram sends it."""
    length = len(text.split(maxsplit=1)[0])
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_760_000_000,
            "chat": {"id": phone.id, "type": "private", "first_name": phone.name},
            "from": {"id": phone.id, "is_bot": False, "first_name": phone.name},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": length}],
        },
    }


async def post(session: ClientSession, hook: Hook, body: object, **headers: str) -> int:
    """Send something with Telegram's secret; gives the status of the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with session.post(hook.address, data=data, headers={HEADER: SECRET, **headers}) as response:
        assert await response.read() == b""
        return response.status


async def in_unit(house: House, work: Callable[[Session], Any]) -> Any:
    """Do something in a unit of this bot."""
    return await asyncio.wrap_future(house.app.units.submit(work))


def processed(session: Session) -> list[int]:
    """The updates that are done."""
    return list(session.exec(select(ProcessedUpdate.update_id).order_by(col(ProcessedUpdate.update_id))))


def parked(session: Session) -> list[int]:
    """The updates that were set aside."""
    return list(session.exec(select(ParkedUpdate.update_id)))


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again until it is so."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)
