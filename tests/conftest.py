"""What every test can ask for: databases, the running bot over the loopback Telegram, and two phones."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.app import App, spare_the_collector
from bot.messages.library import load
from bot.playground.server import LoopbackTelegram
from bot.practice.prompts import Library
from bot.settings import Settings
from storage import migrating
from storage.database import connect
from storage.keys import KeyStore
from storage.masters import masters_in
from tests import databases
from tests.compiled_once import compile_once
from tests.harness.nursery import Nursery
from tests.model_check import the_models
from tests.phones import Phone
from tests.postgres import Server, postgres_server

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
settings.load_profile("house")
WEBHOOK_SECOND = 0.005  # Telegram's pauses before it tries a webhook again, in a hurry
LONGEST = "test_kills.py"  # begun first, so that no worker has long ones left when the others are done
BEGIN = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # a Wednesday: what a test finds does not depend on the day it runs


def pytest_addoption(parser: pytest.Parser) -> None:
    databases.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(databases.Teller(config))
    compile_once()


@pytest.hookimpl(trylast=True)  # after the folders have marked theirs
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    databases.choose(config, items)
    items.sort(key=lambda item: item.path.name != LONGEST)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; looking through it again and again was a fifth of what tests cost."""
    spare_the_collector()


@dataclass
class Place:
    """Where a bot keeps its rows and keys."""

    kind: str
    folder: Path
    database_url: str
    keys_url: str

    def settings(self, telegram: LoopbackTelegram, **given: object) -> Settings:
        """Settings for a bot that lives here."""
        values: dict[str, object] = {
            "bot_token": telegram.token,
            "bot_api_url": telegram.url,
            "data_dir": self.folder,
            "database_url": self.database_url,
            "keys_url": self.keys_url,
            "messages_per_second": 0,
            "playground": True,
            "playground_ahead": (BEGIN - datetime.now(UTC)).total_seconds(),
        }
        return Settings(_env_file=None, **(values | given))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Where a test sends its logs ends with it: others look for theirs elsewhere."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    structlog.configure(**configured)
    root.handlers, root.level = handlers, level


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real PostgreSQL for all tests of this run."""
    server = postgres_server(tmp_path_factory.getbasetemp())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where bots in processes of their own come from, with the program loaded; one for all tests of a worker."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "side-by-side.db"
    engine = connect(f"sqlite:///{path}")
    migrating.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fresh key store and its master key, to copy."""
    folder = tmp_path_factory.mktemp("keyring")
    KeyStore(f"sqlite:///{folder / 'keys.db'}", masters_in(folder)).close()
    return folder


@pytest.fixture(scope="session")
def library() -> Library:
    """The prompts and topics, read once."""
    return load()


@pytest.fixture(params=databases.DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty, migrated place, on SQLite and on PostgreSQL; with `--databases one` on one of the two."""
    made = make_place(request, tmp_path, request.param)
    yield made
    if made.kind == "postgresql":
        request.getfixturevalue("postgres").drop_database(made.database_url)


@pytest.fixture
def sqlite_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty, migrated place on SQLite, where the database makes no difference."""
    return make_place(request, tmp_path, "sqlite")


def make_place(request: pytest.FixtureRequest, folder: Path, kind: str) -> Place:
    """A place of its own for one test."""
    folder.chmod(0o700)
    shutil.copytree(request.getfixturevalue("keyring"), folder, dirs_exist_ok=True)
    keys_url = f"sqlite:///{folder / 'keys.db'}"
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return Place(kind, folder, server.fresh_database(), keys_url)
    return Place(kind, folder, copied(request.getfixturevalue("migrated"), folder), keys_url)


def copied(migrated: Path, folder: Path) -> str:
    """The address of an own copy of the migrated file."""
    path = folder / "side-by-side.db"
    shutil.copy(migrated, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


class Hands:
    """The time that the loopback Telegram shows: the bot's own once it runs."""

    def __init__(self) -> None:
        self.read: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """This instant, UTC."""
        return self.read()


@pytest.fixture
def hands() -> Hands:
    """The time on everybody's phone."""
    return Hands()


@pytest.fixture
async def telegram(hands: Hands) -> AsyncIterator[LoopbackTelegram]:
    """The loopback Telegram; every call is checked against independent models of the Bot API."""
    server = LoopbackTelegram(now=hands.now, unlimited=True, webhook_second=WEBHOOK_SECOND)
    server.check = the_models()
    await server.start()
    yield server
    await server.stop()
    assert server.complaints == []


@dataclass
class House:
    """A running bot with its Telegram: what tests act on and wait for."""

    app: App
    telegram: LoopbackTelegram
    phones: list[Phone] = field(default_factory=list)

    def phone(self, name: str, language: str = "en") -> Phone:
        """A new person with a phone."""
        phone = Phone(self.telegram.person(name, language), settle=self.settle)
        self.phones.append(phone)
        return phone

    async def settle(self) -> None:
        """Wait until all that people did has been answered."""
        while True:
            await asyncio.wait_for(self.telegram.state.updates.confirmed(), 60)
            await asyncio.wait_for(self.app.settle(), 60)
            if not self.telegram.pending:
                return

    async def pass_time(self, **by: float) -> None:
        """Move the bot's clock, as `timedelta` is spelled, and wait for what follows."""
        await self.app.move_clock(timedelta(**by))
        if self.telegram.pending:  # what was sent made somebody do something
            await self.settle()

    def now(self) -> datetime:
        """The bot's time."""
        return self.app.now()


@pytest.fixture
async def house(place: Place, telegram: LoopbackTelegram, hands: Hands, library: Library) -> AsyncIterator[House]:
    """The bot, running in this test's loop."""
    app = App(place.settings(telegram), library=library, random=Random(7))
    await app.start()
    hands.read = app.now
    yield House(app, telegram)
    await app.stop()


@pytest.fixture
async def apps() -> AsyncIterator[list[App]]:
    """Every bot that a test starts itself; what still runs is stopped."""
    apps: list[App] = []
    yield apps
    for app in apps:
        await app.stop()


@pytest.fixture
def ann(house: House) -> Phone:
    """One partner, who writes English."""
    return house.phone("Ann")


@pytest.fixture
def ben(house: House) -> Phone:
    """The other partner."""
    return house.phone("Ben")
