"""What two people do with answers that are open."""

import pytest

from bot.playground import faults
from tests.conftest import House
from tests.couples import couple, open_answers
from tests.evenings import shared_evening, to_evening
from tests.phones import Phone

TAKEN_BACK = "No longer shown"
WORDS = ("The lake at night.", "Soup without salt.")


@pytest.fixture
async def two(ann: Phone, ben: Phone) -> None:
    """A couple whose first answers are open."""
    await couple(ann, ben)
    await open_answers(ann, ben, words=WORDS)


async def test_a_notification_shows_no_word_of_it(two: None, ann: Phone, ben: Phone) -> None:
    for phone, words in ((ann, WORDS[1]), (ben, WORDS[0])):
        assert "Something is here for you." in phone.notifications
        assert not any(words in text for text in phone.notifications)


async def test_open_fills_a_nudge_of_which_the_bot_does_not_know(house: House, ann: Phone, ben: Phone) -> None:
    """It was sent, and the connection broke before the bot learned its number."""
    await couple(ann, ben)
    await ann.say(WORDS[0])
    await ann.tap("Share")
    await ben.say(WORDS[1])
    house.telegram.faults.add(faults.reset(after_effect=True), method="sendMessage", chat=ann.id, times=1)
    await ben.tap("Share")
    nudge = ann.last
    assert "Something is here for you." in nudge.text
    await ann.tap("Open", on=nudge)
    assert WORDS[1] in nudge.text
    await house.pass_time(minutes=5)
    assert ann.times_shown(WORDS[1]) == 1


async def test_a_reaction_appears_on_the_other_card_without_a_sound(two: None, ann: Phone, ben: Phone) -> None:
    rung, shown = len(ann.account.handset.notices), len(ann.from_bot)
    await ben.tap("I hear you")
    assert "Ben: I hear you" in ann.last.text
    assert "You: I hear you" in ben.last.text
    assert (len(ann.account.handset.notices), len(ann.from_bot)) == (rung, shown)
    await ben.tap("More, when you like")
    assert "Ben: More, when you like" in ann.last.text
    assert ": I hear you" not in ann.last.text
    await ann.tap("Thank you")
    assert "Ann: Thank you" in ben.last.text


async def test_the_same_reaction_twice_changes_nothing(two: None, ann: Phone, ben: Phone) -> None:
    await ben.tap("Thank you")
    before = len(ann.last.versions)
    await ben.tap("Thank you")
    assert len(ann.last.versions) == before


async def test_what_is_taken_back_reads_no_longer_shown_for_both(two: None, ann: Phone, ben: Phone) -> None:
    opened = ann.last
    await ann.tap("Take mine back")
    assert "Take your words back?" in opened.text
    await ann.tap("Back", on=opened)
    assert WORDS[0] in opened.text
    assert WORDS[0] in ben.last.text
    await ann.tap("Take mine back", on=opened)
    await ann.tap("Take mine back", on=opened)
    for phone in (ann, ben):
        assert TAKEN_BACK in phone.last.text
        assert WORDS[0] not in phone.last.text
        assert WORDS[1] in phone.last.text
    assert not ann.offers("Take mine back")


async def test_taking_back_twice_is_the_same_as_once(two: None, ann: Phone, ben: Phone) -> None:
    opened = ann.last
    ask = next(each["callback_data"] for each in opened.buttons if each["text"] == "Take mine back")
    await ann.press(ask, on=opened)
    meant = next(each["callback_data"] for each in opened.buttons if each["text"] == "Take mine back")
    await ann.press(meant, on=opened)
    before = len(ben.last.versions)
    await ann.press(meant, on=opened)
    await ann.press(ask, on=opened)
    assert TAKEN_BACK in opened.text
    assert len(ben.last.versions) == before


