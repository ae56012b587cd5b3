"""S19: words that suggest danger notify nobody and block nothing; they privately offer /safety."""

import pytest

from bot.practice import danger
from tests.conftest import House
from tests.couples import couple, set_up
from tests.phones import Phone

OFFER = "If something at home is ever not safe"

DANGER = (
    "He hit me again last night.",
    "She slapped me in front of the kids",
    "They threw a plate at me",
    "I have a black eye and bruises on my arm.",
    "He forced me to have sex",
    "it was against my will",
    "She threatened to kill me if I leave",
    "He says he will hurt the children",
    "he has a gun",
    "He won't let me leave the house",
    "She never lets me see my friends",
    "He locked me in the bathroom and took my phone",
    "He is stalking me",
    "I am afraid of him",
    "I’m scared to go home",
    "I don't feel... it is not safe at home.",
    "I am walking on eggshells",
    "I want to die",
    "I don’t want to live any more",
    "sometimes I think about suicide",
    "I keep cutting myself",
)
CALM = (
    "Tea in the morning, and the way you waited for me.",
    "I was afraid of the dark as a child.",
    "That joke killed me.",
    "It hit me how much I like the rain.",
    "We beat them at cards, three to one.",
    "I could kill for a coffee.",
    "You never let the coffee run out.",
    "I want to live by the sea.",
    "He pushed the swing, and I laughed.",
    "Cutting onions makes me cry.",
    "The film was scary.",
    "I locked my bike.",
    "You make me laugh.",
    "I would rather be better rested.",
)


@pytest.mark.parametrize("words", DANGER)
def test_it_is_heard(words: str) -> None:
    assert danger.is_heard_in(words)


@pytest.mark.parametrize("words", CALM)
def test_everyday_words_are_no_danger(words: str) -> None:
    assert not danger.is_heard_in(words)


async def test_the_author_alone_is_offered_help_and_nothing_else_changes(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    before = ben.everything()
    await ann.say("He hit me again last night.")
    assert "Share" in ann.labels, "it is an answer like any other"
    assert OFFER in ann.last.text
    assert ann.times_shown(OFFER) == 1
    assert ben.everything() == before
    await ann.tap("Clear this")
    assert not ann.shows(OFFER)
    await ann.tap("Share")
    await ben.say("Tea.")
    await ben.tap("Share")
    assert ben.shows("He hit me again"), "nothing is blocked"
    assert ben.times_shown(OFFER) == 0


async def test_it_is_offered_as_well_for_words_that_could_not_be_kept(house: House, ann: Phone) -> None:
    """Nobody has to find the right moment: no question open, too long, or not set up yet."""
    await ann.start()
    await ann.say("I am afraid of him.")
    assert OFFER in ann.last.text
    await ann.tap("Begin")
    await ann.tap("I agree")
    await ann.say("He won't let me leave the house")
    assert OFFER in ann.last.text


async def test_a_private_note_is_heard_too(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    for phone, words in ((ann, "One."), (ben, "Two.")):
        await phone.say(words)
        await phone.tap("Share")
    await ann.tap("That stung")
    await ann.tap("Write it down just for you")
    await ann.say("She slapped me.")
    assert ann.shows("Kept, for you alone.")
    assert OFFER in ann.last.text


async def test_everyday_words_get_no_offer(house: House, ann: Phone) -> None:
    await set_up(ann)
    await ann.say("Tea in the morning.")
    assert ann.times_shown(OFFER) == 0
