"""The weekly conversation on two phones."""

from dataclasses import dataclass

import pytest

from bot.practice import times
from tests.conftest import House
from tests.couples import couple
from tests.phones import Phone

BERLIN = ("Berlin", "Berlin")
SUNDAY = 64
MOST_TAPS, MOST_TEXTS = 8, 3


@dataclass
class Counted:
    """A phone whose taps and texts are counted."""

    phone: Phone
    taps: int = 0
    texts: int = 0

    async def tap(self, label: str) -> None:
        self.taps += 1
        await self.phone.tap(label)

    async def say(self, text: str) -> None:
        self.texts += 1
        await self.phone.say(text)


async def to_week(house: House, zone: str = "Europe/Berlin") -> None:
    """Pass the time until just after the next Sunday, 18:00, in a zone."""
    _, at = times.next_occurrence(house.now(), minute=18 * 60, days=SUNDAY, zone=zone)
    await house.pass_time(seconds=(at - house.now()).total_seconds() + 1)


@pytest.fixture
async def week(house: House, ann: Phone, ben: Phone) -> None:
    """A couple in Berlin that was just invited."""
    await couple(ann, ben, cities=BERLIN)
    await to_week(house)


async def test_a_week_takes_eight_taps_and_three_texts_at_most(week: None, ann: Phone, ben: Phone) -> None:
    """From the invitation to the close, with one card each, in two sittings."""
    one, two = Counted(ann), Counted(ben)
    await one.tap("Yes")
    await one.say("The tea on Monday.")
    await one.tap("Request")
    await one.say("Would you keep Sunday for us?")
    await one.tap("Share")
    await one.tap("I'm finished")
    await two.tap("Yes")
    await two.say("That you waited for me.")
    await two.tap("Limit")
    await two.say("I won't answer mail after eight.")
    await two.say("You will find me at dinner.")
    await two.tap("Share")
    await two.tap("I'm finished")
    for phone, words in ((ann, "answer mail after eight"), (ben, "keep Sunday for us")):
        assert phone.shows(words)
        assert not any(words in text for text in phone.notifications)
        assert phone.times_shown("Your week is open.") == 1
    await two.tap("Try one week")
    await two.tap("Close the week")
    await one.tap("I've read this")
    await one.tap("Close the week")
    for each in (one, two):
        assert each.phone.shows("One small thing for this week")
        assert each.taps <= MOST_TAPS
        assert each.texts <= MOST_TEXTS
    await ann.say("/agreements")
    assert "Would you keep Sunday for us?" in ann.last.text


async def test_nothing_is_seen_before_both_have_finished(week: None, ann: Phone, ben: Phone) -> None:
    before = ben.everything()
    await ann.tap("Yes")
    await ann.say("The tea on Monday.")
    await ann.tap("Hope")
    await ann.say("I'd like us to dance.")
    await ann.tap("Share")
    await ann.tap("I'm finished")
    assert ben.everything() == before


async def test_a_counter_notifies_without_content(week: None, ann: Phone, ben: Phone) -> None:
    await ann.tap("Yes")
    await ann.tap("Pass over")
    await ann.tap("Request")
    await ann.say("Would you keep Sunday for us?")
    await ann.tap("Share")
    await ann.tap("I'm finished")
    await ben.tap("Yes")
    await ben.tap("Pass over")
    await ben.tap("Nothing now")
    await ben.tap("Counter")
    await ben.say("Every other Sunday?")
    assert ann.shows("Every other Sunday?")
    assert not any("Every other" in text for text in ann.notifications)
    assert any("Something is here for you." in text for text in ann.notifications)
    await ann.tap("Agree")
    assert ben.shows("Agreed, on trial.")


async def test_a_partner_far_away_is_invited_at_their_own_hour(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await to_week(house)
    assert ann.shows("A topic for this week")
    assert not ben.shows("A topic for this week")
    await to_week(house, "America/New_York")
    assert ben.shows("A topic for this week")
