"""Single steps on the way to a couple, for tests of the way itself."""

from tests.couples import set_up
from tests.phones import Phone


async def agree(phone: Phone) -> None:
    """From a stranger to somebody who is asked for the time."""
    await phone.start()
    await phone.tap("Begin")
    await phone.tap("I agree")


async def invitation(inviter: Phone, other: Phone) -> str:
    """The other has opened the inviter's link, and both are set up; gives the link."""
    for phone in (inviter, other):
        await set_up(phone)
        await phone.tap("Not today")
    await inviter.say("/invite")
    url = inviter.link("Copy link")
    await other.open(url)
    return url


async def link(inviter: Phone, other: Phone) -> str:
    """Two people who are linked; gives the used link."""
    used = await invitation(inviter, other)
    await other.tap("Accept")
    await inviter.tap("Yes, link us")
    return used
