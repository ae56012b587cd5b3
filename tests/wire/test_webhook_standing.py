"""The webhook at Telegram: set at the start, looked after, and left to others."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.app import App
from bot.opening import CannotStart
from bot.playground import faults
from bot.playground.server import LoopbackTelegram
from bot.wire.webhook import Webhook
from storage import updates
from tests.balancer import Balancer
from tests.conftest import House, Place
from tests.harness.bare import BareServer
from tests.hooked import SECRET, Hook, held_port, in_unit, message, post, processed, running, until
from tests.phones import Phone
from tests.postgres import Server

UNKNOWN = "I don't know that command."
PEOPLE = 6


async def looks_after(house: House) -> Webhook:
    """The bot's own webhook, after its first look."""
    assert isinstance(house.app.receiver, Webhook)
    await until(lambda: house.app._noted > float("-inf"))
    return house.app.receiver


async def test_telegram_refusing_the_webhook_is_asked_again(
    sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook
) -> None:
    words = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
    telegram.faults.add(faults.refused(400, words), method="setWebhook", times=1)
    telegram.faults.add(faults.flood(0), method="setWebhook", times=1)
    with capture_logs() as logs:
        async with running(sqlite_place, telegram, **hook.settings) as house:
            ann = house.phone("Ann")
            await ann.start()
            assert ann.from_bot
    (refused, flooded) = [each for each in logs if each["event"] == "webhook_look_failed"]
    assert words.lower().endswith(refused["error"].lower())
    assert "resolve host" in refused["error"]
    assert flooded["error"] == "TooMany"


async def test_a_webhook_that_somebody_took_away_is_set_again(hooked: House, hook: Hook) -> None:
    looks = await looks_after(hooked)
    ann = hooked.phone("Ann")
    hooked.telegram.state.updates.point_to("", "")
    ann.account.start()
    with capture_logs() as logs:
        await looks.look()
    assert [each["event"] for each in logs][:2] == ["webhook_was_gone", "webhook_set"]
    await hooked.settle()
    assert ann.from_bot


async def test_what_telegram_says_of_failures_is_told_once(hooked: House, hook: Hook) -> None:
    telegram = hooked.telegram
    looks = await looks_after(hooked)
    telegram.state.updates.webhook_secret = "another"
    hooked.phone("Ann").account.start()
    await until(lambda: bool(telegram.state.updates.webhook_error))
    with capture_logs() as logs:
        await looks.look()
    (told,) = [each for each in logs if each["event"] == "webhook_fails"]
    assert (told["count"], told["error"]) == (1, "Wrong response from the webhook: 404 Not Found")
    telegram.state.updates.webhook_secret = SECRET
    await hooked.settle()
    with capture_logs() as logs:
        await looks.look()
    assert logs == []


async def test_it_is_noted_that_telegram_reaches_the_bot_and_only_then(
    sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook
) -> None:
    async with running(sqlite_place, telegram, **hook.settings) as house:
        looks = await looks_after(house)
        assert (first := await in_unit(house, updates.last_poll)) is not None
        telegram.state.updates.webhook_secret = "another"
        house.phone("Ann").account.start()
        await until(lambda: bool(telegram.state.updates.webhook_error))
        house.app._noted = float("-inf")
        await looks.look()
        assert await in_unit(house, updates.last_poll) == first
        telegram.state.updates.webhook_secret = SECRET
        await house.settle()
        await looks.look()
        assert await in_unit(house, updates.last_poll) > first


async def test_a_port_that_is_taken_is_named(sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook) -> None:
    other = await asyncio.start_server(lambda *_: None, "127.0.0.1", hook.port)
    app = App(sqlite_place.settings(telegram, **hook.settings), random=Random(7))
    try:
        with pytest.raises(CannotStart) as refusal:
            await app.run()
    finally:
        other.close()
    assert (str(refusal.value), refusal.value.code) == (
        f"HTTP_HOST, HTTP_PORT: 127.0.0.1:{hook.port} cannot be used: address already in use.",
        2,
    )


