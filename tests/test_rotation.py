"""G13: the master key is rotated in chunks; killed in the middle, the next run goes on. All can be read throughout."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot import rotation
from bot.commands import OTHER_MASTERS
from bot.playground.server import LoopbackTelegram
from storage.keys import KeyStore, WrongMasterKey
from storage.masters import MASTER_KEY_FILE, Masters, masters_from, masters_in
from tests.conftest import House, Place
from tests.couples import set_up
from tests.figures import reached, times
from tests.harness.nursery import Nursery, WarmBot
from tests.phones import Phone, settle_child

pytestmark = pytest.mark.every_database

MANY = rotation.CHUNK * 2 + 50


class Cut(Exception):
    """The process ended here."""


def store_in(folder: Path) -> KeyStore:
    return KeyStore(f"sqlite:///{folder / 'keys.db'}", masters_in(folder))


def filled(folder: Path) -> dict[UUID, bytes]:
    store = store_in(folder)
    made = {owner: store.create(owner) for owner in (uuid4() for _ in range(MANY))}
    store.close()
    return made


def readable(folder: Path) -> dict[UUID, bytes]:
    store = store_in(folder)
    found = {owner: store.data_key(owner) for owner in OWNERS}
    store.close()
    return found


OWNERS: list[UUID] = []


@pytest.fixture
def made(tmp_path: Path) -> dict[UUID, bytes]:
    made = filled(tmp_path)
    OWNERS[:] = made
    return made


def masters(folder: Path) -> Masters:
    return masters_from((folder / MASTER_KEY_FILE).read_text())


def test_all_keys_are_wrapped_anew_and_the_old_master_is_forgotten(tmp_path: Path, made: dict[UUID, bytes]) -> None:
    old = masters(tmp_path)
    store = store_in(tmp_path)
    assert sum(rotation.chunks(store, tmp_path, given=False, point=lambda _: None)) == MANY + 2  # and the bot's own
    assert all(store.data_key(owner) == key for owner, key in made.items())
    store.close()
    assert readable(tmp_path) == made
    assert len(masters(tmp_path).keys) == 1
    assert masters(tmp_path) != old
    with pytest.raises(WrongMasterKey):
        KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", old)
    assert (tmp_path / MASTER_KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_cut_off_anywhere_it_can_be_read_and_the_next_run_goes_on(
    tmp_path: Path, made: dict[UUID, bytes], moment: int
) -> None:
    reached = []

    def cut(_: str) -> None:
        reached.append(1)
        if len(reached) == moment:
            raise Cut

    store = store_in(tmp_path)
    with pytest.raises(Cut):
        list(rotation.chunks(store, tmp_path, given=False, point=cut))
    store.close()
    half = masters(tmp_path)
    assert len(half.keys) == 2
    assert readable(tmp_path) == made

    store = store_in(tmp_path)
    list(rotation.chunks(store, tmp_path, given=False, point=lambda _: None))
    store.close()
    assert masters(tmp_path).keys == half.keys[:1], "no third key was made"
    assert readable(tmp_path) == made


def test_with_keys_from_the_settings_the_first_takes_over(tmp_path: Path) -> None:
    old, new = Masters((b"o" * 32,)), Masters((b"n" * 32, b"o" * 32))
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    store = KeyStore(url, old)
    key = store.create(UUID(int=77))
    store.close()
    store = KeyStore(url, new)
    assert sum(rotation.chunks(store, tmp_path, given=True, point=lambda _: None)) == 3
    store.close()
    store = KeyStore(url, Masters((b"n" * 32,)))
    assert store.data_key(UUID(int=77)) == key
    with pytest.raises(WrongMasterKey):
        store.adopt(Masters((b"x" * 32,)))
    assert store.data_key(UUID(int=77)) == key
    store.close()


async def test_a_running_bot_rotates_while_people_write(sqlite_place: Place, house: House, ann: Phone) -> None:
    await set_up(ann)
    before = masters(house.app._settings.data_dir)
    writing = asyncio.create_task(ann.say("Tea in the morning."))
    answer = await house.app.commands.rotate({})
    await writing
    assert answer["count"] >= 3
    assert masters(house.app._settings.data_dir) != before
    assert ann.shows("Tea in the morning.")
    await ann.say("/today")
    assert ann.shows("Tea in the morning.")


@pytest.mark.parametrize("countdown", [1, 2])
async def test_killed_in_the_middle_the_bot_starts_and_goes_on(
    sqlite_place: Place, telegram: LoopbackTelegram, nursery: Nursery, countdown: int
) -> None:
    given = {"log": sqlite_place.folder / "log", "settings": {"MESSAGES_PER_SECOND": "0"}}
    bot = WarmBot(nursery, telegram, sqlite_place.folder, **given)
    ann = Phone(telegram.person("Ann"), settle=lambda: settle_child(telegram, bot))
    await bot.start()
    await set_up(ann)
    await ann.say("Tea in the morning.")
    for _ in range(times(1)):
        await bot.die_at("rotating", countdown=countdown)
        with pytest.raises((ConnectionError, TimeoutError)):
            await bot.ask("rotate")
        await bot.ended()
        reached("kills", 1)
        assert len(masters(sqlite_place.folder).keys) == 2
        await bot.start()
        await ann.say("/today")
        assert "Tea in the morning." in ann.last.text
        await bot.ask("rotate")
        assert len(masters(sqlite_place.folder).keys) == 1
        await bot.restart()
        await ann.say("/today")
        assert "Tea in the morning." in ann.last.text
    await bot.kill()


async def test_a_bot_with_other_master_keys_rotates_nothing(sqlite_place: Place, house: House) -> None:
    """The command was given keys that the running bot does not know yet."""
    before = masters(house.app._settings.data_dir)
    refused = await house.app.commands.rotate({"to": Masters((b"n" * 32,)).fingerprints[0].hex()})
    assert refused == {"ok": False, "error": OTHER_MASTERS}
    assert masters(house.app._settings.data_dir) == before
    assert (await house.app.commands.rotate({"to": before.fingerprints[0].hex()}))["count"] > 0
