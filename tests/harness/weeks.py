"""Weekly pages on their way: both approved, and the process dies at every moment between the commit and the phones."""

from collections import Counter
from datetime import date

from bot.practice import times
from tests.harness import path
from tests.harness.path import Two
from tests.harness.stage import Stage
from tests.phones import Phone

SUNDAY = 64
EVENING = 20 * 60
TITLE = "Your week, "
DRAWN = "You both wanted more closeness."
PULSE = ("3", "3", "2", "4")  # room is about right, closeness is not
MOMENTS = (
    *(("after_commit", countdown) for countdown in (1, 2, 3)),
    *(("claimed", countdown) for countdown in (1, 3)),
    *(("nudged", countdown) for countdown in (1, 2, 3)),
    *(("sent", countdown) for countdown in (2, 4, 6)),
    *(("marked", countdown) for countdown in (1, 3, 5)),
)


async def begin(two: Two) -> None:
    """Both turn the summary on, once nothing is left from the first days that could be a line."""
    await two.world.pass_time(hours=35)
    for _ in range(10):
        await two.world.pass_time(hours=24)
    for phone in (two.ann, two.ben):
        two.world.say(phone, "/summary")
        await two.world.settle()
        two.world.tap(phone, "Turn it on")
        await two.world.settle()


async def to_sunday(world: Stage, zone: str) -> date:
    """Let time pass, day by day, until just after the next Sunday 20:00 in a zone; gives the date."""
    on, at = times.next_occurrence(world.now(), minute=EVENING, days=SUNDAY, zone=zone)
    while (left := (at - world.now()).total_seconds() + 2) > 24 * 3600:
        await world.pass_time(hours=24)
    await world.pass_time(seconds=left)
    return on


async def prepare(two: Two, phone: Phone) -> None:
    """Somebody's Sunday evening, until only their [Approve] is missing."""
    await to_sunday(two.world, path.ZONES[phone.name])
    two.world.say(phone, "/pulse")
    await two.world.settle()
    for label in (*PULSE, "Look", "Add my pulse"):
        two.world.tap(phone, label)
        await two.world.settle()


async def open_what_was_left(world: Stage) -> None:
    """Press [Open] wherever it stands; the page, or its picture, has to come into that very message."""
    for phone in world.phones:
        for message in [one for one in phone.from_bot if one.labels == ["Open"]]:
            world.press(phone, message, str(message.buttons[0]["callback_data"]), "Open")
            await world.settle()
            assert TITLE in message.text or message.media == "photo", f"[Open] did nothing: {message.text!r}"


def check(world: Stage, weeks: int) -> None:
    """Every week's page and its picture came to both, each in one message that the bot knows of."""
    for phone in world.phones:
        known = [message for message in phone.from_bot if message.id in world.records.known]
        titles = Counter(message.text.splitlines()[0] for message in known if message.text.startswith(TITLE))
        assert len(titles) == weeks, f"{phone.name} sees {len(titles)} pages of {weeks}"
        assert max(titles.values()) <= 2, f"{phone.name} sees a page too often: {titles}"  # its copy was opened by hand
        pictures = [message for message in known if message.media == "photo"]
        assert all(DRAWN in message.text for message in pictures)
        assert len(pictures) >= weeks, f"{phone.name} sees {len(pictures)} pictures of {weeks}"
        assert not any(DRAWN in text for text in phone.notifications), "on a lock screen"
