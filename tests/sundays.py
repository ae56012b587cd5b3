"""Sunday evenings, when previews come, and what two people do with them."""

from datetime import timedelta

from bot.playground.messages import Message
from bot.practice import times
from tests.conftest import House
from tests.couples import couple, open_answers
from tests.phones import Phone

SUNDAY = 64
EVENING = 20 * 60
READY = "Your own lines of this week are here"
WORDS = ("the sea in winter", "a warm kitchen")  # what Ann and Ben have open


async def to_sunday(house: House, zone: str = "Europe/Berlin", minute: int = EVENING) -> None:
    """Pass the time until just after the next Sunday 20:00 in a zone."""
    _, at = times.next_occurrence(house.now(), minute=minute, days=SUNDAY, zone=zone)
    await house.app.move_clock(at - house.now() + timedelta(seconds=1))
    await house.settle()


async def a_week_with_an_answer(house: House, ann: Phone, ben: Phone, *, berlin: bool = True) -> None:
    """A couple whose first answers opened."""
    await couple(ann, ben, cities=("Berlin", "Berlin") if berlin else ("Berlin", "New York"))
    await open_answers(ann, ben, words=WORDS)


async def wants(phone: Phone) -> None:
    """Turn the summary on."""
    await phone.say("/summary")
    await phone.tap("Turn it on")


async def taps_the_pulse(phone: Phone, *values: int) -> None:
    """Room now and wanted, closeness now and wanted."""
    await phone.say("/pulse")
    if "Change" in phone.last.labels:
        await phone.tap("Change")
    for value in values:
        label = str(value) if str(value) in phone.last.labels else f"✓ {value}"
        await phone.tap(label, on=phone.last)


async def approves(phone: Phone, *, pulse: bool = False) -> None:
    """Look at the preview, perhaps add the pulse, and approve."""
    await phone.tap("Look")
    if pulse:
        await phone.tap("Add my pulse")
    await phone.tap("Approve")


def pages(phone: Phone) -> list[Message]:
    """The messages that showed a page in any state."""
    return [each for each in phone.from_bot if any("Your week, " in text for text in each.texts())]


def pictures(phone: Phone) -> list[Message]:
    """The pictures in sight."""
    return [each for each in phone.from_bot if each.media == "photo"]
