"""How long it takes from the start of the process until the first poll arrives at Telegram."""

import time
from pathlib import Path

from benchmarks.figures import Figure, median_run
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import loopback, running
from benchmarks.worlds import Worlds, worlds


async def measure(scale: Scale) -> list[Figure]:
    """The very first start, which makes the database, and a later one; beside an echo of python-telegram-bot."""
    first, later, echo = [], [], []
    with worlds() as made:
        for _ in range(scale.runs):
            first.append(await _start(made.empty()))
            later.append(await _start(made.fresh(Wish(scale.idle_people))))
            echo.append(await _start_echo(made))
    bare = f"for comparison, a bare python-telegram-bot echo: {median_run(echo):.2f} s"
    return [
        Figure(
            "start until the first poll", median_run(later), "s", target=2, dream=1, at_most=True, runs=later, note=bare
        ),
        Figure(
            "the very first start, with all tables made",
            median_run(first),
            "s",
            target=2,
            dream=1,
            at_most=True,
            runs=first,
        ),
    ]


async def _start(data_dir: Path) -> float:
    async with loopback() as telegram:
        started = time.monotonic()
        async with running(telegram, data_dir):
            return time.monotonic() - started


async def _start_echo(made: Worlds) -> float:
    async with loopback() as telegram:
        started = time.monotonic()
        async with running(telegram, made.empty(), module="benchmarks.echoes.with_python_telegram_bot", arguments=()):
            return time.monotonic() - started
