"""Updates in by webhook: acknowledged after the commit, from Telegram alone, and nothing is lost on the way."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import psycopg
import pytest
from aiohttp import ClientError, ClientSession
from psycopg.sql import SQL, Identifier
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from bot.app import App
from bot.logs import start_logs
from bot.opening import CannotStart
from bot.playground import faults
from bot.playground.server import LoopbackTelegram
from bot.wire.intake import ALLOWED
from bot.wire.webhook import MOST_BYTES, Webhook
from storage import updates
from storage.tables import ParkedUpdate, ProcessedUpdate
from tests.conftest import Hands, House, Place
from tests.couples import couple, open_answers, set_up
from tests.harness.bare import BareServer
from tests.hooked import PATH, SECRET, Hook, held_port
from tests.phones import Phone
from tests.postgres import Server

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UNKNOWN = "I don't know that command."
LONG = "Nothing of this may be lost. " * 50  # two of them fill a page of the file
PEOPLE = 6


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Where the bot listens."""
    with held_port() as port:
        yield Hook(port)


@asynccontextmanager
async def running(place: Place, telegram: LoopbackTelegram, **given: object) -> AsyncIterator[House]:
    """A bot that lives here for as long as the block lasts."""
    app = App(place.settings(telegram, **given), random=Random(7))
    await app.start()
    try:
        yield House(app, telegram)
    finally:
        await app.stop()


@pytest.fixture
async def house(place: Place, telegram: LoopbackTelegram, hands: Hands, hook: Hook) -> AsyncIterator[House]:
    """The bot behind a webhook, running in this test's loop."""
    async with running(place, telegram, **hook.settings) as house:
        hands.read = house.app.now
        yield house


@pytest.fixture
async def sqlite_house(sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook) -> AsyncIterator[House]:
    """The same where the database makes no difference."""
    async with running(sqlite_place, telegram, **hook.settings) as house:
        yield house


@pytest.fixture
def logged() -> io.StringIO:
    """All that is logged."""
    out = io.StringIO()
    start_logs("DEBUG", "json", to=out)
    return out


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Somebody on the net."""
    async with ClientSession() as session:
        yield session


def message(number: int, phone: Phone, text: str) -> dict[str, Any]:
    """An update as Telegram sends it."""
    length = len(text.split(maxsplit=1)[0])
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_760_000_000,
            "chat": {"id": phone.id, "type": "private", "first_name": phone.name},
            "from": {"id": phone.id, "is_bot": False, "first_name": phone.name},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": length}],
        },
    }


async def post(session: ClientSession, hook: Hook, body: object, **headers: str) -> int:
    """Send something with Telegram's secret; gives the status of the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with session.post(hook.address, data=data, headers={HEADER: SECRET, **headers}) as response:
        assert await response.read() == b""
        return response.status


async def in_unit(house: House, work: Callable[[Session], Any]) -> Any:
    return await asyncio.wrap_future(house.app.units.submit(work))


def processed(session: Session) -> list[int]:
    return list(session.exec(select(ProcessedUpdate.update_id).order_by(col(ProcessedUpdate.update_id))))


def parked(session: Session) -> list[int]:
    return list(session.exec(select(ParkedUpdate.update_id)))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)


# -- people


async def test_two_people_live_over_a_webhook(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    assert "The first coffee." in ann.last.text
    assert "Tea outside." in ben.last.text
    assert not house.telegram.state.updates.webhook_error
    assert await in_unit(house, parked) == []


async def test_it_registers_itself_with_what_it_reads(sqlite_house: House, hook: Hook) -> None:
    await sqlite_house.telegram.state.updates.polled(0)
    (call,) = sqlite_house.telegram.calls.of("setWebhook")
    assert call.parameters == {
        "url": hook.address,
        "secret_token": SECRET,
        "allowed_updates": json.dumps(ALLOWED),
        "max_connections": "100",
        "drop_pending_updates": "false",
    }
    assert sqlite_house.telegram.state.updates.allowed == frozenset(ALLOWED)


# -- strangers


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
    sqlite_house: House, hook: Hook, session: ClientSession, method: str, path: str, secret: str | None
) -> None:
    ann = sqlite_house.phone("Ann")
    await ann.start()
    address = hook.address.removesuffix(PATH) + path
    headers = {} if secret is None else {HEADER: secret}
    body = json.dumps(message(900_000_000, ann, "/nosuch"))
    async with session.request(method, address, data=body, headers=headers) as response:
        assert (response.status, await response.read()) == (404, b"")
        assert sorted(response.headers) == ["Content-Length", "Date", "Server"]
    await sqlite_house.settle()
    assert not ann.shows(UNKNOWN)
    assert 900_000_000 not in await in_unit(sqlite_house, processed)


