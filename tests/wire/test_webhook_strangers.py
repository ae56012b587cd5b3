"""What comes to a webhook and is no update: it does nothing, learns nothing and is logged without its content."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession
from structlog.testing import capture_logs

from bot.logs import start_logs
from bot.playground.server import LoopbackTelegram
from bot.wire.webhook import MOST_BYTES, Webhook
from tests.conftest import House, Place
from tests.couples import set_up
from tests.hooked import HEADER, PATH, SECRET, Hook, in_unit, message, post, processed, running, until

UNKNOWN = "I don't know that command."


@pytest.fixture
def logged() -> io.StringIO:
    """All that is logged."""
    out = io.StringIO()
    start_logs("DEBUG", "json", to=out)
    return out


@pytest.mark.parametrize(
    ("method", "path", "secret"),
    [
        ("POST", PATH, None),
        ("POST", PATH, ""),
        ("POST", PATH, SECRET[:-1]),
        ("POST", PATH, SECRET + "x"),
        ("POST", PATH, "\N{SNOWMAN}"),
        ("POST", PATH + "/", SECRET),
        ("POST", "/", SECRET),
        ("GET", PATH, None),
        ("GET", PATH, SECRET),
        ("PUT", PATH, SECRET),
        ("OPTIONS", PATH, None),
        ("GET", "/", None),
        ("POST", "/health", None),
    ],
)
async def test_a_stranger_learns_nothing_and_does_nothing(
    hooked: House, hook: Hook, session: ClientSession, method: str, path: str, secret: str | None
) -> None:
    ann = hooked.phone("Ann")
    await ann.start()
    address = hook.address.removesuffix(PATH) + path
    headers = {} if secret is None else {HEADER: secret}
    body = json.dumps(message(900_000_000, ann, "/nosuch"))
    async with session.request(method, address, data=body, headers=headers) as response:
        assert (response.status, await response.read()) == (404, b"")
        assert sorted(response.headers) == ["Content-Length", "Date", "Server"]
    await hooked.settle()
    assert not ann.shows(UNKNOWN)
    assert 900_000_000 not in await in_unit(hooked, processed)


async def test_it_tells_whether_it_lives(hooked: House, hook: Hook, session: ClientSession) -> None:
    health = hook.address.removesuffix(PATH) + "/health"
    async with session.get(health) as response:
        assert (response.status, await response.read()) == (200, b"")
    receiver = hooked.app.receiver
    assert isinstance(receiver, Webhook)
    receiver._ending.set()
    async with session.get(health) as response:
        assert response.status == 503


async def test_what_is_too_long_is_refused_before_it_is_in_memory(
    hooked: House, hook: Hook, session: ClientSession
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1000 * MOST_BYTES:
            sent += MOST_BYTES
            yield b" " * MOST_BYTES

    assert await post(session, hook, b" " * (MOST_BYTES + 1)) == 413
    try:
        async with session.post(hook.address, data=endless(), headers={HEADER: SECRET}) as response:
            assert response.status == 413
    except ClientError:  # the answer went under while more was written
        pass
    assert sent < 1000 * MOST_BYTES
    assert await post(session, hook, message(900_000_001, hooked.phone("Ann"), "/nosuch")) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"my private words",
        b'{"update_id": 1, "message": "my private words"}',
        b'["my private words"]',
        b'"my private words"',
        b"\xff\xfe my private words",
        b"[" * 100_000,
        b"9" * 10_000,
        b'{"update_id": 1e999}',
        b"null",
        b"5",
        b"{}",
        b'{"update_id": true}',
        b'[{"update_id": 5}]',
    ],
)
async def test_what_is_malformed_is_passed_over_without_a_word(
    hooked: House, hook: Hook, session: ClientSession, body: bytes
) -> None:
    ann = hooked.phone("Ann")
    with capture_logs() as logs:
        assert await post(session, hook, body) == 200
    (log,) = [each for each in logs if each["event"] == "malformed_update"]
    assert "private words" not in str(logs)
    assert log["log_level"] == "warning"
    await ann.start()
    assert ann.from_bot


async def test_a_call_that_breaks_off_in_the_middle_is_no_trouble(
    logged: io.StringIO, hooked: House, hook: Hook, session: ClientSession
) -> None:
    assert isinstance(hooked.app.receiver, Webhook)
    webhook = hooked.app.receiver
    _, writer = await asyncio.open_connection("127.0.0.1", hook.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: bot\r\n{HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n"
    writer.write(head.encode() + b'{"update_id": 900000000,')
    await until(lambda: webhook._at_work == 1)
    writer.close()
    await webhook.settle()
    assert await post(session, hook, message(900_000_001, hooked.phone("Ann"), "/nosuch")) == 200
    assert '"level": "error"' not in logged.getvalue()


async def test_nothing_that_came_packed_is_unpacked(hooked: House, hook: Hook, session: ClientSession) -> None:
    assert await post(session, hook, b"not packed at all", **{"Content-Encoding": "gzip"}) == 200


async def test_logs_hold_neither_the_secret_nor_words(
    logged: io.StringIO, sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook, session: ClientSession
) -> None:
    async with running(sqlite_place, telegram, **hook.settings) as house:
        ann = house.phone("Annabellina")
        await set_up(ann)
        await ann.say("a-marmalade-secret")
        for body in (
            b"a-marmalade-secret",
            b"a-marmalade-secret" * 100_000,
            b'{"update_id": 1, "a-marmalade-secret": 5}',
        ):
            await post(session, hook, body)
        async with session.post(hook.address, data=b"a-marmalade-secret", headers={HEADER: "another"}) as response:
            assert response.status == 404
    text = logged.getvalue()
    for event in ("malformed_update", "update_too_long", "stranger_refused"):
        assert event in text
    for planted in ("a-marmalade-secret", "Annabellina", str(ann.id), SECRET, telegram.token):
        assert planted not in text
