"""How evenly the bot writes when more is due than it may send: on average, and in its fullest second."""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks import noting
from benchmarks.figures import Figure
from benchmarks.people import Wish
from benchmarks.scale import Scale
from benchmarks.stage import AHEAD, Answered, Broken, Meter, accounts, loopback, running
from benchmarks.worlds import worlds

SLACK = 60.0  # seconds beyond what the pace takes, before the part is broken


async def measure(scale: Scale) -> list[Figure]:
    """Questions for minutes, all due in the same moment; each is timed when the bot writes its request."""
    count, due = scale.pace * scale.paced_seconds, datetime.now(UTC) + AHEAD
    with worlds() as made:
        data_dir, noted = made.fresh(Wish(count, due=due)), made.folder / "noted"
        settings = {"MESSAGES_PER_SECOND": str(scale.pace), noting.FILE: str(noted)}
        async with loopback(keep_calls=4 * count) as telegram:
            people = accounts(telegram, count, asked=False)
            async with running(telegram, data_dir, module="benchmarks.noting", settings=settings) as child:
                answered, meter = Answered(people, telegram), Meter(child.pid)
                moved = asyncio.create_task(child.move(due - datetime.now(UTC) + timedelta(seconds=1)))
                await answered.wait(2 * scale.paced_seconds + SLACK)
                share = meter.core_share()
                moved.cancel()
        written = noting.read(noted)
        arrived = [call.arrived for call in telegram.calls.of("sendMessage")]
    if len(arrived) != len(people) or len(written) < len(arrived):
        raise Broken(f"{len(people)} messages were owed, {len(written)} written, and {len(arrived)} came")
    seconds = written[-1] - written[0]
    return [
        Figure(
            f"messages a second on average, at a pace of {scale.pace}",
            (len(arrived) - 1) / seconds,
            "/s",
            target=scale.pace * 28 / 30,
            dream=scale.pace * 29.5 / 30,
            note=(
                f"{len(arrived):,} messages, begun {len(written):,} times, in {seconds:.1f} s,"
                f" with {share:.1f} % of a core"
            ),
        ),
        Figure(
            f"messages in the fullest second, at a pace of {scale.pace}",
            most_within(written, 1.0),
            "",
            target=scale.pace,
            dream=scale.pace,
            at_most=True,
            note=(
                "any second, not only whole ones, as the bot wrote them; at the other end of a busy machine,"
                f" where they are read in bursts, {most_within(arrived, 1.0)}"
            ),
        ),
    ]


def most_within(times: Sequence[float], seconds: float) -> int:
    """How many of these, in order, lie in the fullest stretch of less than so many seconds."""
    return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))
