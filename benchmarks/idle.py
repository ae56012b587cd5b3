"""A bot with nothing to do: its memory over many ticks, and its share of a core in real time."""

import asyncio
from datetime import timedelta

from benchmarks.figures import Figure
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import Meter, accounts, loopback, resident_megabytes, running
from benchmarks.worlds import worlds
from bot.playground.child import ChildBot

TICK = timedelta(seconds=1)


async def measure(scale: Scale) -> list[Figure]:
    """Every job rings so often; then nothing happens for a while."""
    with worlds() as made:
        data_dir = made.fresh(Wish(scale.idle_people))
        async with loopback() as telegram:
            accounts(telegram, scale.idle_people, asked=True)
            async with running(telegram, data_dir) as child:
                await _tick(child, scale.warm_up_ticks)
                before = resident_megabytes(child.pid)
                meter = Meter(child.pid)
                await _tick(child, scale.ticks)
                each = 1000 * meter.seconds() / scale.ticks
                after = resident_megabytes(child.pid)
                quiet = Meter(child.pid)
                await asyncio.sleep(scale.quiet_seconds)
                share = quiet.core_share()
    ticks = f"{scale.ticks:,} ticks"
    return [
        Figure(
            f"growth of memory over {ticks}",
            after - before,
            "MB",
            target=1.0,
            at_most=True,
            note=f"from {before:.1f} to {after:.1f} MB; one tick rings every job: {each:.2f} ms of processor time",
        ),
        Figure("resident memory at rest", after, "MB", target=140, at_most=True),
        Figure(f"share of a core in {scale.quiet_seconds:g} quiet seconds", share, "%", target=1, at_most=True),
    ]


async def _tick(child: ChildBot, times: int) -> None:
    for _ in range(times):
        await child.move(TICK)
