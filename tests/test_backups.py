"""G14: `python -m bot db backup` while people write, `db restore` into an empty place, and the bot after it."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.app import App
from bot.playground.server import LoopbackTelegram
from storage.database import connect
from tests.conftest import Hands, House, Place
from tests.couples import couple, open_answers, set_up
from tests.figures import reached, times
from tests.harness.nursery import Nursery, WarmBot
from tests.phones import Phone, settle_child
from tests.postgres import Server
from tests.storage.children import ROOT, output_of
from tests.storage.test_backups import rows_in
from tests.storage.test_moving import contents

WORDS = "Tea outside."
WITHIN = 60.0

BACK_UP = """
import sys
from pathlib import Path
from bot.backups import back_up
from bot.settings import Settings
from bot.wire.points import Points
folder, url, to, countdown = sys.argv[1:]
points = Points()
points.die_at("backing_up", int(countdown))
back_up(Settings(_env_file=None, data_dir=Path(folder), database_url=url), Path(to), point=points.reached)
"""


async def command(place: Place, *arguments: object, of: str = "db") -> tuple[int, str]:
    """The exit code of `python -m bot db`, or another group, in this place, and all that it prints."""
    given = {"DATA_DIR": str(place.folder), "KEYS_URL": ""}
    if place.kind == "postgresql":
        given["DATABASE_URL"] = place.database_url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", of, *map(str, arguments)),
        cwd=place.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), WITHIN)
    assert process.returncode is not None
    return process.returncode, printed.decode()


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


async def bring_keys(place: Place, empty: Place) -> None:
    """Copy the key store, while the bot runs or not."""
    copy = empty.folder / "keys.db"
    code, printed = await command(place, "backup", copy, of="keys")
    assert code == 0, printed
    assert f"The key store is copied to {copy}." in printed


@pytest.fixture
async def apps() -> AsyncIterator[list[App]]:
    """Every bot that a test started; what still runs is stopped."""
    apps: list[App] = []
    yield apps
    for app in apps:
        await app.stop()


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
    place: Place, house: House, ann: Phone, ben: Phone, hands: Hands, apps: list[App], empty: Place, backup: Path
) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    code, printed = await command(place, "backup", backup)
    assert code == 0, printed
    assert f" rows are in {backup}, all of one instant.\nThe keys are not in it" in printed
    await bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert code == 0, printed
    assert "Next: start the bot." in printed
    restored = connect(empty.database_url)
    assert contents(restored) == rows_in(backup)
    restored.dispose()
    _, (ann, ben) = await restarted(apps, empty, house, hands, ann, ben)
    await ben.say("/memories")
    assert WORDS in ben.last.text
    await ann.say("/today")
    assert ann.last.text


@pytest.mark.every_database
async def test_while_people_write_each_backup_is_of_one_instant(
    place: Place, house: House, ann: Phone, backup: Path
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
        assert known < set(rows["processed_update"])
        known = set(rows["processed_update"])
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
async def test_killed_while_it_is_written_the_former_backup_stands(
    place: Place, telegram: LoopbackTelegram, nursery: Nursery, backup: Path
) -> None:
    settings = {"MESSAGES_PER_SECOND": "0"}
    if place.kind == "postgresql":
        settings["DATABASE_URL"] = place.database_url
    bot = WarmBot(nursery, telegram, place.folder, log=place.folder / "log", settings=settings)
    ann = Phone(telegram.person("Ann"), settle=lambda: settle_child(telegram, bot))
    await bot.start()
    await set_up(ann)
    code, printed = await command(place, "backup", backup)
    assert code == 0, printed
    for number in range(times(1)):
        former = backup.read_bytes()
        await ann.say(f"Tea number {number}.")
        for moment in (1, 2):
            await die_in_a_backup(place, bot, backup, moment)
            reached("kills", 1)
            assert backup.read_bytes() == former
        await ann.say("/today")
        code, printed = await command(place, "backup", backup)
        assert code == 0, printed
        assert os.listdir(backup.parent) == [backup.name]
        assert len(rows_in(backup)["answer"]) == 1
    await bot.kill()


async def die_in_a_backup(place: Place, bot: WarmBot, backup: Path, moment: int) -> None:
    """Whoever writes the backup is killed: the bot where it is a file, the command on PostgreSQL."""
    if place.kind == "sqlite":
        await bot.die_at("backing_up", countdown=moment)
        with pytest.raises((ConnectionError, TimeoutError)):
            await bot.ask("backup", to=str(backup))
        await bot.ended()
        await bot.start()
        return
    with pytest.raises(subprocess.CalledProcessError) as died:
        await asyncio.to_thread(output_of, BACK_UP, place.folder, place.database_url, backup, moment)
    assert died.value.returncode == -9


async def test_who_deletes_everything_after_the_backup_is_erased_again(
    place: Place, house: House, ann: Phone, ben: Phone, hands: Hands, apps: list[App], empty: Place, backup: Path
) -> None:
    await couple(ann, ben)
    await open_answers(ann, ben)
    await command(place, "backup", backup)
    await ann.say("/delete")
    await ann.tap("Delete everything")
    await bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert code == 0, printed
    _, (ann, ben) = await restarted(apps, empty, house, hands, ann, ben)
    await ben.say("/memories")
    assert WORDS not in ben.last.text
    await ann.say("/start")
    assert "Begin" in ann.last.labels


# -- what it refuses


async def test_without_the_key_store_nothing_is_restored(
    place: Place, house: House, ann: Phone, empty: Place, backup: Path
) -> None:
    await set_up(ann)
    await command(place, "backup", backup)
    code, printed = await command(empty, "restore", backup)
    assert (code, printed.partition(" ")[0]) == (2, "DATA_DIR:")
    assert f"there is no key store {empty.folder / 'keys.db'}" in printed
    assert not (empty.folder / "side-by-side.db").exists()


async def test_while_the_bot_runs_nothing_is_restored(place: Place, house: House, backup: Path) -> None:
    await command(place, "backup", backup)
    assert await command(place, "restore", backup) == (1, "A bot runs on this data; stop it first.\n")


async def test_a_database_that_is_there_is_not_written_over(
    place: Place, house: House, ann: Phone, backup: Path
) -> None:
    await set_up(ann)
    await command(place, "backup", backup)
    await house.app.stop()
    code, printed = await command(place, "restore", backup)
    assert code == 1
    assert "already: move it away first" in printed or "is not empty" in printed


async def test_nothing_but_a_backup_is_restored(place: Place, empty: Place, backup: Path) -> None:
    await bring_keys(place, empty)
    code, printed = await command(empty, "restore", backup)
    assert (code, printed) == (1, f"{backup} is no backup of this bot; nothing was restored.\n")


async def test_the_running_bot_says_why_it_cannot(place: Place, house: House, backup: Path) -> None:
    backup.write_text("my notes")
    assert await command(place, "backup", backup) == (
        1,
        f"{backup} is no backup and stays as it is; name another file.\n",
    )
    assert backup.read_text() == "my notes"


async def test_without_a_database_there_is_nothing_to_back_up(empty: Place, backup: Path) -> None:
    code, printed = await command(empty, "backup", backup)
    assert code == (2 if empty.kind == "sqlite" else 1)
    assert "there is no database in" in printed or "no tables yet" in printed
    assert not backup.exists()
