"""A bot behind a webhook."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession

from bot.playground.server import LoopbackTelegram
from tests.conftest import House, Place
from tests.hooked import Hook, held_port, running


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Where the bot listens."""
    with held_port() as port:
        yield Hook(port)


@pytest.fixture
async def hooked(sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook) -> AsyncIterator[House]:
    """A bot that gets its updates there, where the database makes no difference."""
    async with running(sqlite_place, telegram, **hook.settings) as house:
        yield house


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Somebody on the net."""
    async with ClientSession() as session:
        yield session
