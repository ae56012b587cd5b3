"""Evenings, when the daily question comes."""

from datetime import timedelta

from bot.playground.messages import Message
from bot.practice import times
from tests.conftest import House
from tests.phones import Phone

EVENING = 20 * 60
MOST_DAYS = 84  # which days are shared is drawn from random ids: for two that share one day a week, one in four is not
PERSONAL = "Just for you"


async def to_evening(house: House, zone: str = "Europe/Berlin", minute: int = EVENING) -> None:
    """Pass the time until just after the next 20:00 in a zone."""
    _, at = times.next_occurrence(house.now(), minute=minute, days=127, zone=zone)
    await house.app.move_clock(at - house.now() + timedelta(seconds=1))
    await house.settle()


def question(phone: Phone) -> Message:
    """The newest question that can be answered or passed over."""
    return next(message for message in reversed(phone.from_bot) if "Not today" in message.labels)


async def shared_evening(house: House, *phones: Phone) -> None:
    """The next evening in Berlin on which all of these people are asked something that they may share."""
    for _ in range(MOST_DAYS):
        before = {phone.name: len(phone.from_bot) for phone in phones}
        await to_evening(house)
        new = [asked for phone in phones if (asked := question(phone)) in phone.from_bot[before[phone.name] :]]
        if len(new) == len(phones) and not any(PERSONAL in each.text for each in new):
            return
    raise AssertionError("there was no shared question for days")


async def personal_evening(house: House, phone: Phone) -> None:
    """The next evening in Berlin on which the question is for one person alone."""
    for _ in range(MOST_DAYS):
        await to_evening(house)
        if PERSONAL in question(phone).text:
            return
    raise AssertionError("there was no personal question for days")
