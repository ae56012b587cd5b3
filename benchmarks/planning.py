"""Claiming and planning anew: everybody who is due gets their question's row and their next time, nothing is sent."""

import asyncio
import json
import os
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from benchmarks.figures import Figure, median_run
from benchmarks.scale import Scale
from benchmarks.stage import Broken
from benchmarks.worlds import ROOT, Databases, Kept, Worlds, many, many_in_postgres, worlds
from bot.settings import Settings

WORKERS = 2
ASKED = "SELECT count(*) FROM delivery WHERE state = 'waiting'"
LEFT = "SELECT count(*) FROM person WHERE next_question <= {}"


@dataclass(frozen=True)
class Run:
    """How many were due, and how long it took until none was: seconds, those of processors, the longest unit in ms."""

    due: int
    seconds: float
    busy: float
    longest: float

    @property
    def each(self) -> float:
        """Milliseconds for each of them."""
        return 1000 * self.seconds / self.due


async def on_sqlite(scale: Scale) -> list[Figure]:
    """A tenth of a few people, and of many."""
    with worlds() as made:
        few = [await in_file(_people(scale.few, scale, made), made) for _ in range(scale.runs)]
        lots = [await in_file(_people(scale.many, scale, made), made) for _ in range(scale.big_runs)]
    return [_whole(scale, "SQLite", (10, 4), lots), _each(scale, "SQLite", few, lots)]


async def on_postgres(scale: Scale) -> list[Figure]:
    """The same there, by several processes."""
    with worlds() as made, ExitStack() as stack:
        few = stack.enter_context(many_in_postgres(scale.few, made, one_in=scale.one_due_in))
        few_runs = [await _in_postgres(*few, made) for _ in range(scale.runs)]
        lots = stack.enter_context(many_in_postgres(scale.many, made, one_in=scale.one_due_in))
        runs = [await _in_postgres(*lots, made) for _ in range(scale.big_runs)]
    return [
        _whole(scale, f"PostgreSQL, {WORKERS} processes", (4, 1.5), runs),
        _each(scale, "PostgreSQL", few_runs, runs),
    ]


def _people(count: int, scale: Scale, made: Worlds) -> Kept:
    return many(count, made, one_in=scale.one_due_in)


def _whole(scale: Scale, where: str, bounds: tuple[float, float], runs: Sequence[Run]) -> Figure:
    run = sorted(runs, key=lambda each: each.seconds)[(len(runs) - 1) // 2]
    return Figure(
        f"{run.due:,} due of {scale.many:,} claimed and planned anew, {where}",
        run.seconds,
        "s",
        target=bounds[0],
        dream=bounds[1],
        at_most=True,
        runs=[each.seconds for each in runs],
        note=(
            f"{1000 * run.busy / run.due:.2f} ms of the bot's processor time for each;"
            f" the longest unit took {run.longest:.0f} ms"
        ),
    )


def _each(scale: Scale, where: str, few: Sequence[Run], lots: Sequence[Run]) -> Figure:
    return Figure(
        f"cost of each due row with {scale.many:,} people, {where}",
        median_run([run.each for run in lots]),
        "ms",
        target=6,
        dream=2,
        at_most=True,
        baseline=median_run([run.each for run in few]),
        baseline_name=f"with {scale.few:,} people",
        runs=[run.each for run in lots],
    )


async def in_file(kept: Kept, made: Worlds) -> Run:
    """Everybody who is due in a copy of these people, asked by one process."""
    data_dir = made.copy(kept.folder)
    run = await _plan([{"DATA_DIR": str(data_dir)}], kept)
    with sqlite3.connect(data_dir / "side-by-side.db") as database:
        left = database.execute(LEFT.format("?"), [(kept.asked.replace(tzinfo=None)).isoformat(" ")]).fetchone()[0]
        _check(run, database.execute(ASKED).fetchone()[0], left)
    return run


async def _in_postgres(kept: Kept, people: Databases, made: Worlds) -> Run:
    with people.copy() as database:
        run = await _plan([{"DATA_DIR": str(made.empty()), **database.settings} for _ in range(WORKERS)], kept)
        with psycopg.connect(database.server.url(database.rows)) as connection:
            left = connection.execute(LEFT.format("%s"), [kept.asked]).fetchone()
            asked = connection.execute(ASKED).fetchone()
            assert left is not None
            assert asked is not None
            _check(run, asked[0], left[0])
    return run


async def _plan(environments: Sequence[Mapping[str, str]], kept: Kept) -> Run:
    """Planners in processes of their own, started together; over when the last has found nobody more."""
    planners = [await _start(each, kept.asked + timedelta(seconds=1)) for each in environments]
    for each in planners:
        if await each.stdout.readline() != b"ready\n":
            raise Broken("a planner did not start")
    started = time.monotonic()
    said = [json.loads(out) for out, _ in await asyncio.gather(*(each.communicate(b"go\n") for each in planners))]
    seconds = max(each["ended"] for each in said) - started
    return Run(kept.due, seconds, sum(each["busy"] for each in said), max(each["longest"] for each in said))


async def _start(environment: Mapping[str, str], at: datetime) -> Process:
    ours = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.planner",
        at.isoformat(),
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
        env={**ours, **environment},
    )


def _check(run: Run, asked: int, left: int) -> None:
    """Everybody who was due is owed one question and has their next time, seen by another process."""
    if (asked, left) != (run.due, 0):
        raise Broken(f"of {run.due} due {asked} were asked and {left} are still due")