async def test_a_voice_note_that_is_taken_back_leaves_the_chat(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.speak()
    await ann.tap("Share")
    await ben.say("Tea.")
    await ben.tap("Share")
    opened = ben.last
    await ben.tap("Play")
    played, play = ben.last, opened.buttons[0]["callback_data"]
    assert played.media == "voice"
    await ann.tap("Take mine back")
    await ann.tap("Take mine back")
    assert not played.is_visible
    assert "Play" not in opened.labels
    await ben.press(play, on=opened)
    assert ben.toasts[-1] == "This card is closed."


@pytest.mark.parametrize(("hours", "sleeps"), [(1, False), (14, True)])
async def test_what_opens_at_night_makes_no_sound(
    house: House, ann: Phone, ben: Phone, hours: int, sleeps: bool
) -> None:
    """At first it is 10:00 in Berlin and 4:00 in New York; Ben shares after so many hours."""
    await couple(ann, ben)
    await ann.say("Tea outside.")
    await ann.tap("Share")
    await house.pass_time(hours=hours)
    await ben.say("The first coffee.")
    await ben.tap("Share")
    for phone, silent in ((ann, sleeps), (ben, not sleeps)):
        opened = phone.find("Your two answers are open.")
        assert opened.silent is silent
        assert opened.versions[0].text == "Something is here for you."


async def test_that_stung_is_private_and_leads_to_a_private_note(two: None, ann: Phone, ben: Phone) -> None:
    before = ann.everything()
    await ben.tap("That stung")
    assert ben.last.labels == ["Write it down just for you", "Not now"]
    await ben.tap("Write it down just for you")
    typed = await ben.say("I felt small.")
    assert "Kept, for you alone." in ben.last.text
    await ben.tap("Remove my message")
    assert not typed.is_visible
    assert not ben.offers("Remove my message")
    assert ann.everything() == before


async def test_a_note_can_be_left_unwritten(two: None, ben: Phone) -> None:
    await ben.tap("That stung")
    await ben.tap("Not now")
    assert ben.last.text == "That is fine."
    await ben.tap("That stung")
    await ben.tap("Write it down just for you")
    await ben.tap("Not now")
    await ben.say("Hello?")
    assert "There is no question open" in ben.last.text


async def test_a_note_is_kept_in_written_words(two: None, ben: Phone) -> None:
    await ben.tap("That stung")
    await ben.tap("Write it down just for you")
    await ben.speak()
    assert ben.last.text == "Here I can keep written words only."
    await ben.say("x" * 1701)
    assert "longer than I can keep" in ben.last.text
    await ben.say("Written, then.")
    assert "Kept, for you alone." in ben.last.text


async def test_a_question_that_comes_ends_the_waiting_for_a_note(house: House, two: None, ben: Phone) -> None:
    await ben.tap("That stung")
    await ben.tap("Write it down just for you")
    await to_evening(house, "America/New_York")
    await ben.say("An answer to the question.")
    assert "Kept, for you alone." not in ben.last.text
    assert "An answer to the question." in ben.last.text


async def test_ones_own_wish_protects_ones_words_from_being_forwarded(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("/settings")
    await ann.tap("Forwarding")
    await ann.tap(next(label for label in ann.last.labels if label != "Back"))
    await ann.speak()
    await ann.tap("Share")
    await ben.say("Tea.")
    await ben.tap("Share")
    assert ben.last.is_protected
    assert not ann.last.is_protected
    await ben.tap("Play")
    assert ben.last.is_protected


async def test_after_the_end_what_was_open_stays_and_nothing_can_be_said_about_it(
    two: None, ann: Phone, ben: Phone
) -> None:
    await ann.say("/unlink")
    await ann.tap("Leave and tell")
    opened = next(message for message in ben.from_bot if WORDS[0] in message.text)
    before = ann.everything()
    await ben.tap("Thank you", on=opened)
    assert ben.toasts[-1] == "This card is closed."
    assert ann.everything() == before
    mine = next(message for message in ann.from_bot if WORDS[1] in message.text)
    await ann.tap("Take mine back", on=mine)
    await ann.tap("Take mine back", on=mine)
    assert TAKEN_BACK in opened.text
    assert "Thank you" not in opened.labels


async def test_a_card_does_not_give_away_that_somebody_left_quietly(two: None, ann: Phone, ben: Phone) -> None:
    opened = ben.last
    labels = opened.labels
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    mine = next(message for message in ann.from_bot if WORDS[1] in message.text)
    await ann.tap("Take mine back", on=mine)
    await ann.tap("Take mine back", on=mine)
    assert TAKEN_BACK in opened.text
    assert opened.labels == labels


async def test_the_reveal_can_be_asked_for_again(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await shared_evening(house, ann, ben)
    await open_answers(ann, ben, words=WORDS)
    await ben.tap("Thank you")
    await ann.say("/today")
    assert WORDS[1] in ann.last.text
    assert "Ben: Thank you" in ann.last.text
