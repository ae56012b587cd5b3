"""S24 for linking: whose invite, whose couple, in which state."""

from tests.conftest import House
from tests.phones import Phone
from tests.steps import invitation, link

CLOSED = "This card is closed."


def data_of(phone: Phone, label: str) -> str:
    return str(next(button["callback_data"] for button in phone.last.buttons if button["text"] == label))


async def test_an_invitations_buttons_are_for_whoever_opened_the_link(house: House, ann: Phone, ben: Phone) -> None:
    cleo, stranger = house.phone("Cleo"), house.phone("Sam")
    await invitation(ann, ben)
    stolen = [data_of(ben, label) for label in ("Accept", "Decline", "Decline and block")]
    stolen.append(data_of(ann, "Cancel invite"))
    await invitation(cleo, house.phone("Dee"))
    await stranger.start()
    for thief in (cleo, stranger, ann):
        for data in stolen[:3] if thief is ann else stolen:
            await thief.press(data, on=thief.last)
            assert thief.toasts[-1] in (CLOSED, "Press /start first: I explain what this is, or go on where we were.")
    await ben.tap("Accept")
    assert ann.offers("Yes, link us")


async def test_only_the_inviter_has_the_last_word(house: House, ann: Phone, ben: Phone) -> None:
    cleo = house.phone("Cleo")
    await invitation(ann, ben)
    await ben.tap("Accept")
    await invitation(cleo, house.phone("Dee"))
    for thief in (ben, cleo):
        for label in ("Yes, link us", "No"):
            await thief.press(data_of(ann, label), on=thief.last)
            assert thief.toasts[-1] == CLOSED
    await ann.tap("Yes, link us")
    assert ben.shows("You and Ann are linked.")


async def test_nobody_ends_another_couple_or_a_later_one(house: House, ann: Phone, ben: Phone) -> None:
    cleo, dee = house.phone("Cleo"), house.phone("Dee")
    await link(ann, ben)
    await link(cleo, dee)
    await ann.say("/unlink")
    data = data_of(ann, "Leave and tell")
    await cleo.press(data, on=cleo.last)
    assert cleo.toasts[-1] == CLOSED
    await ann.tap("Leave quietly")
    await ben.say("/invite")
    await ann.open(ben.link("Copy link"))
    await ann.tap("Accept")
    await ben.tap("Yes, link us")
    await ann.press(data, on=ann.last)
    assert ann.toasts[-1] == CLOSED
    await ann.start()
    assert "You and Ben are linked." in ann.last.text
