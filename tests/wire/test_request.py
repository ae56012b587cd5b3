"""The HTTP backend: what is Telegram's word, and what somebody between says."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.wire.request import AiohttpRequest, Api

PRIVATE = "words that nobody else may read"
BLOCKED = '{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'


@asynccontextmanager
async def answering(status: int, body: Callable[[str], str]) -> AsyncIterator[Api]:
    """A server that gives one answer to everything."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body(await request.text()))

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    request = AiohttpRequest()
    await request.initialize()
    try:
        yield Api(request, f"http://127.0.0.1:{runner.addresses[0][1]}/bot1:x")
    finally:
        await request.shutdown()
        await runner.cleanup()


@pytest.mark.parametrize("status", [200, 400, 403, 404, 502])
async def test_a_page_of_somebody_between_says_nothing_of_a_person(status: int) -> None:
    async with answering(status, lambda sent: f"<html>Not here. You sent {sent}</html>") as api:
        with pytest.raises(NetworkError) as caught:
            await api.call("sendMessage", {"chat_id": 1, "text": PRIVATE})
    assert not isinstance(caught.value, BadRequest)
    assert "nobody" not in str(caught.value)


async def test_telegrams_own_refusal_does() -> None:
    async with answering(403, lambda _: BLOCKED) as api:
        with pytest.raises(Forbidden):
            await api.call("sendMessage", {"chat_id": 1, "text": PRIVATE})


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "{"),
        (200, "[]"),
        (200, '{"ok": true}'),
        (200, BLOCKED),
        (200, '{"a": ' * 100_000),
        (403, '{"message": "Forbidden"}'),
        (403, '{"ok": false, "description": 5}'),
        (403, '{"ok": true, "result": []}'),
        (400, '{"ok": false, "description": "Bad Request", "parameters": 5}'),
    ],
)
async def test_json_that_is_not_the_bot_apis_says_nothing_either(status: int, body: str) -> None:
    async with answering(status, lambda _: body) as api:
        with pytest.raises(NetworkError) as caught:
            await api.call("sendMessage", {"chat_id": 1, "text": PRIVATE})
    assert type(caught.value) is NetworkError
