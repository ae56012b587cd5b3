"""The full path of two people in two time zones, one act after the other: set up, link, first reveal, a daily question,
its reveal, a weekly conversation with an agreement, the end.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from bot.playground.messages import Message
from bot.practice import times
from tests.harness.stage import Stage
from tests.phones import Phone

ZONES = {"Ann": "Europe/Vienna", "Ben": "America/Toronto"}
EVENING = 20 * 60
WEEKLY = 18 * 60
SUNDAY = 64
JUST_FOR_YOU = "Just for you"
MOST_DAYS = 5

Do: TypeAlias = Callable[["Two"], Coroutine[Any, Any, None]]


@dataclass
class Two:
    """The two of the path, in their world."""

    world: Stage
    ann: Phone
    ben: Phone


@dataclass(frozen=True)
class Step:
    """One act; after it, the world settles."""

    name: str
    do: Do


def words(two: Two, phone: Phone, about: str) -> str:
    """Words of somebody that nobody else would write."""
    return f"{phone.name} thinks of the {about}"


def says(who: str, text: str) -> Step:
    """Somebody writes something."""

    async def do(two: Two) -> None:
        two.world.say(getattr(two, who), text)

    return Step(f"{who} writes {text!r}", do)


def answers(who: str, about: str) -> Step:
    """Somebody answers the question."""

    async def do(two: Two) -> None:
        phone: Phone = getattr(two, who)
        asked = newest_question(phone)
        assert asked is not None, f"{phone.name} sees no question"
        assert not any(one.sender_id == phone.id for one in phone.screen if one.id > asked.id), "it was answered before"
        two.world.say(phone, words(two, phone, about))

    return Step(f"{who} answers with words about the {about}", do)


def taps(who: str, label: str) -> Step:
    """Somebody taps the newest button with this label."""

    async def do(two: Two) -> None:
        two.world.tap(getattr(two, who), label)

    return Step(f"{who} taps [{label}]", do)


def passes(**by: float) -> Step:
    """Time passes, as `timedelta` is spelled."""

    async def do(two: Two) -> None:
        await two.world.pass_time(**by)

    return Step(f"time passes: {by}", do)


async def _ann_starts(two: Two) -> None:
    two.world.do(two.ann, "/start", "message", two.ann.account.start)


async def _ben_follows_the_link(two: Two) -> None:
    link = two.ann.link("Copy link")
    two.world.do(two.ben, "/start <token>", "message", lambda: two.ben.account.open(link))


def question_comes_to(who: str) -> Step:
    """Time passes until somebody's question for the day; a day on which it is for them alone is let go."""

    async def do(two: Two) -> None:
        phone: Phone = getattr(two, who)
        before = newest_question(phone)
        for _ in range(MOST_DAYS):
            await pass_to_evening(two.world, ZONES[phone.name])
            asked = newest_question(phone)
            if asked is not None and asked is not before and JUST_FOR_YOU not in asked.text:
                return
        raise AssertionError(f"{phone.name} was never asked something to share")

    return Step(f"time passes until {who} is asked", do)


def week_comes_to(who: str) -> Step:
    """Time passes until somebody's weekly conversation."""

    async def do(two: Two) -> None:
        phone: Phone = getattr(two, who)
        _, at = times.next_occurrence(two.world.now(), minute=WEEKLY, days=SUNDAY, zone=ZONES[phone.name])
        await two.world.pass_time(seconds=(at - two.world.now()).total_seconds() + 2)

    return Step(f"the week comes to {who}", do)


async def pass_to_evening(world: Stage, zone: str) -> date:
    """Let time pass until just after the next 20:00 in a zone; gives the local date."""
    on, at = times.next_occurrence(world.now(), minute=EVENING, days=127, zone=zone)
    await world.pass_time(seconds=(at - world.now()).total_seconds() + 2)
    return on


def newest_question(phone: Phone) -> Message | None:
    """The newest question in sight, answered or not."""
    return next((message for message in reversed(phone.from_bot) if "Not today" in message.labels), None)


SETTING_UP: Sequence[Step] = (
    Step("ann starts", _ann_starts),
    taps("ann", "Begin"),
    taps("ann", "I agree"),
    says("ann", ZONES["Ann"]),
    answers("ann", "sea"),
    taps("ann", "Share"),
    taps("ann", "Invite my partner"),
    Step("ben follows the link", _ben_follows_the_link),
    taps("ben", "Accept"),
    taps("ben", "I agree"),
    says("ben", ZONES["Ben"]),
    answers("ben", "hills"),
    taps("ben", "Share"),
    taps("ann", "Yes, link us"),
)
RHYTHM: Sequence[Step] = (passes(minutes=3), taps("ann", "Every day"), taps("ben", "Every day"))
DAY: Sequence[Step] = (
    question_comes_to("ann"),
    answers("ann", "kitchen"),
    taps("ann", "Share"),
    question_comes_to("ben"),
    answers("ben", "garden"),
    taps("ben", "Share"),
    taps("ben", "I hear you"),
)


def day_until_the_last_share(about: str) -> Sequence[Step]:
    """A day on which only Ben's [Share] is missing."""
    return (
        question_comes_to("ann"),
        answers("ann", about),
        taps("ann", "Share"),
        question_comes_to("ben"),
        answers("ben", about),
    )


HELD_BACK = {  # what is written in the weekly conversation before it opens, by whom
    "Ann": ("Ann thanks for the tea", "Would you keep Sunday for us?"),
    "Ben": ("I won't answer mail after eight", "You will find me at dinner"),
}
COUNTER = "Every other Sunday?"
FINISHED = "[I'm finished]"
WEEK: Sequence[Step] = (
    week_comes_to("ann"),
    taps("ann", "Yes"),
    says("ann", HELD_BACK["Ann"][0]),
    taps("ann", "Request"),
    says("ann", HELD_BACK["Ann"][1]),
    taps("ann", "Share"),
    taps("ann", "I'm finished"),
    week_comes_to("ben"),
    taps("ben", "Yes"),
    taps("ben", "Pass over"),
    taps("ben", "Limit"),
    says("ben", HELD_BACK["Ben"][0]),
    says("ben", HELD_BACK["Ben"][1]),
    taps("ben", "Share"),
    taps("ben", "I'm finished"),
    taps("ben", "Counter"),
    says("ben", COUNTER),
    taps("ann", "Agree"),
    says("ann", "/agreements"),
)
LEAVING: Sequence[Step] = (says("ann", "/unlink"), taps("ann", "Leave and tell"))
FULL: Sequence[Step] = (*SETTING_UP, *RHYTHM, *DAY, *WEEK, *LEAVING)


def two_in(world: Stage) -> Two:
    """Ann and Ben, new to this world."""
    return Two(world, world.person("Ann"), world.person("Ben"))


async def walk(two: Two, steps: Sequence[Step] = FULL, *, before: "Callable[[Step, int], Any] | None" = None) -> None:
    """Take the steps, each to its end."""
    for number, step in enumerate(steps):
        if before is not None:
            await before(step, number)
        await step.do(two)
        await two.world.settle()
