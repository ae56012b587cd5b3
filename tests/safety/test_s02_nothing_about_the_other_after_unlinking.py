"""S2: after unlinking no scheduled message about the other reaches either."""

import pytest

from tests.conftest import House
from tests.couples import a_day_passes, open_answers
from tests.phones import Phone
from tests.steps import link


@pytest.mark.parametrize("way", ["Leave quietly", "Leave and tell"])
async def test_days_pass_without_a_word_about_the_other(house: House, ann: Phone, ben: Phone, way: str) -> None:
    await link(ann, ben)
    await open_answers(ann, ben, words=("the lake at night", "a green umbrella"))
    await ann.say("/unlink")
    await ann.tap(way)
    shown = {phone: len(phone.from_bot) for phone in (ann, ben)}
    await a_day_passes(house, days=3)
    for phone, other in ((ann, ben), (ben, ann)):
        new = phone.from_bot[shown[phone] :]
        assert new, "questions for oneself go on"
        for message in new:
            for text in message.texts():
                assert other.name not in text
                assert "partner" not in text
                assert "you both" not in text
                assert "both of you" not in text