async def test_it_tells_whether_it_lives(sqlite_house: House, hook: Hook, session: ClientSession) -> None:
    health = hook.address.removesuffix(PATH) + "/health"
    async with session.get(health) as response:
        assert (response.status, await response.read()) == (200, b"")
    receiver = sqlite_house.app.receiver
    assert isinstance(receiver, Webhook)
    receiver._ending.set()
    async with session.get(health) as response:
        assert response.status == 503


# -- what cannot be read


async def test_what_is_too_long_is_refused_before_it_is_in_memory(
    sqlite_house: House, hook: Hook, session: ClientSession
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
    assert await post(session, hook, message(900_000_001, sqlite_house.phone("Ann"), "/nosuch")) == 200


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
    ],
)
async def test_what_is_malformed_is_passed_over_without_a_word(
    sqlite_house: House, hook: Hook, session: ClientSession, body: bytes
) -> None:
    ann = sqlite_house.phone("Ann")
    with capture_logs() as logs:
        assert await post(session, hook, body) == 200
    (log,) = [each for each in logs if each["event"] == "malformed_update"]
    assert "private words" not in str(logs)
    assert log["log_level"] == "warning"
    await ann.start()
    assert ann.from_bot


async def test_nothing_that_came_packed_is_unpacked(sqlite_house: House, hook: Hook, session: ClientSession) -> None:
    assert await post(session, hook, b"not packed at all", **{"Content-Encoding": "gzip"}) == 200


# -- what comes twice, in disorder, at a bad moment


async def test_what_is_sent_again_is_applied_once(house: House, hook: Hook, session: ClientSession, ann: Phone) -> None:
    await ann.start()
    update = message(900_000_000, ann, "/nosuch")
    statuses = await asyncio.gather(*(post(session, hook, update) for _ in range(5)))
    assert statuses == [200] * 5
    await house.settle()
    assert ann.times_shown(UNKNOWN) == 1


async def test_a_chat_is_served_in_the_order_of_the_numbers(
    sqlite_house: House, hook: Hook, session: ClientSession
) -> None:
    ann = sqlite_house.phone("Ann")
    await set_up(ann)
    receiver = sqlite_house.app.receiver
    assert isinstance(receiver, Webhook)
    released = Event()
    busy = asyncio.ensure_future(in_unit(sqlite_house, lambda _: released.wait(60)))
    posts = []
    for count, number in enumerate((900_000_000, 900_000_003, 900_000_001, 900_000_002), start=1):
        update = message(number, ann, f"/time 20:0{number % 10}")
        posts.append(asyncio.ensure_future(post(session, hook, update)))
        await until(lambda count=count: receiver._at_work == count)  # type: ignore[misc]
    released.set()
    await busy
    assert await asyncio.gather(*posts) == [200] * 4
    await sqlite_house.settle()
    assert ann.last.text.startswith("Your question comes at 20:03")


@asynccontextmanager
async def no_database(house: House, place: Place) -> AsyncIterator[None]:
    """The database is away for as long as the block lasts: its disk is full, or its server takes nobody in."""
    away, back = (_fill_disk, _empty_disk) if place.kind == "sqlite" else (_lock_out, _let_in)
    await away(house, place)
    try:
        yield
    finally:
        await back(house, place)


async def _fill_disk(house: House, _: Place) -> None:
    await _give_pages(house, 2)


async def _empty_disk(house: House, _: Place) -> None:
    await _give_pages(house, None)


async def _give_pages(house: House, more: int | None) -> None:
    def limit(session: Session) -> None:
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={1 << 30 if more is None else pages + more}")

    await in_unit(house, limit)


