"""S17, S18: /safety works in every state, carries a date, and the bot calls itself no help that it is not."""

from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone
from tests.steps import link


async def safe(phone: Phone) -> None:
    """Ask for help, see it, and clear it away without a trace."""
    before = [message.id for message in phone.screen]
    await phone.say("/safety")
    text = phone.last.text
    assert "neither therapy nor an emergency service" in text
    assert "112" in text
    assert "Numbers as of 20" in text
    await phone.tap("Clear this")
    assert [message.id for message in phone.screen] == before


async def test_it_works_for_strangers_and_in_every_step_of_set_up(ann: Phone) -> None:
    await ann.start()
    await safe(ann)
    await ann.tap("Begin")
    await safe(ann)
    await ann.tap("I agree")
    await safe(ann)
    await ann.say("Berlin")
    await safe(ann)
    assert ann.offers("Not today")


async def test_it_works_while_the_bot_waits_for_words_and_leaves_that_alone(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/time")
    await safe(ann)
    await ann.say("19:45")
    assert "comes at 19:45" in ann.last.text


async def test_it_works_with_a_partner_and_after_and_the_partner_sees_nothing(
    house: House, ann: Phone, ben: Phone
) -> None:
    await link(ann, ben)
    before = ben.everything()
    await safe(ann)
    assert ben.everything() == before
    await ben.say("/unlink")
    await ben.tap("Leave quietly")
    await ann.say("/help")
    await safe(ann)


async def test_it_works_for_somebody_who_was_invited(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await safe(ben)
    await ben.tap("Accept")
    await safe(ben)
