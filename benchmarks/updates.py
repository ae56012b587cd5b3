"""Updates per second over a slow network: people who answer their daily question, against echoes that keep nothing."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import Answered, Broken, Meter, accounts, loopback, running
from benchmarks.worlds import Worlds, worlds

TARGETS = {"python-telegram-bot": (5.0, 12.0), "aiogram": (0.4, 1.0)}  # to reach, and to dream of
ANSWER = "The way you waited for me at the door, and that there was tea. {}"


@dataclass(frozen=True)
class Run:
    """One run: updates per second, and the processor time of both sides in milliseconds an update."""

    rate: float
    bot_ms: float
    telegram_ms: float


async def measure(scale: Scale) -> list[Figure]:
    """Our bot, python-telegram-bot and aiogram, taking turns."""
    ours: list[Run] = []
    echoes: dict[str, list[Run]] = {library: [] for library in TARGETS}
    with worlds() as made:
        for _ in range(scale.runs):
            ours.append(await _answers(scale, made))
            for library, runs in echoes.items():
                runs.append(await _echo(scale, made, library.replace("-", "_")))
    return [_figure(scale, library, ours, runs) for library, runs in echoes.items()]


def _figure(scale: Scale, library: str, ours: Sequence[Run], theirs: Sequence[Run]) -> Figure:
    mine, echo = _typical(ours), _typical(theirs)
    target, dream = TARGETS[library]
    return Figure(
        f"updates per second, all durable, against {library}",
        mine.rate,
        "/s",
        target=target,
        dream=dream,
        baseline=echo.rate,
        baseline_name=f"{library} echo, stores nothing",
        runs=[run.rate for run in ours],
        note=(
            f"{mine.bot_ms:.2f} ms of processor time an update, {echo.bot_ms:.2f} ms in the echo, and"
            f" {mine.telegram_ms:.2f} ms in the loopback Telegram; {scale.updates:,} at once,"
            f" {scale.network_delay * 1000:.0f} ms network delay"
        ),
    )


def _typical(runs: Sequence[Run]) -> Run:
    """The one of median rate."""
    return sorted(runs, key=lambda run: run.rate)[(len(runs) - 1) // 2]


async def _answers(scale: Scale, made: Worlds) -> Run:
    """Everybody answers at once; over when each answer is kept, each reply stands and each is marked."""
    data_dir = made.fresh(Wish(scale.updates))
    async with loopback(delay=scale.network_delay) as telegram:
        people = accounts(telegram, scale.updates, asked=True)
        async with running(telegram, data_dir) as child:
            await asyncio.sleep(scale.calm_seconds)
            answered = Answered(people, telegram)
            meters = Meter(child.pid), Meter()
            started = time.monotonic()
            for place, person in enumerate(people):
                person.write(ANSWER.format(place))
            await answered.wait()
            await telegram.state.updates.confirmed()
            await child.settle()
            run = _run(scale.updates, time.monotonic() - started, meters)
    _check_kept(data_dir, scale.updates)
    return run


async def _echo(scale: Scale, made: Worlds, library: str) -> Run:
    """Everybody writes at once; over when each echo stands."""
    async with loopback(delay=scale.network_delay) as telegram:
        people = accounts(telegram, scale.updates, asked=False)
        module = f"benchmarks.echoes.with_{library}"
        async with running(telegram, made.empty(), module=module, arguments=()) as child:
            await asyncio.sleep(scale.calm_seconds)
            answered = Answered(people, telegram)
            meters = Meter(child.pid), Meter()
            started = time.monotonic()
            for place, person in enumerate(people):
                person.write(ANSWER.format(place))
            await answered.wait()
            return _run(scale.updates, time.monotonic() - started, meters)


def _run(count: int, seconds: float, meters: tuple[Meter, Meter]) -> Run:
    of_bot, of_telegram = meters
    return Run(count / seconds, 1000 * of_bot.seconds() / count, 1000 * of_telegram.seconds() / count)


def _check_kept(data_dir: Path, wanted: int) -> None:
    """Every answer is a sealed row and every reply a marked delivery, seen by another process than the bot."""
    with sqlite3.connect(data_dir / "side-by-side.db") as database:
        kept = database.execute("SELECT count(*) FROM answer WHERE length(words_sealed) > 50").fetchone()[0]
        marked = database.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()[0]
    if (kept, marked) != (wanted, 2 * wanted):
        raise Broken(f"of {wanted} answers {kept} were kept and {marked - wanted} replies marked")
