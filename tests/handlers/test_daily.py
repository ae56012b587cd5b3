"""The daily question in two chats."""

import asyncio

import pytest
from sqlmodel import Session, col, select

from storage.tables import Expectation
from tests.conftest import House
from tests.couples import couple, set_up
from tests.evenings import PERSONAL, personal_evening, question, shared_evening, to_evening
from tests.phones import Phone

BERLIN = ("Berlin", "Berlin")
TOLD_NOTHING = "If not, it tells you nothing about why."


@pytest.fixture
async def two(house: House, ann: Phone, ben: Phone) -> None:
    """A couple in Berlin, on an evening with a question for both."""
    await couple(ann, ben, cities=BERLIN)
    await shared_evening(house, ann, ben)


async def test_an_answer_opens_only_when_both_shared(two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("The way you waited for me.")
    await ann.tap("Share")
    assert "waited for me" not in ben.everything()
    await ben.say("Tea in the morning.")
    await ben.tap("Share")
    assert "waited for me" in ben.last.text
    assert "Tea in the morning" in ann.last.text
    assert ann.shows("This is open for both of you.")


async def test_ones_own_words_come_back_with_what_can_be_done(two: None, ann: Phone) -> None:
    asked = question(ann).text.split("\n\n")[0]
    await ann.say("A long walk.")
    assert asked in ann.last.text
    assert "A long walk." in ann.last.text
    assert TOLD_NOTHING in ann.last.text
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]


async def test_a_question_offers_nothing_to_share_before_it_is_answered(two: None, ann: Phone) -> None:
    assert question(ann).labels[-3:] == ["Another question", "Later", "Not today"]
    assert "Share" not in question(ann).labels


