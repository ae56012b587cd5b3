"""The whole process when one of its parts breaks."""

import asyncio
from random import Random

import pytest

from bot.app import App
from bot.opening import CannotStart, open_keys
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


@pytest.mark.parametrize("made_anew", [False, True])
async def test_a_database_is_not_opened_with_keys_that_are_not_its_own(
    place: Place, telegram: LoopbackTelegram, made_anew: bool
) -> None:
    """Everybody in it would be a stranger, and whatever they are owed would be given up."""
    settings = place.settings(telegram)
    first = App(settings, random=Random(7))
    running = asyncio.ensure_future(first.run())
    ann = telegram.person("Ann")
    ann.start()
    await telegram.state.updates.confirmed()
    await first.settle()
    first.ask_to_stop()
    await asyncio.wait_for(running, 60)
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    other = {"keys_url": f"sqlite:///{elsewhere / 'keys.db'}"}
    if made_anew:
        open_keys(place.settings(telegram, **other)).close()
    with pytest.raises(CannotStart, match="KEYS_URL: th") as refused:
        App(place.settings(telegram, **other), random=Random(7))
    assert refused.value.code == 2
    assert made_anew or not list(elsewhere.iterdir())


async def test_keys_lie_elsewhere_than_what_they_open(place: Place, telegram: LoopbackTelegram) -> None:
    with pytest.raises(CannotStart, match="KEYS_URL: must be another database") as refused:
        App(place.settings(telegram, keys_url=place.database_url), random=Random(7))
    assert refused.value.code == 2


async def test_a_lost_key_store_whose_backup_is_there_is_named_with_it(
    sqlite_place: Place, telegram: LoopbackTelegram
) -> None:
    first = App(sqlite_place.settings(telegram), random=Random(7))
    running = asyncio.ensure_future(first.run())
    telegram.person("Ann").start()
    await telegram.state.updates.confirmed()
    first.ask_to_stop()
    await asyncio.wait_for(running, 60)
    for name in ("keys.db", "keys.db-wal", "keys.db-shm"):
        (sqlite_place.folder / name).unlink(missing_ok=True)
    with pytest.raises(CannotStart, match=r"copy .*keys\.backup\.db to .*keys\.db"):
        App(sqlite_place.settings(telegram), random=Random(7))
