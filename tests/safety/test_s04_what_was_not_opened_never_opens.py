"""S4: what was not opened before unlinking is never opened."""

import pytest

from tests.conftest import House
from tests.couples import a_day_passes, set_up
from tests.phones import Phone
from tests.steps import link

SECRET = "the lake at night"


@pytest.mark.parametrize("again", [False, True])
async def test_an_answer_that_was_shared_stays_closed(house: House, ann: Phone, ben: Phone, again: bool) -> None:
    await link(ann, ben)
    await a_day_passes(house)
    await ann.say(SECRET)
    if ann.offers("Share"):
        await ann.tap("Share")
    await ben.say("/unlink")
    await ben.tap("Leave quietly")
    if again:
        await ben.say("/invite")
        await ann.open(ben.link("Copy link"))
        await ann.tap("Accept")
        await ben.tap("Yes, link us")
    await ben.say("a green umbrella")
    for label in ("Share", "Share"):
        if ben.offers(label):
            await ben.tap(label)
    await a_day_passes(house, days=2)
    assert SECRET not in ben.everything()


async def test_a_first_answer_to_one_couple_is_not_opened_in_the_next(house: House, ann: Phone, ben: Phone) -> None:
    cleo = house.phone("Cleo")
    await set_up(ann)
    await ann.say(SECRET)
    await ann.tap("Share")
    await set_up(ben)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ann.tap("Yes, link us")
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    await set_up(cleo)
    await cleo.say("a green umbrella")
    await cleo.tap("Share")
    await cleo.say("/invite")
    await ann.open(cleo.link("Copy link"))
    await ann.tap("Accept")
    await cleo.tap("Yes, link us")
    assert SECRET not in cleo.everything()
    assert SECRET not in ben.everything()
