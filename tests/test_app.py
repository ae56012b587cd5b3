"""The whole process when one of its parts breaks."""

import asyncio
from random import Random

import pytest

from bot.app import App
from bot.opening import CannotStart
from bot.playground.server import LoopbackTelegram
from tests.conftest import Place


async def test_a_broken_part_ends_the_process_instead_of_a_bot_that_only_seems_to_work(
    sqlite_place: Place, telegram: LoopbackTelegram
) -> None:
    app = App(sqlite_place.settings(telegram), random=Random(7))
    running = asyncio.ensure_future(app.run())
    await telegram.state.updates.polled(0)
    app.units.close()  # nothing can be kept any more
    app.sender.wake()
    with pytest.raises(CannotStart, match="part of the bot broke"):
        await asyncio.wait_for(running, 60)