async def _lock_out(_: House, place: Place) -> None:
    name = place.database_url.partition("?")[0].rpartition("/")[2]
    _as_admin(place, SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(Identifier(name)))
    _as_admin(place, SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(name))


async def _let_in(_: House, place: Place) -> None:
    name = place.database_url.partition("?")[0].rpartition("/")[2]
    _as_admin(place, SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(Identifier(name)))


def _as_admin(place: Place, statement: Any) -> None:
    path, mark, query = place.database_url.partition("?")
    with psycopg.connect(path.rpartition("/")[0] + "/postgres" + mark + query, autocommit=True) as connection:
        connection.execute(statement)


async def test_while_the_database_is_away_telegram_is_told_to_come_again(house: House, place: Place) -> None:
    phones = [house.phone(f"Person {number}") for number in range(PEOPLE)]
    for phone in phones:
        await set_up(phone)
    async with no_database(house, place):
        for phone in phones:
            phone.account.write(f"{phone.name}: {LONG}")
        waiting = house.telegram.state.updates
        await until(lambda: bool(waiting.webhook_error) or not waiting.pending)
        assert waiting.pending, "what is not kept was acknowledged"
        assert waiting.webhook_error["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    await house.settle()
    assert [phone.times_shown(f"{phone.name}: Nothing") for phone in phones] == [1] * PEOPLE
    assert await in_unit(house, parked) == []


async def test_what_was_at_work_when_the_bot_stops_is_answered_and_nothing_else(
    sqlite_place: Place, telegram: LoopbackTelegram, hook: Hook, session: ClientSession
) -> None:
    async with running(sqlite_place, telegram, **hook.settings) as house:
        ann = house.phone("Ann")
        await ann.start()
        receiver = house.app.receiver
        assert isinstance(receiver, Webhook)
        released = Event()
        busy = asyncio.ensure_future(in_unit(house, lambda _: released.wait(60)))
        early = asyncio.ensure_future(post(session, hook, message(900_000_000, ann, "/nosuch")))
        await until(lambda: receiver._at_work == 1)
        receiver._ending.set()
        assert await post(session, hook, message(900_000_001, ann, "/nosuch")) == 503
        released.set()
        await busy
        assert await early == 200
    async with running(sqlite_place, telegram) as house:
        kept = await in_unit(house, processed)
        assert 900_000_000 in kept
        assert 900_000_001 not in kept


# -- the webhook itself


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


async def test_a_webhook_that_somebody_took_away_is_set_again(sqlite_house: House, hook: Hook) -> None:
    looks = await looks_after(sqlite_house)
    ann = sqlite_house.phone("Ann")
    sqlite_house.telegram.state.updates.point_to("", "")
    ann.account.start()
    with capture_logs() as logs:
        await looks.look()
    assert [each["event"] for each in logs][:2] == ["webhook_was_gone", "webhook_set"]
    await sqlite_house.settle()
    assert ann.from_bot


async def test_what_telegram_says_of_failures_is_told_once(sqlite_house: House, hook: Hook) -> None:
    telegram = sqlite_house.telegram
    looks = await looks_after(sqlite_house)
    telegram.state.updates.webhook_secret = "another"
    sqlite_house.phone("Ann").account.start()
    await until(lambda: bool(telegram.state.updates.webhook_error))
    with capture_logs() as logs:
        await looks.look()
    (told,) = [each for each in logs if each["event"] == "webhook_fails"]
    assert (told["count"], told["error"]) == (1, "Wrong response from the webhook: 404 Not Found")
    telegram.state.updates.webhook_secret = SECRET
    await sqlite_house.settle()
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


# -- from one way to the other


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
    place: Place, telegram: LoopbackTelegram, hook: Hook, session: ClientSession
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


# -- several behind one address


class Balancer:
    """What stands before several processes: passes each request on to the next one that takes it."""

    def __init__(self, hooks: list[Hook]) -> None:
        self._hooks, self._next = hooks, 0
        self.url = ""
        self.passed: list[int] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH}"
        try:
            yield self
        finally:
            server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._hooks:
            hook = self._hooks[self._next % len(self._hooks)]
            self._next += 1
            try:
                inner, outer = await asyncio.open_connection("127.0.0.1", hook.port)
            except OSError:
                continue
            self.passed.append(hook.port)
            await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
            return
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


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
