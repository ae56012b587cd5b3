"""S24: the buttons of previews, pages, the pulse and memories, pressed by somebody else, twice, and late."""

from tests.conftest import House
from tests.couples import couple
from tests.phones import Phone
from tests.safety.test_s24_every_button_checks_who_presses import Seen, buttons_ever, face
from tests.sundays import WORDS, a_week_with_an_answer, approves, taps_the_pulse, to_sunday, wants


async def a_full_week(house: House, ann: Phone, ben: Phone) -> set[Seen]:
    """Use whatever there is, so that as many buttons as possible have been seen."""
    await a_week_with_an_answer(house, ann, ben)
    for phone in (ann, ben):
        await wants(phone)
    await to_sunday(house)
    await taps_the_pulse(ann, 1, 2, 3, 4)
    await ann.tap("Look")
    await ann.tap("Remove a line")
    await ann.tap("Back")
    await ann.tap("Skip this week")
    await ann.tap("Look again")
    await ann.tap("Add my pulse")
    await ann.tap("Approve")
    await approves(ben)
    for phone in (ann, ben):
        await phone.say("/summary")
        await phone.tap("My week so far")
        await phone.say("/memories")
        memories = phone.last
        for label in ("1", "Back", "Months", "Themes", "Kept for me", "Search my words"):
            await phone.tap(label, on=memories)
        await phone.say("/cancel")
    await ann.tap("Withdraw this page")
    await ann.tap("Back")
    return buttons_ever(ann) | buttons_ever(ben)


async def test_nobody_elses_button_does_anything(house: House, ann: Phone, ben: Phone) -> None:
    stranger, carl, dora = (house.phone(name) for name in ("Sue", "Carl", "Dora"))
    seen = await a_full_week(house, ann, ben)
    await stranger.start()
    await couple(carl, dora)
    before = face(ann), face(ben)
    for other in (stranger, carl):
        for button in sorted(seen, key=lambda each: each.data):
            other.account.press(other.last, button.data)
        await house.settle()
        assert (face(ann), face(ben)) == before, other.name
        assert not any(words in other.everything() for words in WORDS), other.name


async def test_a_partner_cannot_press_what_belongs_to_the_other(house: House, ann: Phone, ben: Phone) -> None:
    """What is private of Ann stays private, and what she decided stays decided."""
    seen = await a_full_week(house, ann, ben)
    own = {button.data for button in seen if button.owner == ben.name}
    shared = ("1:yg", "1:yq", "1:yx", "1:o:", "1:r", "1:mr")  # the page and the reveals are his as well
    decided = [line for line in face(ann) if "Approved." in line[1]]
    for button in sorted(seen, key=lambda each: each.data):
        if button.data not in own and not button.data.startswith(shared):
            ben.account.press(ben.from_bot[0], button.data)
    await house.settle()
    assert [line for line in face(ann) if "Approved." in line[1]] == decided
    assert "Room: 1 now, 2 wanted\nCloseness: 3 now, 4 wanted" not in ben.everything()


async def test_every_button_pressed_twice_and_late_breaks_nothing(house: House, ann: Phone, ben: Phone) -> None:
    await a_full_week(house, ann, ben)
    await house.pass_time(days=3)
    for phone in (ann, ben):
        for button in sorted(buttons_ever(phone), key=lambda each: each.data):
            for _ in range(2):
                phone.account.press(phone.last, button.data)
        await house.settle()
    for phone in (ann, ben):
        assert not any("couldn't save" in message.text for message in phone.from_bot)
