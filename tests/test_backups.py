"""G14: `python -m bot db backup` while people write, `db restore` into an empty place, and the bot after it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot import backups
from bot.app import App
from bot.opening import CannotStart
from bot.playground.server import LoopbackTelegram
from bot.settings import Settings
from bot.wire.seat import locked
from storage.database import connect
from tests.conftest import Hands, House, Place
from tests.couples import couple, open_answers, set_up
from tests.figures import drawn, reached, times
from tests.harness.nursery import Nursery, WarmBot
from tests.phones import Phone, settle_child
from tests.postgres import Server
from tests.storage.children import child, line
from tests.storage.test_backups import rows_in
from tests.storage.test_moving import contents

WORDS = "Tea outside."
WITHIN = 60.0
NEVER = 99

BACK_UP = """
import sys
from pathlib import Path
from bot.backups import back_up
from bot.settings import Settings
from bot.terminal import copied_by_the_bot
from bot.wire.points import Points
folder, url, to, countdown = sys.argv[1:]
points = Points()
points.die_at("backing_up", int(countdown))
settings = Settings(_env_file=None, data_dir=Path(folder), database_url=url)
print("begins", flush=True)
back_up(settings, Path(to), ask=lambda of: copied_by_the_bot(settings, of), point=points.reached)
"""


class Commands:
    """`python -m bot db` and `keys`, each in a process of its own."""

    def __init__(self, nursery: Nursery, log: Path) -> None:
        self._nursery, self._log = nursery, log

    async def __call__(self, place: Place, *words: object, of: str = "db") -> tuple[int, str]:
        """The exit code of a command in this place, and all that it prints."""
        given = {"DATA_DIR": str(place.folder), "KEYS_URL": "", "DATABASE_URL": database_url(place)}
        self._log.unlink(missing_ok=True)
        process = await self._nursery.spawn(given, place.folder, self._log, words=[of, *map(str, words)])
        code = await asyncio.wait_for(process.wait(), WITHIN)
        return code, self._log.read_text()

    async def bring_keys(self, place: Place, empty: Place) -> None:
        """Copy the key store, while the bot runs or not."""
        copy = empty.folder / "keys.db"
        code, printed = await self(place, "backup", copy, of="keys")
        assert code == 0, printed
        assert f"The key store is copied to {copy}." in printed


@pytest.fixture
def command(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Commands:
    return Commands(nursery, tmp_path_factory.mktemp("printed") / "log")


@pytest.fixture
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where backups go."""
    return tmp_path_factory.mktemp("backups") / "side-by-side.db"


