"""S6: a blocked person's attempt looks like an expired link."""

from tests.conftest import House
from tests.phones import Phone
from tests.steps import invitation


async def test_blocked_and_expired_links_read_the_same(house: House, ann: Phone, ben: Phone) -> None:
    expired = await invitation(house.phone("Cleo"), house.phone("Dee"))
    await house.pass_time(hours=48)
    await invitation(ann, ben)
    await ben.tap("Decline and block")
    await ann.tap("Cancel invite")
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    blocked = ben.last.html
    await ben.open(expired)
    assert ben.last.html == blocked
    await ben.say("/invite")
    await ann.open(ben.link("Copy link"))
    assert ann.last.html == blocked


async def test_others_can_still_open_the_link(house: House, ann: Phone, ben: Phone) -> None:
    cleo = house.phone("Cleo")
    await invitation(ann, ben)
    await ben.tap("Decline and block")
    await ann.tap("Cancel invite")
    await ann.say("/invite")
    await cleo.open(ann.link("Copy link"))
    assert cleo.offers("Accept")
