"""A loopback Telegram without any bot of ours, and people on it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession
from telegram import Bot

from bot.playground.server import LoopbackTelegram
from bot.playground.stage import Stage
from tests.model_check import the_models
from tests.phones import Phone
from tests.playground.raw import Raw
from tests.stages import begin_at_noon


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def telegram(watch: Watch) -> AsyncIterator[LoopbackTelegram]:
    server = LoopbackTelegram(now=watch.now, unlimited=True)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def raw(telegram: LoopbackTelegram) -> AsyncIterator[Raw]:
    async with ClientSession() as session:
        yield Raw(telegram, session)


@pytest.fixture
async def bot(telegram: LoopbackTelegram) -> AsyncIterator[Bot]:
    """A bare python-telegram-bot over httpx; its calls are checked against aiogram's models."""
    telegram.check = the_models()
    address = f"{telegram.url}/bot", f"{telegram.url}/file/bot"
    async with Bot(telegram.token, base_url=address[0], base_file_url=address[1]) as bare:
        yield bare
    assert telegram.complaints == []


@pytest.fixture
async def ann(telegram: LoopbackTelegram) -> Phone:
    """Somebody who has started the bot."""
    phone = Phone(telegram.person("Ann"))
    await phone.start()
    telegram.state.updates.clear()
    return phone


@pytest.fixture
async def ben(telegram: LoopbackTelegram) -> Phone:
    """Somebody else who has started the bot."""
    phone = Phone(telegram.person("Ben", "de", "ben_b"))
    await phone.start()
    telegram.state.updates.clear()
    return phone


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A playground without its page, with the real bot."""
    stage = Stage(tmp_path / "playground", random=Random(1))
    begin_at_noon(stage)
    await stage.open()
    yield stage
    await stage.close()
