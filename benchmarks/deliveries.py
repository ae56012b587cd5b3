"""Deliveries per second through the whole path: claimed, rendered, sent, marked."""

import asyncio
import os
import sqlite3
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks import postgres
from benchmarks.figures import Figure, median_run
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import AHEAD, WITHIN, Answered, Broken, Meter, accounts, loopback, pin, running
from benchmarks.worlds import Databases, Worlds, settle_databases, worlds
from bot.playground.server import LoopbackTelegram

TOGETHER = 2  # processes on one PostgreSQL


async def measure(scale: Scale) -> list[Figure]:
    """Daily questions that become due in the same moment, without pacing."""
    due = datetime.now(UTC) + AHEAD
    with worlds() as made:
        alone = [await _questions(scale, made, due) for _ in range(scale.runs)]
        with tempfile.TemporaryDirectory(dir=made.folder) as folder, postgres.server(Path(folder) / "server") as server:
            databases = settle_databases(Wish(scale.deliveries, due=due), server, "people", Path(folder))
            shared = [await _shared_questions(scale, made, databases, due) for _ in range(scale.runs)]
    return [
        _figure(scale, "SQLite, one core", 300, alone),
        _figure(scale, f"PostgreSQL, {TOGETHER} processes", 600, shared),
    ]


def _figure(scale: Scale, where: str, target: float, runs: list[tuple[float, float]]) -> Figure:
    rates = [rate for rate, _ in runs]
    busy = runs[rates.index(median_run(rates))][1]
    note = f"{busy:.2f} ms of the bot's processor time a delivery; {scale.deliveries:,} due at once, no network delay"
    return Figure(
        f"deliveries per second, {where}", median_run(rates), "/s", target=target, dream=1_000, runs=rates, note=note
    )


async def _questions(scale: Scale, made: Worlds, due: datetime) -> tuple[float, float]:
    """Deliveries per second, and milliseconds of the bot's processor time for each; the bot on one core."""
    data_dir = made.fresh(Wish(scale.deliveries, due=due))
    async with loopback() as telegram:
        people = accounts(telegram, scale.deliveries, asked=False)
        async with running(telegram, data_dir) as child:
            pin(child.pid, max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0)
            answered, meter, started = Answered(people, telegram), Meter(child.pid), time.monotonic()
            moved = asyncio.create_task(child.move(due - datetime.now(UTC) + timedelta(seconds=1)))
            await answered.wait()
            await moved
            seconds, busy = time.monotonic() - started, meter.seconds()
    with sqlite3.connect(data_dir / "side-by-side.db") as database:
        marked = database.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()[0]
    if marked != scale.deliveries:
        raise Broken(f"of {scale.deliveries} deliveries {marked} were marked")
    return scale.deliveries / seconds, 1000 * busy / scale.deliveries


async def _shared_questions(scale: Scale, made: Worlds, people: Databases, due: datetime) -> tuple[float, float]:
    """The same with several processes on one database; over when all are marked there.

    Each has a loopback Telegram of its own, so that their polls do not end each other's; people exist in all of them.
    """
    with people.copy() as database:
        async with AsyncExitStack() as stack:
            telegrams = [await stack.enter_async_context(loopback()) for _ in range(TOGETHER)]
            known = [accounts(telegram, scale.deliveries, asked=False) for telegram in telegrams]
            bots = [
                await stack.enter_async_context(
                    running(telegram, made.empty(), settings=database.settings, polls=number == 0)
                )
                for number, telegram in enumerate(telegrams)
            ]
            meters = [Meter(each.pid) for each in bots]
            answered, started = Answered(known[0], *telegrams), time.monotonic()
            by = due - datetime.now(UTC) + timedelta(seconds=1)
            moved = [asyncio.create_task(each.move(by)) for each in bots]
            await answered.wait()
            await _all_marked(database, scale.deliveries)
            seconds, busy = time.monotonic() - started, sum(meter.seconds() for meter in meters)
            for each in moved:
                each.cancel()
            _check_once(telegrams, scale.deliveries)
    return scale.deliveries / seconds, 1000 * busy / scale.deliveries


async def _all_marked(database: Databases, wanted: int) -> None:
    until = time.monotonic() + WITHIN
    with psycopg.connect(database.server.url(database.rows), autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()
            if row is not None and row[0] == wanted:
                return
            if time.monotonic() > until:
                raise Broken(f"of {wanted} deliveries {row and row[0]} were marked")
            await asyncio.sleep(0.02)


def _check_once(telegrams: list[LoopbackTelegram], wanted: int) -> None:
    sent = sum(telegram.state.chats.last_message_id for telegram in telegrams)
    if sent != wanted:
        raise Broken(f"for {wanted} deliveries {sent} messages were sent")
