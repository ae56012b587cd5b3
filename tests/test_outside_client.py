"""The bot from outside: three settings, any server that speaks the Bot API, signals, and the clock of the machine."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.harness import promises, words
from tests.harness.bare import BareServer
from tests.harness.nursery import Nursery
from tests.harness.outside import TOKEN, Faketime, Outside, Stranger, place_outside, walk_outside
from tests.harness.report import report

ANN = 7_000_000_123
SIGNALS = (signal.SIGTERM, signal.SIGINT)
MASTER = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
OTHER_MASTER = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="


@pytest.fixture
async def server() -> AsyncIterator[BareServer]:
    async with BareServer(TOKEN) as server:
        yield server


@pytest.fixture
async def stranger(server: BareServer, tmp_path: Path) -> AsyncIterator[Stranger]:
    stranger = Stranger(tmp_path, server.url)
    yield stranger
    await stranger.kill()


@pytest.fixture
async def warm(server: BareServer, tmp_path: Path, nursery: Nursery) -> AsyncIterator[Stranger]:
    """The same with its modules loaded, where how it starts is not what is tried."""
    stranger = Stranger(tmp_path, server.url, nursery=nursery)
    yield stranger
    await stranger.kill()


def one_sentence(printed: str) -> str:
    """What the bot printed, if it is a single sentence."""
    lines = [line for line in printed.strip().splitlines() if "RuntimeDirWarning" not in line]
    assert len(lines) == 1, printed
    assert "Traceback" not in printed
    assert lines[0].endswith(".")
    return lines[0]


async def test_it_works_against_any_server_of_the_bot_api(stranger: Stranger, server: BareServer) -> None:
    server.person_says(ANN, "/start")
    await stranger.start()
    first = await server.texts(ANN, at_least=1)
    assert "two people who want to be close" in first[0]
    await server.calm()
    await stranger.kill()
    server.person_says(ANN, "/nosuch")
    await stranger.start()
    after = await server.texts(ANN, at_least=2)
    assert len(after) == 2
    assert "I don't know that command" in after[1]
    assert await stranger.end() == 0
    assert TOKEN.partition(":")[2] not in stranger.printed


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_ends_it_within_five_seconds(stranger: Stranger, server: BareServer, number: int) -> None:
    await stranger.start()
    await server.polled()
    server.person_says(ANN, "/start")
    await server.texts(ANN, at_least=1)
    assert await stranger.end(number, within=5.0) == 0
    assert "Traceback" not in stranger.printed


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_ends_it_while_telegram_is_away(tmp_path: Path, number: int) -> None:
    stranger = Stranger(tmp_path, "http://127.0.0.1:9")
    await stranger.start(until="telegram_away")
    assert await stranger.end(number) == 0
    assert "Traceback" not in stranger.printed


async def test_a_signal_ends_it_while_telegram_hangs_at_the_start(stranger: Stranger, server: BareServer) -> None:
    server.hangs = True
    await stranger.start()
    await server.reached()
    assert await stranger.end() == 0
    assert "Traceback" not in stranger.printed


async def test_a_signal_ends_it_while_telegram_hangs_over_a_reply(stranger: Stranger, server: BareServer) -> None:
    await stranger.start()
    await server.polled()
    server.person_says(ANN, "/start")
    await server.texts(ANN, at_least=1)
    await server.calm()
    server.hangs = True
    server.person_says(ANN, "/nosuch")
    await server.calm()
    assert await stranger.end() == 0
    assert "Traceback" not in stranger.printed
    with closing(sqlite3.connect(stranger.rows)) as rows:
        states = [state for (state,) in rows.execute("SELECT state FROM delivery ORDER BY id")]
    assert states == ["sent", "waiting"]  # it is sent again by the next process


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "wrong"),
        ("BOT_API_URL", "telegram"),
        ("MESSAGES_PER_SECOND", "many"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://root:secret@here/rows"),
        ("KEYS_URL", "mysql://root:secret@here/keys"),
        ("DATABASE_URL", "postgresql://bot:pass@secret@here/rows"),
        ("MASTER_KEYS", "short"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
async def test_a_wrong_setting_gets_one_sentence_and_code_two(warm: Stranger, name: str, value: str) -> None:
    warm.settings[name] = value
    await warm.start()
    assert await warm.ended() == 2
    sentence = one_sentence(warm.printed)
    assert "secret" not in sentence
    assert "short" not in sentence or name != "MASTER_KEYS"


async def test_without_a_token_run_says_how_to_get_one(stranger: Stranger) -> None:
    stranger.settings["BOT_TOKEN"] = ""
    await stranger.start()
    assert await stranger.ended() == 2
    assert "BotFather" in one_sentence(stranger.printed)


async def test_a_second_process_on_the_same_data_is_refused(warm: Stranger, server: BareServer) -> None:
    await warm.start()
    await server.polled()
    (warm.folder / "second").mkdir()
    second = Stranger(warm.folder / "second", server.url, more={"DATA_DIR": warm.settings["DATA_DIR"]})
    await second.start()
    assert await second.ended() == 1
    assert "in use by another process" in one_sentence(second.printed)
    server.person_says(ANN, "/start")
    assert await server.texts(ANN, at_least=1)
    assert await warm.end() == 0


async def test_a_wrong_master_key_is_refused(warm: Stranger, server: BareServer) -> None:
    warm.more["MASTER_KEYS"] = MASTER
    await warm.start()
    await server.polled()
    assert await warm.end() == 0
    warm.log.unlink()
    warm.more["MASTER_KEYS"] = OTHER_MASTER
    await warm.start()
    assert await warm.ended() == 2
    assert "master key does not open" in one_sentence(warm.printed)
    assert OTHER_MASTER not in warm.printed


async def test_a_lost_key_file_is_refused(warm: Stranger, server: BareServer) -> None:
    await warm.start()
    await server.polled()
    assert await warm.end() == 0
    warm.log.unlink()
    key = warm.rows.with_name("master.key")
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    await warm.start()
    assert await warm.ended() == 2
    assert "the key that opens it is not" in one_sentence(warm.printed)


async def test_a_newer_schema_is_refused(warm: Stranger, server: BareServer) -> None:
    await warm.start()
    await server.polled()
    assert await warm.end() == 0
    warm.log.unlink()
    with closing(sqlite3.connect(warm.rows)) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    await warm.start()
    assert await warm.ended() == 1
    assert "newer schema (9999)" in one_sentence(warm.printed)


@pytest.mark.waits_for_check
@pytest.mark.skipif(not Faketime.is_installed(), reason="faketime is not installed (apt install faketime)")
def test_the_whole_path_works_with_three_settings_and_a_shifted_clock(tmp_path: Path) -> None:
    """Two people, two time zones, a kill in the middle of every step and between every two."""
    clock = Faketime(tmp_path / "shift")
    nursery = Nursery(**clock.environment)
    try:
        asyncio.run(walk(Outside(place_outside(tmp_path), nursery=nursery, clock=clock)))
    finally:
        nursery.close()


async def walk(outside: Outside) -> None:
    async with outside:
        try:
            await walk_outside(outside, Random(7))
            await outside.pass_time(seconds=61)
            await outside.kill()
            outside.read_rows()
            promises.check_all(outside)
            words.check_words(outside)
            assert words.reveals(outside) == 2
            assert all("no longer linked" in phone.from_bot[-1].text for phone in outside.phones if phone.name == "Ben")
        except BaseException as error:
            error.add_note(report(outside))
            raise
