"""Couples who are already further along: both in an open weekly conversation, one with an agreement on trial.

Everybody has turned the weekly page on and said how much room and closeness there is.
"""

from collections.abc import Sequence

from bot.practice import times
from tests.harness import path
from tests.harness.path import Step, Two, taps
from tests.harness.stage import Stage

TOMORROW, AT = 1 << 2, 17 * 60
SET = "/week Wednesday 17:00"  # a world begins on a Tuesday


async def go_further(world: Stage) -> None:
    """Lead two couples there, the first one to its end."""
    pairs = [Two(world, *world.phones[:2]), Two(world, *world.phones[2:4])]
    await together(pairs, (says("ann", SET, command=True), says("ben", SET, command=True)))
    await _to_invitation(world, "Ann")
    await together(pairs, ANNS_SIDE)
    await _to_invitation(world, "Ben")
    await together(pairs, BENS_SIDE)
    await together(pairs[:1], AN_AGREEMENT)
    await together(pairs, (*turned_on("ann"), *turned_on("ben")))


async def together(pairs: Sequence[Two], steps: Sequence[Step]) -> None:
    """Each step by every couple of one world at the same time."""
    for step in steps:
        for two in pairs:
            await step.do(two)
        await pairs[0].world.settle()


async def _to_invitation(world: Stage, name: str) -> None:
    _, at = times.next_occurrence(world.now(), minute=AT, days=TOMORROW, zone=path.ZONES[name])
    await world.pass_time(seconds=(at - world.now()).total_seconds() + 2)


def says(who: str, text: str, *, command: bool = False) -> Step:
    """Somebody writes something that nobody else would write."""

    async def do(two: Two) -> None:
        phone = getattr(two, who)
        two.world.say(phone, text if command else f"{text} ({phone.name})")

    return Step(f"{who} writes {text!r}", do)


ANNS_SIDE: Sequence[Step] = (
    taps("ann", "Yes"),
    says("ann", "Thank you for the tea"),
    taps("ann", "Request"),
    says("ann", "Would you keep Saturday for us?"),
    taps("ann", "Share"),
    taps("ann", "I'm finished"),
)
BENS_SIDE: Sequence[Step] = (
    taps("ben", "Yes"),
    taps("ben", "Pass over"),
    taps("ben", "Limit"),
    says("ben", "I won't answer mail after nine"),
    says("ben", "You will find me at breakfast"),
    taps("ben", "Share"),
    taps("ben", "I'm finished"),
)
AN_AGREEMENT: Sequence[Step] = (
    taps("ben", "Counter"),
    says("ben", "Every second Saturday?"),
    taps("ann", "Agree"),
)


def turned_on(who: str) -> Sequence[Step]:
    """Somebody wants the weekly page, and taps their room and closeness."""
    steps = (says(who, "/summary", command=True), taps(who, "Turn it on"), says(who, "/pulse", command=True))
    return (*steps, *(taps(who, value) for value in ("3", "3", "2", "4")))
