"""What tests of faults share: the log, and bots that are started and stopped by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import TypeAlias

import pytest

from bot.app import App
from bot.playground.server import LoopbackTelegram
from tests.conftest import Hands, House, Place
from tests.waiting import Heard

StartBot: TypeAlias = Callable[..., Awaitable[House]]


@pytest.fixture
def heard(capsys: pytest.CaptureFixture[str]) -> Heard:
    """What the bot logs."""
    return Heard(lambda: capsys.readouterr().out)


@pytest.fixture
async def start_bot(telegram: LoopbackTelegram, hands: Hands) -> AsyncIterator[StartBot]:
    """Starts a bot in a place; those that still run are stopped in the end."""
    apps: list[App] = []

    async def start(place: Place, **given: object) -> House:
        app = App(place.settings(telegram, **given), random=Random(7))
        apps.append(app)
        hands.read = app.now
        await app.start()
        return House(app, telegram)

    yield start
    for app in apps:
        await app.stop()


@pytest.fixture
async def sqlite_house(start_bot: StartBot, sqlite_place: Place) -> House:
    """A running bot where the database makes no difference."""
    return await start_bot(sqlite_place)
