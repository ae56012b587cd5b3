"""S3: the ex-partner gets at most one neutral line, without a cause, and by default only at their own next tap."""

import pytest

from tests.conftest import House
from tests.couples import a_day_passes
from tests.phones import Phone
from tests.steps import link

LINE = "You are no longer linked with anybody here. What is yours stays yours."


@pytest.mark.parametrize("way", ["Leave quietly", "Leave and tell"])
async def test_the_line_comes_once_and_is_the_same_either_way(house: House, ann: Phone, ben: Phone, way: str) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap(way)
    await a_day_passes(house)
    assert ben.times_shown(LINE) == (way == "Leave and tell")
    await ben.say("/help")
    await ben.say("/settings")
    await ben.tap("Depth")
    assert ben.times_shown(LINE) == 1
    assert ben.times_shown("no longer linked") == 1
    assert ann.times_shown("no longer linked") == 0


async def test_a_button_is_a_tap_too(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ben.say("/settings")
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    await ben.tap("Depth")
    assert ben.times_shown(LINE) == 1


async def test_both_leaving_quietly_learn_it_once_each_at_most(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    for phone in (ann, ben):
        await phone.say("/unlink")
    await ann.tap("Leave quietly")
    await ben.tap("Leave quietly")
    assert ben.toasts[-1] == "This needs a partner. /invite makes a link for yours."
    assert ben.times_shown(LINE) == 1
    assert ann.times_shown(LINE) == 0


async def test_who_has_blocked_the_bot_learns_it_when_they_are_back(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ben.block()
    await ann.say("/unlink")
    await ann.tap("Leave and tell")
    await ben.unblock()
    await ben.say("/help")
    assert ben.times_shown(LINE) == 1


async def test_who_was_left_quietly_and_then_blocked_the_bot_learns_it_when_they_write(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    await ben.block()
    await ben.unblock()
    await ben.say("/help")
    assert ben.times_shown(LINE) == 1


async def test_words_for_a_question_that_was_shared_before_stay_ones_own(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    await ben.say("Rain on the roof.")
    assert ben.times_shown(LINE) == 1
    assert ben.shows("Rain on the roof.")
    assert "no question open" not in ben.last.text


@pytest.mark.parametrize("learns", [False, True])
async def test_a_farewell_waits_for_the_morning_and_nothing_closes_before(
    house: House, ann: Phone, ben: Phone, learns: bool
) -> None:
    await link(ann, ben)
    await ben.say("Rain on the roof.")
    await ben.say("/settings")
    await ben.tap("Quiet hours")
    await ben.tap(next(label for label in ben.last.labels if "22:00" in label))
    await house.pass_time(hours=(23 - house.now().hour) % 24)
    await ann.say("/unlink")
    await ann.tap("Leave and tell")
    assert ben.times_shown(LINE) == 0
    if learns:
        await ben.tap("Share")
        assert ben.times_shown(LINE) == 1
    await house.pass_time(hours=12)
    assert ben.times_shown(LINE) == 1
    await a_day_passes(house)
    assert ben.times_shown(LINE) == 1
