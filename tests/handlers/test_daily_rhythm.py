"""How often somebody is asked."""

import pytest

from tests.conftest import House
from tests.couples import couple, open_answers, set_up
from tests.evenings import question, shared_evening, to_evening
from tests.phones import Phone

BERLIN = ("Berlin", "Berlin")
OFFER = "How often would you like a question?"
LIGHTER = "Would a lighter rhythm suit you"
PATIENCE = "You have shared for a while"


@pytest.mark.parametrize("label", ["Every day", "Three a week", "Weekly only"])
async def test_a_rhythm_is_offered_once_after_the_first_reveal(
    house: House, ann: Phone, ben: Phone, label: str
) -> None:
    await couple(ann, ben, cities=BERLIN)
    await open_answers(ann, ben)
    assert not ann.shows(OFFER)
    await house.pass_time(minutes=3)
    assert ann.last.labels == ["Every day", "Three a week", "Weekly only"]
    assert ben.shows(OFFER)
    await ann.tap(label)
    assert ann.last.text.startswith(f"{label}, then.")
    await ann.say("/settings")
    await ann.tap("Days")
    assert any(label in each and "✓" in each for each in ann.last.labels)
    await shared_evening(house, ann, ben)
    await open_answers(ann, ben)
    await house.pass_time(minutes=3)
    assert ben.times_shown(OFFER) == 1


async def test_after_three_quiet_days_fewer_questions_are_offered_to_this_person_alone(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben, cities=BERLIN)
    for _ in range(3):
        await to_evening(house)
        await ben.tap("Not today", on=question(ben))
        await house.pass_time(minutes=3)
    assert not ann.shows(LIGHTER)
    await to_evening(house)
    await house.pass_time(minutes=3)
    assert ann.last.labels == ["Three a week", "Weekly only", "As it is"]
    assert not ben.shows(LIGHTER)
    await ann.tap("As it is")
    for _ in range(6):
        await to_evening(house)
        await house.pass_time(minutes=3)
    assert ann.times_shown(LIGHTER) == 1
    assert ben.times_shown(LIGHTER) == 1


async def test_somebody_who_is_asked_once_a_week_is_offered_nothing_lighter(house: House, ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/settings")
    await ann.tap("Days")
    await ann.tap("Weekly only")
    for _ in range(35):
        await to_evening(house)
    await house.pass_time(minutes=3)
    assert ann.times_shown(LIGHTER) == 0


async def test_a_lighter_offer_goes_when_the_rhythm_was_made_lighter_meanwhile(house: House, ann: Phone) -> None:
    await set_up(ann)
    for _ in range(4):
        await to_evening(house)
    await ann.say("/settings")
    await ann.tap("Days")
    await ann.tap("Weekly only")
    await house.pass_time(minutes=3)
    assert not ann.shows(LIGHTER)


async def test_who_shares_in_vain_for_ten_days_is_told_once_that_it_can_have_many_reasons(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben, cities=BERLIN)
    for _ in range(15):
        await to_evening(house)
        await ann.say("Once more.")
        if "Share" in ann.last.labels:
            await ann.tap("Share")
    await house.pass_time(hours=49)
    assert ann.times_shown(PATIENCE) == 1
    assert ben.times_shown(PATIENCE) == 0
