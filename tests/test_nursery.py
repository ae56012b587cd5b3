"""Bots from the nursery, which most tests of whole processes use."""

import asyncio
import os
from pathlib import Path

from tests.harness.nursery import Nursery
from tests.waiting import until


def is_there(pid: int) -> bool:
    """Whether this process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_bot_ends_with_whoever_asked_for_it(nursery: Nursery, tmp_path: Path) -> None:
    """A test that fails, or is cut off by its time limit, leaves none behind."""
    nowhere = {
        "BOT_TOKEN": "123456:ABC-of-nobody-and-nothing-at-all",
        "BOT_API_URL": "http://127.0.0.1:9",
        "DATA_DIR": str(tmp_path),
    }
    log = tmp_path / "log"

    async def ask_and_go() -> int:
        process = await nursery.spawn(nowhere, tmp_path, log)
        await until(lambda: log.exists() and "telegram_away" in log.read_text())
        return process.pid

    pid = asyncio.run(ask_and_go())
    asyncio.run(until(lambda: not is_there(pid)))
    assert "Traceback" not in log.read_text()
