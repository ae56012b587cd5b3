"""Deliveries per second through the whole path: claimed, rendered, sent, marked."""

import asyncio
import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure, median_run
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import Answered, Broken, Meter, Worlds, accounts, loopback, pin, running, worlds

AHEAD = timedelta(hours=6)  # due so much later than people were made, so that nothing is sent before it is measured


async def measure(scale: Scale) -> list[Figure]:
    """Daily questions that become due in the same moment, without pacing, the bot on one core."""
    due = datetime.now(UTC) + AHEAD
    with worlds() as made:
        runs = [await _questions(scale, made, due) for _ in range(scale.runs)]
    rates = [rate for rate, _ in runs]
    typical = runs[rates.index(median_run(rates))]
    note = f"{typical[1]:.2f} ms of processor time a delivery; {scale.deliveries:,} due at once, no network delay"
    return [
        Figure("deliveries per second, SQLite, one core", median_run(rates), "/s", target=300, runs=rates, note=note)
    ]


async def _questions(scale: Scale, made: Worlds, due: datetime) -> tuple[float, float]:
    """Deliveries per second, and milliseconds of the bot's processor time for each."""
    data_dir = made.fresh(Wish(scale.deliveries, due=due))
    async with loopback() as telegram:
        people = accounts(telegram, scale.deliveries, asked=False)
        async with running(telegram, data_dir) as child:
            pin(child.pid, max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0)
            answered, meter, started = Answered(telegram, people), Meter(child.pid), time.monotonic()
            moved = asyncio.create_task(child.move(due - datetime.now(UTC) + timedelta(seconds=1)))
            await answered.wait()
            await moved
            seconds, busy = time.monotonic() - started, meter.seconds()
    with sqlite3.connect(data_dir / "side-by-side.db") as database:
        marked = database.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()[0]
    if marked != scale.deliveries:
        raise Broken(f"of {scale.deliveries} deliveries {marked} were marked")
    return scale.deliveries / seconds, 1000 * busy / scale.deliveries
