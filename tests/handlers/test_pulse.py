"""The pulse as one phone sees it."""

from datetime import timedelta

from tests.conftest import House
from tests.couples import couple, set_up
from tests.phones import Phone
from tests.sundays import pictures, taps_the_pulse, to_sunday


async def test_four_taps_on_one_message(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/pulse")
    message = ann.last
    assert message.labels == ["1", "2", "3", "4", "5"]
    for value, asked in (("2", "How much room for yourself would you like?"), ("4", "closeness"), ("3", "closeness")):
        await ann.tap(value, on=message)
        assert asked in message.text
    await ann.tap("5", on=message)
    assert ann.last is message
    assert "Room: 2 now, 4 wanted\nCloseness: 3 now, 5 wanted" in message.text


async def test_it_can_be_changed_until_the_day_ends(house: House, ann: Phone) -> None:
    await set_up(ann)
    await taps_the_pulse(ann, 2, 4, 3, 5)
    message = ann.last
    await ann.tap("Change")
    assert "✓ 2" in message.labels
    await ann.tap("5", on=message)
    await ann.tap("Back", on=message)
    assert "✓ 5" in message.labels
    await house.pass_time(hours=24)
    await ann.tap("1", on=message)
    assert ann.toasts[-1] == "This card is closed."
    await ann.say("/pulse")
    assert ann.last.labels == ["1", "2", "3", "4", "5"]


async def test_pulse_goes_on_where_it_was_left(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/pulse")
    await ann.tap("2")
    await ann.say("/pulse")
    assert "Room now: 2" in ann.last.text
    assert "would you like" in ann.last.text


async def test_the_trend_is_a_picture_for_oneself_once_there_are_two_weeks(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben)
    await taps_the_pulse(ann, 2, 4, 3, 5)
    await ann.tap("My trend")
    assert "There is no hurry." in ann.last.text
    assert pictures(ann) == []
    await to_sunday(house)
    await house.app.move_clock(timedelta(days=8))
    await taps_the_pulse(ann, 4, 4, 3, 3)
    await ann.tap("My trend")
    (picture,) = pictures(ann)
    assert picture.silent
    assert "Room: 4 now, 4 wanted\nCloseness: 3 now, 3 wanted" in picture.text
    assert "4 wanted" not in ben.everything()
    assert pictures(ben) == []


async def test_what_no_button_of_ours_carries_is_closed(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/pulse")
    day = ann.last.buttons[0]["callback_data"].split(":")[2]
    forged = (
        f"up:{day}:4:3",
        f"up:{day}:0:6",
        f"up:{day}:0:0",
        f"up:{int(day) + 1}:0:3",
        "up:0:0:3",
        f"uc:{day}:4",
        "uc:9999999:0",
    )
    for data in forged:
        await ann.press(f"1:{data}", on=ann.last)
        assert ann.toasts[-1] == "This card is closed.", data
    assert ann.last.labels == ["1", "2", "3", "4", "5"]


async def test_a_card_of_a_day_that_is_over_shows_what_was_tapped(house: House, ann: Phone) -> None:
    await set_up(ann)
    await taps_the_pulse(ann, 2, 4, 3, 5)
    whole = ann.last
    await ann.tap("Change")
    await house.pass_time(hours=24)
    await ann.tap("✓ 2", on=whole)
    assert ann.toasts[-1] == "This card is closed."
