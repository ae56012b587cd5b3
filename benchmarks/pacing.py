"""How evenly the bot writes when more is due than it may send: on average, and in its fullest second."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import AHEAD, Answered, Broken, Meter, accounts, loopback, running
from benchmarks.worlds import worlds

SLACK = 60.0  # seconds beyond what the pace takes, before the part is broken


async def measure(scale: Scale) -> list[Figure]:
    """Questions for minutes, all due in the same moment; each is timed when its request has arrived at Telegram."""
    count, due = scale.pace * scale.paced_seconds, datetime.now(UTC) + AHEAD
    with worlds() as made:
        data_dir = made.fresh(Wish(count + count % 2, due=due))
        async with loopback(keep_calls=4 * count) as telegram:
            people = accounts(telegram, count + count % 2, asked=False)
            async with running(telegram, data_dir, settings={"MESSAGES_PER_SECOND": str(scale.pace)}) as child:
                answered, meter = Answered(people, telegram), Meter(child.pid)
                moved = asyncio.create_task(child.move(due - datetime.now(UTC) + timedelta(seconds=1)))
                await answered.wait(2 * scale.paced_seconds + SLACK)
                share = meter.core_share()
                moved.cancel()
        arrived = [call.arrived for call in telegram.calls.of("sendMessage")]
    if len(arrived) != len(people):
        raise Broken(f"{len(people)} messages were owed and {len(arrived)} came")
    seconds = arrived[-1] - arrived[0]
    mean, fullest = (len(arrived) - 1) / seconds, most_within(arrived, 1.0)
    name, note = f"at a pace of {scale.pace} a second", f"{len(arrived):,} messages in {seconds:.1f} s"
    return [
        Figure(
            f"messages a second on average, {name}",
            mean,
            "/s",
            target=scale.pace * 28 / 30,
            dream=scale.pace * 29.5 / 30,
            note=f"{note}, {share:.1f} % of a core",
        ),
        Figure(
            f"messages in the fullest second, {name}",
            fullest,
            "",
            target=scale.pace,
            at_most=True,
            note="any second, not only whole ones; timed at their arrival, so the jitter of this machine is in it",
        ),
    ]


def most_within(times: Sequence[float], seconds: float) -> int:
    """How many of these, in order, lie in the fullest stretch of less than so many seconds."""
    return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))
