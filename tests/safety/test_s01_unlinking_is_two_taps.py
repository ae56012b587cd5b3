"""S1: unlinking takes two taps, no reason, no partner; it is in force before the reply."""

from bot.playground.faults import unanswered
from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.steps import link


async def test_a_command_and_a_tap_are_enough(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    before = ben.everything()
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    assert "The link has ended." in ann.last.text
    assert ben.everything() == before
    await ann.say("/unlink")
    assert "This needs a partner." in ann.last.text


async def test_it_is_in_force_even_if_the_reply_never_arrives(
    ann: Phone, ben: Phone, telegram: LoopbackTelegram
) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    telegram.faults.add(unanswered(after_effect=False), method="editMessageText", chat=ann.id)
    ann.account.press(ann.last, ann.last.buttons[0]["callback_data"])
    await telegram.state.updates.confirmed()
    ben.account.write("/unlink")
    await telegram.state.updates.confirmed()
    telegram.faults.clear()
    await ann.settle()
    assert "This needs a partner." in ben.last.text
    assert ben.shows("no longer linked")