async def test_a_kept_answer_never_opens(two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("Only for me.")
    await ann.tap("Keep for me")
    assert "Kept for you." in ann.last.text
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "Only for me" not in ben.everything()
    assert "Tea." not in ann.everything()
    await ann.tap("Share")
    assert "Only for me" in ben.last.text


async def test_what_is_taken_back_in_time_stays_closed(two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("Perhaps too much.")
    await ann.tap("Share")
    assert "Shared." in ann.last.text
    await ann.tap("Take back")
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "Perhaps too much" not in ben.everything()


async def test_typed_words_can_be_removed_from_the_chat_once_they_are_kept(two: None, ann: Phone) -> None:
    first = await ann.say("Nobody needs to see this.")
    await ann.tap("Edit")
    second = await ann.say("Nor this.")
    await ann.tap("Keep for me")
    await ann.tap("Remove my message")
    assert not first.is_visible
    assert not second.is_visible
    assert "Nor this." in ann.last.text
    assert not ann.offers("Remove my message")


async def test_a_choice_is_an_answer(house: House, ann: Phone) -> None:
    await set_up(ann)
    for _ in range(40):
        *choices, _another, _later, _not_today = question(ann).labels
        if choices:
            break
        await to_evening(house)
    await ann.tap(choices[1], on=question(ann))
    assert choices[1] in ann.last.text
    assert "Kept for you." in ann.last.text or "Share" in ann.last.labels


async def test_another_question_comes_three_times_and_only_for_oneself(two: None, ann: Phone, ben: Phone) -> None:
    bens = question(ben).text
    seen = {question(ann).text}
    for _ in range(3):
        await ann.tap("Another question", on=question(ann))
        seen.add(question(ann).text)
    assert len(seen) == 4
    assert "Another question" not in question(ann).labels
    assert question(ben).text == bens


async def test_two_different_questions_are_both_in_the_reveal(two: None, ann: Phone, ben: Phone) -> None:
    await ann.tap("Another question", on=question(ann))
    questions = [question(phone).text.split("\n\n")[0].split("\n")[-1] for phone in (ann, ben)]
    assert questions[0] != questions[1]
    for phone in (ann, ben):
        await phone.say(f"From {phone.name}.")
        await phone.tap("Share")
    for phone in (ann, ben):
        assert any(all(each in message.text for each in questions) for message in phone.from_bot), questions


async def test_a_question_put_off_comes_again_and_the_partner_sees_nothing(
    house: House, two: None, ann: Phone, ben: Phone
) -> None:
    before = ben.everything()
    text = question(ann).text
    await ann.tap("Later", on=question(ann))
    assert ann.last.labels == ["In an hour", "Tomorrow", "Back"]
    await ann.tap("In an hour")
    shown = len(ann.from_bot)
    await house.pass_time(minutes=59)
    assert len(ann.from_bot) == shown
    await house.pass_time(minutes=2)
    assert len(ann.from_bot) == shown + 1
    assert ann.last.text == text
    assert ben.everything() == before


async def test_a_question_put_off_does_not_come_again_once_it_is_answered(house: House, two: None, ann: Phone) -> None:
    await ann.tap("Later", on=question(ann))
    await ann.tap("Tomorrow")
    await ann.say("Here, before that.")
    shown = len(ann.from_bot)
    await to_evening(house, minute=9 * 60)
    assert len(ann.from_bot) == shown


async def test_the_evening_is_offered_in_the_daytime(house: House, ann: Phone) -> None:
    await set_up(ann)
    await to_evening(house, minute=12 * 60)
    await ann.say("/time 12:30")
    await to_evening(house, minute=12 * 60 + 30)
    await ann.tap("Later", on=question(ann))
    assert ann.last.labels == ["In an hour", "This evening", "Tomorrow", "Back"]
    await ann.tap("This evening")
    shown = len(ann.from_bot)
    await to_evening(house, minute=19 * 60)
    assert len(ann.from_bot) == shown + 1


async def test_not_today_can_be_undone(two: None, ann: Phone) -> None:
    text = question(ann).text
    card = question(ann)
    await ann.tap("Not today", on=card)
    assert card.text.startswith("Not today, then. Nobody is told")
    await ann.tap("Back", on=card)
    assert card.text == text


async def test_words_after_not_today_are_an_answer_all_the_same(two: None, ann: Phone) -> None:
    await ann.tap("Not today", on=question(ann))
    await ann.say("Well, today after all.")
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]


async def test_new_words_take_the_place_of_the_old_ones_after_edit(two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("First words.")
    await ann.tap("Share")
    await ann.tap("Edit")
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "Tea." not in ann.everything()  # nothing opens while it is being changed
    await ann.say("Better words.")
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]
    await ann.tap("Share")
    assert "Better words." in ben.last.text
    assert "First words." not in ben.everything()


async def test_edit_can_be_left(two: None, ann: Phone) -> None:
    question = ann.last.text.split("\n\n")[0]
    await ann.say("First words.")
    await ann.tap("Edit")
    await ann.tap("Back")
    assert "First words." in ann.last.text
    await ann.say("More words.")
    assert "answered this question already" in ann.last.text
    assert question in ann.last.text


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        ("Replace my answer", ["Second.\nThird."]),
        ("Add to my answer", ["First.\nSecond.\nThird."]),
        ("Leave it", ["First."]),
    ],
)
async def test_words_that_come_after_an_answer_are_asked_about(
    two: None, ann: Phone, label: str, kept: list[str]
) -> None:
    await ann.say("First.")
    await ann.say("Second.")
    await ann.say("Third.")
    assert "Second.\nThird." in ann.last.text
    await ann.tap(label)
    assert ann.last.text.split("\n\n")[1:-1] == kept


async def held_words(house: House) -> int:
    def count(session: Session) -> int:
        return len(session.exec(select(Expectation).where(col(Expectation.words_sealed).is_not(None))).all())

    return int(await asyncio.wrap_future(house.app.units.submit(count)))


async def test_words_that_are_asked_about_while_both_answers_open_are_let_go(
    house: House, two: None, ann: Phone, ben: Phone
) -> None:
    await ann.say("First.")
    await ann.tap("Share")
    await ann.say("Second.")
    asked = ann.last
    assert await held_words(house) == 1
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "nothing is added to yours" in asked.text
    assert asked.labels == []
    assert await held_words(house) == 0
    await ann.say("Third.")
    assert "no question open" in ann.last.text
    assert "Second." not in ben.everything()


