"""What several tests begin with: people set up, linked, and with a question open."""

from datetime import timedelta

from tests.conftest import House
from tests.phones import Phone


async def set_up(phone: Phone, city: str = "Berlin") -> None:
    """From START to the first question."""
    await phone.start()
    await phone.tap("Begin")
    await phone.tap("I agree")
    await phone.say(city)


async def link(ann: Phone, ben: Phone) -> None:
    """Two people who are set up become a couple; the first question is still open."""
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ann.tap("Yes, link us")


async def couple(ann: Phone, ben: Phone, *, cities: tuple[str, str] = ("Berlin", "New York")) -> None:
    """Two strangers become a couple."""
    await set_up(ann, cities[0])
    await set_up(ben, cities[1])
    await link(ann, ben)


async def open_answers(
    ann: Phone, ben: Phone, *, words: tuple[str, str] = ("Tea outside.", "The first coffee.")
) -> None:
    """Both answer their current question and share."""
    for phone, text in zip((ann, ben), words, strict=True):
        await phone.say(text)
        await phone.tap("Share")


async def a_day_passes(house: House, days: float = 1) -> None:
    """Hours pass one by one, as they do, so that every question comes at its time."""
    for _ in range(round(days * 24)):
        await house.app.move_clock(timedelta(hours=1))
    await house.settle()


async def keep(phone: Phone, text: str) -> None:
    """Answer the current question, and keep the answer; what is just for oneself is kept anyway."""
    await phone.say(text)
    if "Keep for me" in phone.last.labels:
        await phone.tap("Keep for me")