async def test_a_server_that_knows_nothing_of_webhooks_can_still_send(
    sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook, session: ClientSession
) -> None:
    """It answers `true` to whatever it does not know; who sends may be another program."""
    noor = Phone(telegram.person("Noor"))
    async with BareServer(telegram.token) as server:
        given = {**hook.settings, "bot_api_url": server.url}
        with capture_logs() as logs:
            async with running(sqlite_place, telegram, **given):
                await until(lambda: "webhook_look_failed" in str(logs))
                assert await post(session, hook, message(1, noor, "/start")) == 200
                assert await server.texts(noor.id, at_least=1, within=60)


async def test_switching_back_and_forth_loses_nothing_and_doubles_nothing(
    place: Place, telegram: LoopbackTelegram, hook: Hook
) -> None:
    ways: tuple[dict[str, object], ...] = ({}, dict(hook.settings), {}, dict(hook.settings), {})
    phones: list[Phone] = []
    for number, way in enumerate(ways):
        for phone in phones:  # while no bot runs
            phone.account.write(f"/nosuch{number}")
        async with running(place, telegram, **way) as house:
            if not phones:
                phones = [house.phone("Ann"), house.phone("Ben")]
                for phone in phones:
                    phone.account.start()
            for phone in phones:
                phone.account.write(f"/now{number}")
            await house.settle()
            kept = await in_unit(house, processed)
            assert bool(telegram.state.updates.webhook_url) == bool(way)
    for phone in phones:
        assert phone.times_shown(UNKNOWN) == 2 * len(ways) - 1
    assert len(kept) == len(set(kept)) == len(phones) * (2 * len(ways))


async def test_what_a_webhook_has_in_its_hands_when_polling_begins_is_applied_once(
    place: Place, telegram: LoopbackTelegram, hook: Hook
) -> None:
    """Telegram gives it to the poll as well, since it never got an answer."""
    async with running(place, telegram, **hook.settings) as house:
        ann = house.phone("Ann")
        await ann.start()
    ann.account.write("/nosuch")
    waiting = telegram.state.updates.queue[0]
    async with running(place, telegram, **hook.settings) as house:
        await house.settle()
        telegram.state.updates.put(waiting)
        telegram.state.updates.point_to("", "")
    async with running(place, telegram) as house:
        await house.settle()
        assert not telegram.pending
    assert ann.times_shown(UNKNOWN) == 1


@pytest.fixture
def two_hooks() -> Iterator[list[Hook]]:
    with held_port() as one, held_port() as other:
        yield [Hook(one), Hook(other)]


async def test_several_processes_share_an_address_and_one_that_stops_leaves_it_to_the_others(
    postgres: Server, tmp_path: Path, telegram: LoopbackTelegram, two_hooks: list[Hook]
) -> None:
    database, keys = postgres.fresh_database(), postgres.fresh_database(empty=True)
    async with Balancer(two_hooks).open() as balancer:
        apps = []
        for number, hook in enumerate(two_hooks):
            place = Place("postgresql", tmp_path / str(number), database, keys)
            given = {**Hook(hook.port, balancer.url).settings, "master_keys": "A" * 43 + "="}
            apps.append(App(place.settings(telegram, **given), random=Random(number)))
            await apps[-1].start()
        phones = [telegram.person(f"Person {number}") for number in range(PEOPLE)]
        for phone in phones:
            phone.start()
        await settle_all(telegram, apps)
        assert set(balancer.passed) == {hook.port for hook in two_hooks}
        for phone in phones:
            phone.write("/nosuch")
        await apps.pop(0).stop()
        assert telegram.state.updates.webhook_url == balancer.url
        for phone in phones:
            phone.write("/nosuch")
        await settle_all(telegram, apps)
        await apps.pop().stop()
    assert [Phone(phone).times_shown(UNKNOWN) for phone in phones] == [2] * PEOPLE
    for url in (database, keys):
        postgres.drop_database(url)


async def settle_all(telegram: LoopbackTelegram, apps: list[App]) -> None:
    while True:
        await asyncio.wait_for(telegram.state.updates.confirmed(), 60)
        for app in apps:
            await asyncio.wait_for(app.settle(), 60)
        if not telegram.pending:
            return