async def test_what_was_shared_is_to_be_decided_again_once_it_is_replaced(two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("First.")
    await ann.tap("Share")
    await ann.say("Second.")
    await ann.tap("Replace my answer")
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "Second." not in ben.everything()


async def test_words_that_are_held_are_asked_about_before_an_edit(two: None, ann: Phone) -> None:
    await ann.say("First.")
    mine = ann.last
    await ann.say("Second.")
    await ann.tap("Edit", on=mine)
    assert "Replace my answer" in mine.labels


async def test_a_voice_note_is_an_answer_and_stands_behind_play(two: None, ann: Phone, ben: Phone) -> None:
    await ann.speak()
    assert "your voice note" in ann.last.text
    await ann.tap("Share")
    await ben.say("Tea.")
    await ben.tap("Share")
    assert "a voice note" in ben.last.text
    assert ben.last.labels[0] == "Play"
    assert "Play" not in ann.last.labels
    await ben.tap("Play")
    assert ben.last.media == "voice"


async def test_words_after_a_voice_note_cannot_be_added_to_it(two: None, ann: Phone) -> None:
    await ann.speak()
    await ann.say("And this.")
    assert ann.last.labels == ["Replace my answer", "Leave it"]
    await ann.speak()
    assert "your voice note" in ann.last.text
    await ann.tap("Replace my answer")
    assert "your voice note" in ann.last.text


async def test_an_answer_that_is_too_long_says_what_to_do(two: None, ann: Phone) -> None:
    await ann.say("🌿" * 851)
    assert "longer than I can keep" in ann.last.text
    await ann.say("🌿" * 850)
    assert "Share" in ann.last.labels
    await ann.say("One more.")
    assert ann.last.labels == ["Replace my answer", "Leave it"]


async def test_two_answers_of_full_length_fit_into_the_reveal(two: None, ann: Phone, ben: Phone) -> None:
    for phone, letter in ((ann, "<"), (ben, "🌿")):
        await phone.say(letter * (1700 if letter == "<" else 850))
        await phone.tap("Share")
    assert "<" * 1700 in ben.last.text
    assert "🌿" * 850 in ann.last.text


async def test_words_go_to_the_question_that_they_reply_to(house: House, two: None, ann: Phone) -> None:
    old = question(ann)
    await to_evening(house)
    await ann.say("This is for yesterday.", reply_to=old)
    assert old.text.split("\n\n")[0] in ann.last.text
    await ann.say("This is for today.")
    assert question(ann).text.split("\n\n")[0] in ann.last.text


async def test_a_reply_to_any_other_message_answers_the_question(two: None, ann: Phone) -> None:
    for other in (ann.from_bot[0], ann.screen[0]):
        await ann.say("Here you are.", reply_to=other)
        assert "Here you are." in ann.last.text


async def test_a_reply_to_an_old_question_comes_too_late(house: House, two: None, ann: Phone) -> None:
    old = question(ann)
    await house.pass_time(hours=49)
    await ann.say("This is for the other day.", reply_to=old)
    assert ann.last.text == "This card is closed."


async def test_a_reply_to_what_opened_is_no_answer(house: House, two: None, ann: Phone, ben: Phone) -> None:
    for phone in (ann, ben):
        await phone.say(f"From {phone.name}.")
        await phone.tap("Share")
    opened = ann.last
    await to_evening(house)
    await ann.say("I like that.", reply_to=opened)
    assert ann.last.text == "This card is closed."
    await ben.say("So do I.")
    assert "So do I." in ben.last.text


async def test_words_after_the_reveal_have_no_question(two: None, ann: Phone, ben: Phone) -> None:
    for phone in (ann, ben):
        await phone.say(f"From {phone.name}.")
        await phone.tap("Share")
    await ann.say("And another thing.")
    assert "There is no question open" in ann.last.text


async def test_what_did_not_open_in_48_hours_stays_closed_in_silence(
    house: House, two: None, ann: Phone, ben: Phone
) -> None:
    await ann.say("Only if you share.")
    await ann.tap("Share")
    mine, bens = ann.last, question(ben)
    for phone in (ann, ben):
        await phone.say("/time 03:00")
    shown = len(ann.from_bot), len(ben.from_bot)
    await house.pass_time(hours=48)
    assert (len(ann.from_bot), len(ben.from_bot)) == shown
    await ann.tap("Take back", on=mine)
    assert ann.toasts[-1] == "This card is closed."
    await ben.tap("Not today", on=bens)
    assert ben.toasts[-1] == "This card is closed."
    assert "Only if you share" not in ben.everything()


async def test_today_shows_the_current_card_in_its_state(house: House, two: None, ann: Phone, ben: Phone) -> None:
    await ann.say("/today")
    assert ann.last.text == question(ann).text
    await ann.tap("Not today")
    await ann.say("/today")
    assert ann.last.text.startswith("Not today, then.")
    await ann.say("Coffee.")
    await ann.say("/today")
    assert "Coffee." in ann.last.text
    await ann.tap("Share")
    await ben.say("Tea.")
    await ben.tap("Share")
    await ann.say("/today")
    assert "Touch to read" in ann.last.text


async def test_today_says_when_the_next_question_comes(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await house.pass_time(hours=49)
    await ben.say("/time 21:15")
    await ben.say("/today")
    assert "Nothing is open at the moment." in ben.last.text
    assert "at 21:15." in ben.last.text


async def test_today_works_right_after_set_up(ann: Phone) -> None:
    await set_up(ann)
    first = ann.last.text
    await ann.say("/today")
    assert ann.last.text == first


async def test_alone_every_question_is_just_for_oneself(house: House, ann: Phone) -> None:
    await set_up(ann)
    assert PERSONAL not in question(ann).text
    await ann.say("Sea.")
    await ann.tap("Share")
    assert ann.shows("It waits until you are linked")
    await ann.tap("Start on my own")
    for _ in range(3):
        await to_evening(house)
        assert PERSONAL in question(ann).text
        await ann.say("Sand.")
        assert "Kept for you." in ann.last.text
        assert ann.last.labels == ["Edit", "Remove my message"]


async def test_a_personal_answer_can_be_changed_and_not_shared(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben, cities=BERLIN)
    await personal_evening(house, ann)
    await ann.say("Mine.")
    assert "Share" not in ann.last.labels
    await ann.tap("Edit")
    assert "is shared meanwhile" not in ann.last.text
    await ann.say("Mine, in other words.")
    assert "Kept for you." in ann.last.text
    assert "Mine" not in ben.everything()


async def test_set_up_goes_on_after_not_today(ann: Phone) -> None:
    await set_up(ann)
    await ann.tap("Not today")
    assert ann.last.labels == ["Invite my partner", "Start on my own"]


async def test_control_characters_alone_are_no_answer(two: None, ann: Phone) -> None:
    await ann.say("\ufeff\ufeff")
    assert "I can keep words or a voice note" in ann.last.text


async def test_an_old_button_shows_what_is_so_now(two: None, ann: Phone) -> None:
    card = question(ann)
    await ann.tap("Later", on=card)
    tomorrow = next(each["callback_data"] for each in card.buttons if each["text"] == "Tomorrow")
    await ann.tap("Back", on=card)
    old = [each["callback_data"] for each in card.buttons]
    await ann.say("Coffee.")
    for data in (*old, tomorrow):
        await ann.press(data, on=card)
        assert "Coffee." in card.text


async def test_words_that_begin_with_a_stroke_are_kept_whole(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/чай с лимоном")
    assert any("/чай с лимоном" in message.text for message in ann.from_bot)


async def test_whoever_removes_what_telegram_does_not_let_go_is_told(house: House, ann: Phone) -> None:
    await set_up(ann)
    mine = await ann.say("Very private words.")
    await ann.tap("Keep for me")
    await house.pass_time(hours=49)
    await ann.tap("Remove my message")
    assert mine in ann.screen
    assert "older than two days" in ann.last.text
