"""What many people cost a bot that starts: time and memory, beside an empty database and a job for each person."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, median_run
from benchmarks.people import Wish
from benchmarks.planning import in_file
from benchmarks.scale import Scale
from benchmarks.stage import Broken, loopback, resident_megabytes, running
from benchmarks.worlds import ROOT, many, worlds


@dataclass(frozen=True)
class Start:
    """Seconds until the first poll, and megabytes then."""

    seconds: float
    megabytes: float


async def measure(scale: Scale) -> list[Figure]:
    """Starts with many people and with nobody take turns; then as many due at once as in the usual way."""
    full: list[Start] = []
    empty: list[Start] = []
    with worlds() as made:
        kept = many(scale.many, made, one_in=scale.one_due_in)
        folders = made.copy(kept.folder), made.fresh(Wish(0))
        for _ in range(scale.rehearsals + scale.runs):
            for folder, into in zip(folders, (full, empty), strict=True):
                into.append(await _start(folder))
        at_once = await in_file(many(scale.jobs_due, made, one_in=1), made)
        usual = await _usual_way(scale)
    first, full, empty = full[0], full[scale.rehearsals :], empty[scale.rehearsals :]
    seconds = [each.seconds for each in full]
    return [
        Figure(f"{scale.many:,} people made for a benchmark", kept.seconds, "s", note="SQLite, with keys and seals"),
        Figure(
            f"start-up with {scale.many:,} people",
            median_run(seconds),
            "s",
            target=1.2,
            dream=1.05,
            at_most=True,
            baseline=median_run([each.seconds for each in empty]),
            baseline_name="with an empty database",
            runs=seconds,
            note=f"until the first poll; {first.seconds:.2f} s the first time after they were copied",
        ),
        Figure(
            f"start-up with {scale.many:,} people, against a job each",
            median_run(seconds),
            "s",
            baseline=usual["start"],
            baseline_name=f"APScheduler, {scale.jobs:,} jobs",
            note="the alarm clock alone, without a bot around it",
        ),
        Figure(
            f"memory after the start with {scale.many:,} people, against a job each",
            median_run([each.megabytes for each in full]),
            "MB",
            baseline=usual["megabytes"],
            baseline_name=f"APScheduler, {scale.jobs:,} jobs",
        ),
        Figure(
            f"{at_once.due:,} due in one moment",
            at_once.seconds,
            "s",
            baseline=usual["due"],
            baseline_name="APScheduler, rings only",
            note=(
                f"ours writes a question, its delivery and the next time of each, in units of at most"
                f" {at_once.longest:.0f} ms; APScheduler only calls an empty function, blocks its loop for"
                f" {usual['blocked']:.1f} s, and with its usual grace drops {usual['dropped']:,.0f} of them"
            ),
        ),
    ]


async def _start(folder: Path) -> Start:
    async with loopback() as telegram:
        started = time.monotonic()
        async with running(telegram, folder) as child:
            return Start(time.monotonic() - started, resident_megabytes(child.pid))


async def _usual_way(scale: Scale) -> Mapping[str, float]:
    module = ("-m", "benchmarks.jobs_per_person", str(scale.jobs), str(scale.jobs_due))
    process = await asyncio.create_subprocess_exec(sys.executable, *module, stdout=PIPE, cwd=ROOT)
    printed, _ = await process.communicate()
    if process.returncode:
        raise Broken("the alarm clock with a job for each person ended by itself")
    found: Mapping[str, float] = json.loads(printed)
    return found
