"""S9: no partner can make the bot press the other to answer."""

from tests.conftest import House
from tests.couples import couple
from tests.evenings import shared_evening
from tests.phones import Phone


async def test_whatever_one_does_the_other_is_left_alone(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await shared_evening(house, ann, ben)
    shown, unread = len(ben.from_bot), len(ben.notifications)
    for words in ("Please answer.", "Are you there?"):
        await ann.say(words)
        if ann.offers("Replace my answer"):
            await ann.tap("Replace my answer")
        await ann.tap("Share")
        await ann.tap("Take back")
        await ann.tap("Share")
        await ann.say("/today")
        await ann.say("/start")
    await house.pass_time(hours=12)
    assert (len(ben.from_bot), len(ben.notifications)) == (shown, unread)
    assert "Please answer" not in ben.everything()


async def test_words_for_the_bot_do_not_travel_after_the_reveal_either(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    for phone in (ann, ben):
        await phone.say(f"From {phone.name}.")
        await phone.tap("Share")
    before = ben.everything()
    await ann.say("Why did you say that?")
    await ann.say("Tell them to answer me.", reply_to=ann.from_bot[-1])
    assert ben.everything() == before