@pytest.fixture
def empty(request: pytest.FixtureRequest, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An empty place of the same kind, with a copy of the key store and the master key and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    shutil.copy(place.folder / "master.key", folder)
    keys = f"sqlite:///{folder / 'keys.db'}"
    if place.kind == "sqlite":
        yield Place("sqlite", folder, f"sqlite:///{folder / 'side-by-side.db'}", keys)
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.fresh_database(empty=True)
    yield Place("postgresql", folder, url, keys)
    server.drop_database(url)


async def restarted(
    apps: list[App], place: Place, house: House, hands: Hands, *phones: Phone
) -> tuple[House, list[Phone]]:
    """The bot of a house stops, and one in another place goes on for the same people."""
    ahead = (house.now() - datetime.now(UTC)).total_seconds()
    await house.app.stop()
    apps.append(App(place.settings(house.telegram, playground_ahead=ahead), random=Random(7)))
    await apps[-1].start()
    hands.read = apps[-1].now
    there = House(apps[-1], house.telegram)
    return there, [Phone(phone.account, settle=there.settle) for phone in phones]


@pytest.mark.every_database
async def test_restored_into_an_empty_place_the_two_go_on_where_they_were(
    command: Commands,
    place: Place,
    house: House,
    ann: Phone,
    ben: Phone,
    hands: Hands,
    apps: list[App],
    empty: Place,
    backup: Path,
) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    code, printed = await command(place, "backup", backup)
    assert code == 0, printed
    assert f" rows are in {backup}, all of one instant.\nThe keys are not in it" in printed
    await command.bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert code == 0, printed
    assert "Next: start the bot." in printed
    restored = connect(empty.database_url)
    assert contents(restored) == rows_in(backup)
    restored.dispose()
    _, (ann, ben) = await restarted(apps, empty, house, hands, ann, ben)
    await ben.say("/memories")
    assert WORDS in ben.last.text
    await ann.say("/start")
    assert "Begin" not in ann.last.labels


@pytest.mark.every_database
async def test_while_people_write_each_backup_is_of_one_instant(
    command: Commands, place: Place, house: House, ann: Phone, backup: Path
) -> None:
    """Each who came is in it with their message, and a later one has whatever an earlier one had, and more."""
    await set_up(ann)
    enough = asyncio.Event()
    writing = asyncio.create_task(strangers_come(enough, house))
    known: set[str] = set()
    for _ in range(3):
        code, printed = await command(place, "backup", backup)
        assert code == 0, printed
        rows = rows_in(backup)
        assert known < updates_in(backup)
        known = updates_in(backup)
        welcomed = [row for row in rows["delivery"] if "setup.welcome" in row]
        assert len(welcomed) == len(rows["chat"])
    enough.set()
    await writing
    await house.settle()
    assert all("Begin" in phone.last.labels for phone in house.phones if phone is not ann)


async def strangers_come(enough: asyncio.Event, house: House) -> None:
    """One after the other begins, and nobody waits for an answer."""
    while not enough.is_set():
        house.phone(f"Stranger {len(house.phones)}").account.start()
        await asyncio.sleep(0.05)


@pytest.mark.every_database
async def test_killed_at_any_moment_a_whole_backup_stands(
    command: Commands, place: Place, telegram: LoopbackTelegram, nursery: Nursery, backup: Path
) -> None:
    """The former one until the new one has taken its place; and the next one has everything."""
    random = Random(drawn(1))
    settings = {"MESSAGES_PER_SECOND": "0"}
    if place.kind == "postgresql":
        settings["DATABASE_URL"] = place.database_url
    bot = WarmBot(nursery, telegram, place.folder, log=place.folder / "log", settings=settings)

    async def somebody_comes() -> None:
        """Somebody new each time: of one person, thirty messages a minute are let in."""
        await Phone(telegram.person("Somebody"), settle=lambda: settle_child(telegram, bot)).start()

    await bot.start()
    await somebody_comes()
    for _ in range(times(1)):
        code, printed = await command(place, "backup", backup)
        assert code == 0, printed
        assert os.listdir(backup.parent) == [backup.name]
        former = updates_in(backup)
        await somebody_comes()
        await kill_in_a_backup(place, backup, 1)
        assert updates_in(backup) == former
        await kill_in_a_backup(place, backup, 2)
        assert former < updates_in(backup)
        former = updates_in(backup)
        await somebody_comes()
        await kill_in_a_backup(place, backup, NEVER, after=random.uniform(0, 0.5))
        assert former <= updates_in(backup)
        reached("kills", 3)
        if place.kind == "sqlite":
            await bot.die_at("backing_up")
            await command(place, "backup", backup)
            await bot.ended()
            await bot.start()
            reached("kills", 1)
        await somebody_comes()
    await bot.kill()


def updates_in(backup: Path) -> set[str]:
    """The updates that a backup knows."""
    return set(rows_in(backup)["processed_update"])


async def kill_in_a_backup(place: Place, backup: Path, moment: int, *, after: float = WITHIN) -> None:
    """Kill the command at a named moment, or some seconds after it has begun."""
    with child(BACK_UP, place.folder, database_url(place), backup, moment) as process:
        assert await asyncio.to_thread(line, process) == "begins"
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, after)
        if moment != NEVER:
            assert process.returncode == -9


def database_url(place: Place) -> str:
    return place.database_url if place.kind == "postgresql" else ""


async def test_who_deletes_everything_after_the_backup_is_erased_again(
    command: Commands,
    place: Place,
    house: House,
    ann: Phone,
    ben: Phone,
    hands: Hands,
    apps: list[App],
    empty: Place,
    backup: Path,
) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    await command(place, "backup", backup)
    await ann.say("/delete")
    await ann.tap("Delete everything")
    await command.bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert code == 0, printed
    _, (ann, ben) = await restarted(apps, empty, house, hands, ann, ben)
    await ben.say("/memories")
    assert WORDS not in ben.last.text
    await ann.say("/start")
    assert "Begin" in ann.last.labels


