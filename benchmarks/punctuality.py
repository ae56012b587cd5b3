"""How late a question comes when nearly as many are due as may be sent: from its planned time to its arrival."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure
from benchmarks.people import Asked, Wish
from benchmarks.scale import Scale
from benchmarks.stage import AHEAD, Answered, accounts, loopback, running
from benchmarks.worlds import worlds
from bot.playground.people import Account
from bot.playground.server import LoopbackTelegram

SLACK = 60.0


async def measure(scale: Scale) -> list[Figure]:
    """One person after the other becomes due; the bot finds, plans, claims and sends at its own pace."""
    count, gap = 2 * (scale.punctual_rate * scale.punctual_seconds // 2), timedelta(seconds=1 / scale.punctual_rate)
    first = datetime.now(UTC) + AHEAD
    with worlds() as made:
        data_dir = made.fresh(Wish(count, asked=Asked(first, gap=gap)))
        async with loopback(keep_calls=4 * count) as telegram:
            people = accounts(telegram, count, asked=True)
            async with running(telegram, data_dir, settings={"MESSAGES_PER_SECOND": str(scale.pace)}) as child:
                answered = Answered(people, telegram)
                ahead = first - datetime.now(UTC) - timedelta(seconds=1)
                await child.move(ahead)
                await answered.wait(2 * scale.punctual_seconds + SLACK)
            late = sorted(_lateness(telegram, people, first - ahead, gap))
    return [
        Figure(
            f"lateness of a question at {scale.punctual_rate} a second, 99th percentile",
            late[int(0.99 * (len(late) - 1))],
            "s",
            target=2,
            dream=0.5,
            at_most=True,
            note=(
                f"{count:,} people, one each {1000 * gap.total_seconds():.0f} ms, at a pace of {scale.pace} a second"
                f" which by itself delays nothing; half within {late[len(late) // 2]:.2f} s,"
                f" the latest {late[-1]:.2f} s"
            ),
        )
    ]


def _lateness(telegram: LoopbackTelegram, people: Sequence[Account], first: datetime, gap: timedelta) -> list[float]:
    """Seconds from each person's planned time, as this process's clock has it, to the arrival of their question."""
    wall = datetime.now(UTC).timestamp() - time.monotonic()
    planned = {person.id: (first + place * gap).timestamp() - wall for place, person in enumerate(people)}
    arrived: dict[int, float] = {}
    for call in telegram.calls.of("sendMessage"):
        arrived.setdefault(call.chat_id or 0, call.arrived)
    return [arrived[person] - at for person, at in planned.items()]
