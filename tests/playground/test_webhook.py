"""A webhook of the loopback Telegram: who is called, in which order, how often, and what the bot is told of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.playground.server import LoopbackTelegram
from bot.playground.updates import Waiting
from bot.playground.webhook import lane_of, pause_after
from tests.phones import Phone, settle_quietly
from tests.playground.conftest import Watch
from tests.playground.raw import Raw


class Hook:
    """Takes updates, after the answers that the test wants."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.secrets: list[str | None] = []
        self.came: list[Any] = []
        self.taken: list[Any] = []
        self.holds = asyncio.Event()
        self.holds.set()
        self.at_once = self.most_at_once = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        self.came.append(update)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.holds.wait()
        self.at_once -= 1
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(update)
        return web.Response()

    async def until(self, count: int) -> None:
        """Wait until so many updates came, taken or not."""
        async with asyncio.timeout(20):
            while len(self.came) < count:
                await asyncio.sleep(0.005)


@pytest.fixture
async def telegram(watch: Watch) -> AsyncIterator[LoopbackTelegram]:
    """One whose pauses between attempts are short."""
    server = LoopbackTelegram(now=watch.now, unlimited=True, webhook_second=0.002)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    application = web.Application()
    application.router.add_post("/hook", hook.take)
    application.router.add_post("/moved", _elsewhere)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    hook.holds.set()
    await runner.cleanup()


async def _elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPTemporaryRedirect("/hook")


def texts(updates: list[Any]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_a_webhook_gets_each_update_until_it_takes_it(
    raw: Raw, ann: Phone, telegram: LoopbackTelegram, hook: Hook
) -> None:
    hook.answers = [web.Response(status=500), web.Response(status=503), web.Response(status=404)]
    await raw.ok("setWebhook", url=hook.url, secret_token="s3cret", max_connections=7)
    await ann.say("one")
    await ann.say("two")
    await settle_quietly(telegram, quiet=0.01)
    assert texts(hook.taken) == ["one", "two"]
    assert hook.secrets == ["s3cret"] * 5
    info = await raw.ok("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (hook.url, 0, 7)
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"
    assert "webhook is active" in await raw.refusal("getUpdates")
    await raw.ok("deleteWebhook")
    assert await raw.ok("getUpdates") == []


async def test_a_webhook_where_nobody_listens_is_tried_again(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    await raw.ok("setWebhook", url="http://127.0.0.1:9/hook")
    await ann.say("one")
    async with asyncio.timeout(20):
        while "last_error_message" not in (info := await raw.ok("getWebhookInfo")):
            await asyncio.sleep(0.005)
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1


async def test_a_redirect_is_no_answer(raw: Raw, ann: Phone, hook: Hook) -> None:
    await raw.ok("setWebhook", url=hook.url.replace("/hook", "/moved"))
    await ann.say("one")
    async with asyncio.timeout(20):
        while "307" not in (await raw.ok("getWebhookInfo")).get("last_error_message", ""):
            await asyncio.sleep(0.005)
    assert hook.came == []


async def test_chats_are_served_side_by_side_and_each_in_order(raw: Raw, ann: Phone, ben: Phone, hook: Hook) -> None:
    hook.holds.clear()
    await raw.ok("setWebhook", url=hook.url)
    for words in ("one", "two"):
        await ann.say(words)
        await ben.say(words)
    await hook.until(2)
    hook.holds.set()
    await hook.until(4)
    assert hook.most_at_once == 2
    for phone in (ann, ben):
        assert texts([one for one in hook.taken if one["message"]["chat"]["id"] == phone.id]) == ["one", "two"]


async def test_one_chat_that_fails_holds_up_nobody_else(raw: Raw, ann: Phone, ben: Phone, hook: Hook) -> None:
    hook.answers = [web.Response(status=503, headers={"Retry-After": "3600"})]
    await ann.say("stuck")
    await raw.ok("setWebhook", url=hook.url)
    await hook.until(1)
    await ann.say("behind it")
    await ben.say("hello")
    await hook.until(2)
    assert texts(hook.came) == ["stuck", "hello"]


async def test_there_are_never_more_connections_than_the_bot_wants(
    raw: Raw, telegram: LoopbackTelegram, hook: Hook
) -> None:
    hook.holds.clear()
    await raw.ok("setWebhook", url=hook.url, max_connections=2)
    for name in ("A", "B", "C", "D"):
        telegram.person(name).start()
    await hook.until(2)
    hook.holds.set()
    await hook.until(4)
    assert hook.most_at_once == 2


async def test_what_was_not_taken_is_there_for_polls_again(raw: Raw, ann: Phone, hook: Hook) -> None:
    hook.holds.clear()
    await raw.ok("setWebhook", url=hook.url)
    await ann.say("one")
    await hook.until(1)
    await raw.ok("deleteWebhook", drop_pending_updates=False)
    hook.holds.set()
    assert texts(await raw.ok("getUpdates")) == ["one"]
    await raw.ok("setWebhook", url=hook.url, drop_pending_updates=True)
    assert (await raw.ok("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_poll_that_waits_when_a_webhook_is_set_takes_nothing_from_it(
    raw: Raw, ann: Phone, telegram: LoopbackTelegram, hook: Hook
) -> None:
    poll = asyncio.create_task(raw.post("getUpdates", timeout=20))
    await telegram.state.updates.polled(0)
    await raw.ok("setWebhook", url=hook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    await ann.say("one")
    await hook.until(1)


async def test_updates_older_than_a_day_are_not_pushed(raw: Raw, ann: Phone, watch: Watch, hook: Hook) -> None:
    await ann.say("old")
    watch.move(hours=25)
    await ann.say("young")
    await raw.ok("setWebhook", url=hook.url)
    await hook.until(1)
    assert texts(hook.came) == ["young"]


async def test_pauses_grow_and_what_the_bot_asks_for_goes_before() -> None:
    assert [pause_after(fails, 0) for fails in range(8)] == [0, 2, 4, 8, 16, 32, 60, 60]
    assert [pause_after(5, asked) for asked in (1, 90, 9999)] == [1, 90, 3600]


@pytest.mark.parametrize("body", ["text", {}, {"message": 5}, {"message": {"chat": {"id": "x"}}}, {"unheard": {}}])
def test_what_is_malformed_is_alone(body: Any, watch: Watch) -> None:
    assert lane_of(Waiting(7, body, watch.now())) == 7


def test_presses_and_messages_of_a_chat_do_not_wait_for_each_other(watch: Watch) -> None:
    message = Waiting(1, {"update_id": 1, "message": {"chat": {"id": 5}}}, watch.now())
    press = Waiting(2, {"update_id": 2, "callback_query": {"from": {"id": 5}}}, watch.now())
    assert lane_of(message) == ("message", 5)
    assert lane_of(press) == ("callback_query", 5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": "http://example.org/hook"}, "An HTTPS URL must be provided"),
        ({"url": "https://example.org:8080/hook"}, "only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org:port/hook"}, "only on ports 80, 88, 443 or 8443"),
        (
            {"url": "https://example.org/hook", "secret_token": "not allowed"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_a_webhook_is_checked_before_it_is_set(raw: Raw, given: dict[str, str], words: str) -> None:
    assert words in await raw.refusal("setWebhook", **given)
    assert (await raw.ok("getWebhookInfo"))["url"] == ""
