import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playground.child import ChildBot, ChildEnded, ControlRefused
from bot.playground.server import LoopbackTelegram
from bot.wire.control import ControlSocket, socket_path
from tests.phones import Phone, settle_child, settle_quietly

ECHO = Path(__file__).with_name("echo.py")


@pytest.fixture
async def child(telegram: LoopbackTelegram, tmp_path: Path) -> AsyncIterator[ChildBot]:
    child = ChildBot(telegram, tmp_path / "data", log=tmp_path / "log", command=[sys.executable, str(ECHO)])
    yield child
    await child.kill()


async def test_a_bot_is_started_killed_and_started_again(
    child: ChildBot, telegram: LoopbackTelegram, ann: Phone
) -> None:
    await child.start()
    await ann.say("one")
    await settle_quietly(telegram, quiet=0.05)
    assert ann.last.text == "one"
    await child.kill()
    assert not child.is_running
    await ann.say("two")
    assert telegram.pending == 1
    await child.restart()
    await settle_quietly(telegram, quiet=0.05)
    assert [message.text for message in ann.from_bot] == ["one", "two"]
    assert child.printed == "started\nstarted\n"
    assert await child.stop() == -15


async def test_a_bot_that_ends_says_so(child: ChildBot, telegram: LoopbackTelegram, ann: Phone) -> None:
    await child.start()
    await ann.say("die")
    assert await child.ended() == 3
    with pytest.raises(ChildEnded, match="ended with 3:\nstarted"):
        await child.stop()
    broken = ChildBot(telegram, child.data_dir, log=child.log, command=[sys.executable, "-c", "exit('no')"])
    with pytest.raises(ChildEnded, match="no"):
        await broken.start()


async def test_a_bot_that_does_not_stop_is_killed(telegram: LoopbackTelegram, tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    child = ChildBot(telegram, tmp_path / "data", log=tmp_path / "log", command=[sys.executable, "-c", deaf])
    await child.start(wait=False)
    async with asyncio.timeout(60):
        while "deaf" not in child.printed:
            await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        await child.stop(within=0.1)
    assert not child.is_running
    assert await child.ended() == -9


async def test_no_setting_of_the_developer_reaches_the_bot(child: ChildBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere")
    monkeypatch.setenv("BOT_TOKEN", "1:theirs")
    assert "DATABASE_URL" not in child.environment
    assert child.environment["BOT_TOKEN"] == child.telegram.token
    assert child.environment["DATA_DIR"] == str(child.data_dir)


async def test_a_bot_is_asked_over_its_control_socket(child: ChildBot, telegram: LoopbackTelegram) -> None:
    asked: list[Any] = []

    async def note(request: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(dict(request))
        return {"seen": len(asked)}

    child.data_dir.mkdir()
    control = ControlSocket(socket_path(child.data_dir), {"settle": note, "move": note, "die_at": note})
    await control.open()
    await settle_child(telegram, child)
    await child.move(timedelta(hours=1))
    await child.die_at("after_commit", countdown=3)
    assert asked == [
        {"do": "settle"},
        {"do": "move", "seconds": 3600.0},
        {"do": "die_at", "point": "after_commit", "countdown": 3},
    ]
    assert (await child.ask("settle"))["seen"] == 4
    with pytest.raises(ControlRefused, match="not known"):
        await child.ask("dance")
    await control.close()


async def test_nobody_answers_for_a_bot_that_does_not_run(child: ChildBot) -> None:
    with pytest.raises(ConnectionError):
        await child.settle()