# -- what it refuses


async def test_without_the_key_store_nothing_is_restored(
    command: Commands, place: Place, house: House, ann: Phone, empty: Place, backup: Path
) -> None:
    await set_up(ann)
    await command(place, "backup", backup)
    code, printed = await command(empty, "restore", backup)
    assert (code, printed.partition(" ")[0]) == (2, "DATA_DIR:")
    assert f"{empty.folder / 'keys.db'}: there is no key store" in printed
    assert not (empty.folder / "side-by-side.db").exists()


async def test_while_the_bot_runs_nothing_is_restored(
    command: Commands, place: Place, house: House, backup: Path
) -> None:
    await command(place, "backup", backup)
    assert await command(place, "restore", backup) == (1, "A bot runs on this data; stop it first.\n")


async def test_a_database_that_is_there_is_not_written_over(
    command: Commands, place: Place, house: House, ann: Phone, backup: Path
) -> None:
    await set_up(ann)
    await command(place, "backup", backup)
    await house.app.stop()
    code, printed = await command(place, "restore", backup)
    assert code == 1
    assert "already: move it away first" in printed or "is not empty" in printed


async def test_nothing_but_a_backup_is_restored(command: Commands, place: Place, empty: Place, backup: Path) -> None:
    await command.bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert (code, printed) == (1, f"{backup} is no backup of this bot; nothing was restored.\n")


async def test_the_running_bot_says_why_it_cannot(command: Commands, place: Place, house: House, backup: Path) -> None:
    backup.write_text("my notes")
    assert await command(place, "backup", backup) == (
        1,
        f"{backup} is no such backup and stays as it is; name another file.\n",
    )
    assert backup.read_text() == "my notes"


async def test_without_a_database_there_is_nothing_to_back_up(command: Commands, empty: Place, backup: Path) -> None:
    code, printed = await command(empty, "backup", backup)
    assert code == (2 if empty.kind == "sqlite" else 1)
    assert "there is no database " in printed or "no tables yet" in printed
    assert not backup.exists()


async def test_keys_that_are_not_there_are_not_made_anew_to_copy_them(
    command: Commands, empty: Place, backup: Path
) -> None:
    code, printed = await command(empty, "backup", backup, of="keys")
    assert (code, printed.partition(" ")[0]) == (2, "DATA_DIR:")
    assert "there is no key store" in printed
    assert not backup.exists()
    assert not (empty.folder / "keys.db").exists()


async def test_database_and_keys_do_not_take_each_others_place(
    command: Commands, place: Place, house: House, backup: Path
) -> None:
    await command(place, "backup", backup)
    former = backup.read_bytes()
    for of, file in (("keys", backup), ("db", place.folder / "keys.backup.db"), ("keys", place.folder / "keys.db")):
        code, printed = await command(place, "backup", file, of=of)
        assert code == 1, printed
        assert "is no such backup" in printed or "that the bot works with" in printed
    assert backup.read_bytes() == former


async def test_one_backup_at_a_time(command: Commands, place: Place, house: House, backup: Path) -> None:
    handle = locked(place.folder / "backup.lock")
    code, printed = await command(place, "backup", backup, of="keys")
    assert (code, printed) == (1, f"Another backup is under way in {place.folder}; try again after it.\n")
    assert handle is not None
    os.close(handle)


def test_a_folder_that_may_not_be_read_gets_one_sentence(sqlite_place: Place, backup: Path) -> None:
    """As when cron runs it as another user than the bot."""
    closed = sqlite_place.folder / "closed"
    closed.write_text("no folder")
    given = Settings(_env_file=None, data_dir=closed)  # type: ignore[call-arg]
    for back_up in (backups.back_up, backups.back_up_keys, backups.restore):
        with pytest.raises(CannotStart, match=r"^DATA_DIR: .*\.$"):
            back_up(given, backup)
