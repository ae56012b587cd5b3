"""A database belongs to the bot whose people are in it: with another one's token, nobody could be written to."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from bot.app import App
from bot.opening import CannotStart
from bot.playground.server import LoopbackTelegram
from tests.conftest import Hands, House, Place

ROOT = Path(__file__).parents[1]
OTHER = "7000000001:AAanother-bot_0123456789abcdefgh"


@pytest_asyncio.fixture
async def other(hands: Hands) -> AsyncIterator[LoopbackTelegram]:
    """A Telegram that knows another bot."""
    server = LoopbackTelegram(now=hands.now, unlimited=True, token=OTHER, username="another_bot")
    await server.start()
    yield server
    await server.stop()


async def started(place: Place, telegram: LoopbackTelegram, hands: Hands, apps: list[App]) -> House:
    app = App(place.settings(telegram), random=Random(7))
    apps.append(app)
    hands.read = app.now
    await app.start()
    return House(app, telegram)


def command(place: Place, *words: str) -> str:
    """What a command says, as an operator reads it."""
    given = {"DATABASE_URL": place.database_url, "KEYS_URL": place.keys_url, "DATA_DIR": str(place.folder)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=99,
        check=True,
    )
    return done.stdout.strip()


async def test_another_bots_token_is_refused_and_nobody_is_given_up(
    place: Place, telegram: LoopbackTelegram, other: LoopbackTelegram, hands: Hands, apps: list[App]
) -> None:
    house = await started(place, telegram, hands, apps)
    ann = house.phone("Ann")
    await ann.start()
    await house.app.stop()
    with pytest.raises(CannotStart, match=r"^BOT_TOKEN: the people in this database talk to another bot") as refusal:
        await started(place, other, hands, apps)
    assert refusal.value.code == 2
    await apps[-1].stop()
    house = await started(place, telegram, hands, apps)
    ann.account.write("/start")
    await house.settle()
    assert ann.times_shown("Side by Side is for two people") == 2


async def test_a_bot_takes_the_place_of_one_that_is_gone_for_good(
    place: Place, telegram: LoopbackTelegram, other: LoopbackTelegram, hands: Hands, apps: list[App]
) -> None:
    assert command(place, "db", "forget-bot") == "No bot has started on this database yet."
    house = await started(place, telegram, hands, apps)
    await house.app.stop()
    assert command(place, "db", "forget-bot").startswith("The bot that starts next takes the place of the former one.")
    house = await started(place, other, hands, apps)
    ann = house.phone("Ann")
    await ann.start()
    assert "Side by Side" in ann.everything()
