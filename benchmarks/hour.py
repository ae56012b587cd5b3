"""An hour of work by a moved clock: questions come, people answer and share; what the bot holds in memory meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure
from benchmarks.people import Asked, Wish
from benchmarks.scale import Scale
from benchmarks.stage import AHEAD, Broken, accounts, loopback, resident_megabytes, running
from benchmarks.worlds import worlds
from bot.playground.people import Account

STEP = timedelta(seconds=10)
A_STEP = 4  # people whose question comes in a step
SETTLED = 6  # of the hour so much, one in six, is over before growth is looked at
ANSWER = "The way you waited for me at the door, and that there was tea."


async def measure(scale: Scale) -> list[Figure]:
    """In each step some are asked, those who were asked before answer, and those who answered share."""
    steps = int(timedelta(minutes=scale.minutes_of_work) / STEP)
    first = datetime.now(UTC) + AHEAD
    with worlds() as made:
        data_dir = made.fresh(Wish(A_STEP * steps, asked=Asked(first, gap=STEP / A_STEP)))
        async with loopback() as telegram:
            people = accounts(telegram, A_STEP * steps, asked=True)
            async with running(telegram, data_dir) as child:
                await child.move(first - datetime.now(UTC))
                held = []
                for step in range(steps):
                    await child.move(STEP)
                    _answer(people[A_STEP * step : A_STEP * (step + 1)])
                    _share(people[A_STEP * (step - 1) : A_STEP * step] if step else ())
                    await child.settle()
                    held.append(resident_megabytes(child.pid))
            opened = telegram.state.chats.last_message_id
    sixths = [held[-1 - place * steps // SETTLED] for place in reversed(range(SETTLED))]
    return [
        Figure(
            f"resident memory over {scale.minutes_of_work} minutes of work",
            max(held),
            "MB",
            target=140,
            dream=115,
            at_most=True,
            note=(
                f"{len(people):,} people asked, their answers kept, most of them shared, {opened:,} messages,"
                f" {steps:,} rings of every job"
            ),
        ),
        Figure(
            f"growth of memory in the rest of {scale.minutes_of_work} minutes",
            held[-1] - sixths[0],
            "MB",
            target=3,
            at_most=True,
            note=f"from the end of the first sixth; MB after each: {', '.join(f'{each:.1f}' for each in sixths)}",
        ),
    ]


def _answer(people: Sequence[Account]) -> None:
    for person in people:
        person.write(ANSWER)


def _share(people: Sequence[Account]) -> None:
    for person in people:
        card = person.messages[-1]
        if ANSWER not in card.text:
            raise Broken(f"the answer was not kept: {card.text[:200]}")
        if data := [button["callback_data"] for button in card.buttons if button["text"] == "Share"]:
            person.press(card, data[0])  # a question that is just for oneself has no such button
