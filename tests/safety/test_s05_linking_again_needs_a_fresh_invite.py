"""S5: linking again needs a fresh invite; a declined or blocked one tells nobody."""

import pytest

from tests.conftest import House
from tests.phones import Phone
from tests.steps import invitation, link

DEAD = "This link doesn't work any more."


async def test_the_old_link_and_its_buttons_link_nobody_again(ann: Phone, ben: Phone) -> None:
    url = await link(ann, ben)
    cards = [message for phone in (ann, ben) for message in phone.from_bot]
    await ben.say("/unlink")
    await ben.tap("Leave and tell")
    await ben.open(url)
    assert ben.last.text.startswith(DEAD)
    for phone in (ann, ben):
        for message in cards:
            for version in message.versions:
                for button in version.buttons:
                    if message in phone.from_bot and button.get("callback_data", "").startswith(("1:ia", "1:iy")):
                        await phone.press(button["callback_data"], on=message)
    await ann.say("/start")
    assert "on your own" in ann.last.text


@pytest.mark.parametrize("answer", ["Decline", "Decline and block"])
async def test_the_inviter_sees_the_same_as_if_nobody_had_opened_the_link(
    house: House, ann: Phone, ben: Phone, answer: str
) -> None:
    cleo = house.phone("Cleo")
    await invitation(ann, ben)
    await invitation(cleo, house.phone("Dee"))
    await ben.tap(answer)
    for phone in (ann, cleo):
        await phone.say("/invite")
        await phone.say("/start")
    await house.pass_time(hours=49)
    for phone in (ann, cleo):
        await phone.say("/invite")
    faces = [[(message.text.split("https")[0], message.labels) for message in phone.from_bot] for phone in (ann, cleo)]
    assert faces[0] == faces[1]
