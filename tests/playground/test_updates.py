import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.playground.server import LoopbackTelegram
from tests.phones import Phone, settle_quietly
from tests.playground.conftest import Watch
from tests.playground.raw import Raw


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_comes_again_until_an_offset_confirms_it(raw: Raw, ann: Phone) -> None:
    for words in ("one", "two", "three"):
        await ann.say(words)
    first = await raw.ok("getUpdates")
    assert texts(first) == ["one", "two", "three"]
    assert await raw.ok("getUpdates", offset=ids(first)[0]) == first
    assert texts(await raw.ok("getUpdates", offset=ids(first)[0] + 1)) == ["two", "three"]
    assert texts(await raw.ok("getUpdates")) == ["two", "three"]
    assert await raw.ok("getUpdates", offset=ids(first)[-1] + 1) == []


async def test_ids_count_up_by_one(raw: Raw, ann: Phone, ben: Phone) -> None:
    await ann.say("a")
    await ben.say("b")
    updates = await raw.ok("getUpdates")
    assert ids(updates)[1] == ids(updates)[0] + 1
    assert updates[1]["message"]["message_id"] > updates[0]["message"]["message_id"]


async def test_a_negative_offset_forgets_all_but_the_last(raw: Raw, ann: Phone) -> None:
    for number in range(5):
        await ann.say(str(number))
    assert texts(await raw.ok("getUpdates", offset=-2)) == ["3", "4"]
    assert texts(await raw.ok("getUpdates")) == ["3", "4"]


async def test_a_limit_holds(raw: Raw, ann: Phone) -> None:
    for number in range(150):
        await ann.say(str(number))
    assert texts(await raw.ok("getUpdates", limit=2)) == ["0", "1"]
    assert len(await raw.ok("getUpdates")) == 100


async def test_a_long_poll_wakes_at_once(raw: Raw, ann: Phone) -> None:
    poll = asyncio.create_task(raw.ok("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await ann.say("hello")
    async with asyncio.timeout(15):
        assert texts(await poll) == ["hello"]


async def test_a_long_poll_ends_empty(raw: Raw) -> None:
    async with asyncio.timeout(30):
        assert await raw.ok("getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_first_with_a_conflict(raw: Raw, ann: Phone) -> None:
    first = asyncio.create_task(raw.post("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(raw.ok("getUpdates", timeout=20))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await ann.say("still here")
    assert texts(await second) == ["still here"]


async def test_a_poll_whose_client_has_gone_bothers_nobody(raw: Raw, telegram: LoopbackTelegram) -> None:
    first = asyncio.create_task(raw.post("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.sleep(0.05)
    assert await raw.ok("getUpdates", timeout=0) == []


async def test_only_wanted_kinds_come_and_some_only_on_request(raw: Raw, ann: Phone) -> None:
    message = await ann.say("a")
    await ann.react(message, "👍")
    assert len(await raw.ok("getUpdates")) == 1
    await raw.ok("getUpdates", offset=-1, allowed_updates=["message_reaction"])
    await raw.ok("getUpdates", offset=2_000_000_000)
    await ann.say("b")
    await ann.react(message)
    (update,) = await raw.ok("getUpdates")
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_updates_older_than_a_day_are_lost(raw: Raw, ann: Phone, watch: Watch) -> None:
    await ann.say("old")
    watch.move(hours=23)
    await ann.say("young")
    watch.move(hours=2)
    assert texts(await raw.ok("getUpdates")) == ["young"]


async def test_anything_can_be_injected(raw: Raw, telegram: LoopbackTelegram) -> None:
    telegram.inject({"message": "not an object"})
    telegram.inject({"update_id": 999_000_000, "unheard_of": []})
    telegram.inject("not even an object")
    updates = await raw.ok("getUpdates")
    assert updates[1:] == [{"update_id": 999_000_000, "unheard_of": []}, "not even an object"]
    assert await raw.ok("getUpdates", offset=999_000_002) == []


async def test_an_update_has_the_fields_that_telegram_sends(raw: Raw, ben: Phone) -> None:
    await ben.say("/time 19:45 https://a.org")
    (update,) = await raw.ok("getUpdates")
    person = {"id": ben.id, "first_name": "Ben", "username": "ben_b"}
    message = update["message"]
    assert message["from"] == {**person, "is_bot": False, "language_code": "de"}
    assert message["chat"] == {**person, "type": "private"}
    assert message["entities"] == [
        {"offset": 0, "length": 5, "type": "bot_command"},
        {"offset": 12, "length": 13, "type": "url"},
    ]


async def test_blocking_and_unblocking_are_told(raw: Raw, ann: Phone) -> None:
    await ann.block()
    await ann.unblock()
    blocked, unblocked = (each["my_chat_member"] for each in await raw.ok("getUpdates"))
    assert blocked["old_chat_member"]["status"] == "member"
    assert blocked["new_chat_member"] == {**blocked["new_chat_member"], "status": "kicked", "until_date": 0}
    assert unblocked["new_chat_member"]["status"] == "member"


async def test_starting_again_after_a_block_tells_both(raw: Raw, ann: Phone) -> None:
    await ann.block()
    await ann.start("token-1")
    kinds = [sorted(set(each) - {"update_id"})[0] for each in await raw.ok("getUpdates")]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


class Hook:
    """A webhook that refuses its first delivery."""

    def __init__(self) -> None:
        self.secrets: list[str | None] = []
        self.taken: list[Any] = []

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if len(self.secrets) == 1:
            return web.Response(status=500)
        self.taken.append(await request.json())
        return web.Response()


@pytest.fixture
async def hook_address(hook: Hook) -> Any:
    application = web.Application()
    application.router.add_post("/hook", hook.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


@pytest.fixture
def hook() -> Hook:
    return Hook()


async def test_a_webhook_gets_each_update_until_it_takes_it(
    raw: Raw, ann: Phone, telegram: LoopbackTelegram, hook: Hook, hook_address: str
) -> None:
    await raw.ok("setWebhook", url=hook_address, secret_token="s3cret")
    await ann.say("one")
    await ann.say("two")
    await settle_quietly(telegram, quiet=0.01)
    assert [update["message"]["text"] for update in hook.taken] == ["one", "two"]
    assert hook.secrets == ["s3cret"] * 3
    info = await raw.ok("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (hook_address, 0)
    assert info["last_error_message"] == "Wrong response from the webhook: 500"
    assert "webhook is active" in await raw.refusal("getUpdates")
    await raw.ok("deleteWebhook", drop_pending_updates=True)
    assert await raw.ok("getUpdates") == []


async def test_a_webhook_address_is_checked(raw: Raw) -> None:
    assert "An HTTPS URL must be provided" in await raw.refusal("setWebhook", url="http://example.org/hook")
    refusal = await raw.refusal("setWebhook", url="https://example.org/hook", secret_token="not allowed")
    assert "secret token contains unallowed characters" in refusal
