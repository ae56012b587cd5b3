"""What is typed belongs to what was asked last."""

from tests.conftest import House
from tests.couples import a_day_passes, set_up
from tests.phones import Phone


async def test_words_after_the_daily_question_answer_it_whatever_was_asked_before(house: House, ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/time")
    await a_day_passes(house)
    await ann.say("About ten at night, by the window.")
    assert "by the window" in ann.last.text
    assert "Edit" in ann.last.labels
