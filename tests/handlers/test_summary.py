"""The weekly page as two phones see it."""

import asyncio

import pytest

from bot.playground import faults
from tests.conftest import House
from tests.phones import Phone
from tests.sundays import (
    READY,
    WORDS,
    a_week_with_an_answer,
    approves,
    pages,
    pictures,
    taps_the_pulse,
    to_sunday,
    wants,
)


@pytest.fixture
async def both_want_it(house: House, ann: Phone, ben: Phone) -> None:
    """Sunday evening of a couple of whom both turned the summary on."""
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    await wants(ben)
    await to_sunday(house)


async def test_it_is_off_until_it_is_turned_on(house: House, ann: Phone, ben: Phone) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await ann.say("/summary")
    assert "It is off for you." in ann.last.text
    await to_sunday(house)
    assert not ann.shows(READY)
    assert not ben.shows(READY)
    await ann.tap("Turn it on")
    assert ann.shows("It is on for you.")
    await ann.say("/settings")
    await ann.tap("Weekly page")
    assert "It is on for you." in ann.last.text
    await ann.tap("Back")
    assert "Your settings" in ann.last.text
    await ann.tap("Turn it off")
    assert ann.shows("It is off for you.")


async def test_a_preview_offers_the_pulse_that_was_tapped_meanwhile(both_want_it: None, ann: Phone) -> None:
    await ann.tap("Look")
    assert "My pulse" in ann.last.labels
    await taps_the_pulse(ann, 2, 3, 4, 5)
    await ann.tap("Add my pulse")
    assert ann.shows("Your pulse is on it")


async def test_a_pulse_of_monday_is_for_the_next_week(house: House, both_want_it: None, ann: Phone) -> None:
    await house.pass_time(hours=12)
    await ann.tap("Look")
    assert "Approve" in ann.last.labels
    assert "My pulse" not in ann.last.labels


async def test_one_who_wants_it_looks_alone(house: House, ann: Phone, ben: Phone) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    shown = len(ben.from_bot)
    await to_sunday(house)
    assert ann.shows(READY)
    await approves(ann)
    assert "Approved." in ann.find("Approved.").text
    await house.pass_time(hours=1)
    assert pages(ann) == pages(ben) == []
    assert not any("lines" in message.text for message in ben.from_bot[shown:])


@pytest.mark.usefixtures("both_want_it")
async def test_the_preview_holds_own_words_alone_and_the_pulse_is_off(ann: Phone) -> None:
    assert WORDS[0] not in ann.find(READY).text
    await ann.tap("Look")
    preview = ann.find("Only you see this.")
    assert WORDS[0] in preview.text
    assert WORDS[1] not in preview.text
    assert "Your pulse is not on it." in preview.text
    sunday = next(place for place, text in enumerate(ann.notifications) if READY in text)
    assert not any(WORDS[0] in text for text in ann.notifications[sunday:])


@pytest.mark.usefixtures("both_want_it")
async def test_both_approve_and_the_page_arrives_once_for_each_with_the_picture(
    house: House, ann: Phone, ben: Phone
) -> None:
    await approves(ann)
    assert pages(ann) == pages(ben) == []
    await approves(ben)
    for phone, other in ((ann, WORDS[1]), (ben, WORDS[0])):
        (page,) = pages(phone)
        (picture,) = pictures(phone)
        assert page.id < picture.id
        assert page.versions[0].text == picture.versions[0].text == "Something is here for you."
        assert picture.silent
        assert other in page.text
        assert page.text.index("You") < page.text.index(other)
        assert "Moments of the week" in picture.text
        assert not any(other in text for text in phone.notifications)
        assert picture.content["has_media_spoiler"]
    await house.pass_time(hours=30)
    assert len(pages(ann)) == len(pages(ben)) == 1


@pytest.mark.usefixtures("both_want_it")
async def test_a_removed_line_is_on_nobodys_page(ann: Phone, ben: Phone) -> None:
    await taps_the_pulse(ann, 2, 4, 3, 5)
    await ann.tap("Look")
    await ann.tap("Remove a line")
    line = next(label for label in ann.find("What is marked").labels if label.startswith("✓"))
    await ann.tap(line)
    await ann.tap("Back", on=ann.find("What is marked"))
    assert not ann.offers("Approve")
    assert "There is nothing of this week on it." in ann.find("Only you see this.").text
    await ann.tap("Add my pulse")
    await ann.tap("Approve")
    await approves(ben)
    (page,) = pages(ben)
    assert WORDS[0] not in page.text
    assert WORDS[1] in page.text
    assert "room" not in pictures(ben)[0].text  # her pulse opens only if his does


@pytest.mark.usefixtures("both_want_it")
async def test_a_removed_line_can_be_put_back(ann: Phone) -> None:
    await ann.tap("Look")
    await ann.tap("Remove a line")
    marked = ann.find("What is marked").labels[0]
    await ann.tap(marked)
    await ann.tap(ann.find("What is marked").labels[0])
    await ann.tap("Back", on=ann.find("What is marked"))
    assert WORDS[0] in ann.find("Only you see this.").text


@pytest.mark.usefixtures("both_want_it")
async def test_one_skips_and_nothing_comes_and_nobody_is_named(house: House, ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ben.tap("Skip this week")
    assert ben.shows("Nobody is told.")
    await house.pass_time(hours=30)
    assert pages(ann) == pages(ben) == []
    assert pictures(ann) == pictures(ben) == []
    assert "Ben" not in ann.find("Approved.").text


@pytest.mark.usefixtures("both_want_it")
async def test_after_a_skip_one_can_look_again(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ben.tap("Skip this week")
    await ben.tap("Look again")
    await ben.tap("Approve")
    assert len(pages(ann)) == len(pages(ben)) == 1


@pytest.mark.usefixtures("both_want_it")
async def test_an_approval_taken_back_in_time_opens_nothing(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ann.tap("Take it back")
    await approves(ben)
    assert pages(ann) == pages(ben) == []


@pytest.mark.usefixtures("both_want_it")
async def test_withdrawn_at_the_moment_of_sending_nothing_stays(house: House, ann: Phone, ben: Phone) -> None:
    """Both decisions are in one batch of updates; on PostgreSQL the page may be on its way between them."""
    await approves(ann)
    await ben.tap("Look")
    for phone, label in ((ben, "Approve"), (ann, "Take it back")):
        message, button = phone._find(label, None)
        phone.account.press(message, button["callback_data"])
    await house.settle()
    await house.pass_time(minutes=2)
    for phone in (ann, ben):
        assert not any(words in message.text for message in phone.screen for words in ("Your week, ", "Moments"))
    assert ben.shows("Approved.")


@pytest.mark.usefixtures("both_want_it")
async def test_withdrawn_while_the_nudge_is_on_its_way_nothing_is_shown(house: House, ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ben.tap("Look")
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendMessage")
    message, button = ben._find("Approve", None)
    ben.account.press(message, button["callback_data"])
    async with asyncio.timeout(60):
        while not any(call.method == "sendMessage" and call.outcome is None for call in house.telegram.calls):
            await asyncio.sleep(0.01)
    message, button = ann._find("Take it back", None)
    ann.account.press(message, button["callback_data"])
    await house.telegram.state.updates.confirmed()
    house.telegram.faults.clear()
    gate.set()
    await house.pass_time(minutes=5)
    for phone in (ann, ben):
        assert pages(phone) == pictures(phone) == []
        assert not any("Moments" in text for each in phone.from_bot for text in each.texts())


@pytest.mark.usefixtures("both_want_it")
async def test_withdrawing_edits_text_and_picture_away_for_both(house: House, ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await approves(ben)
    shown = [phone.find("Your week, ") for phone in (ann, ben)]
    drawn = [pictures(phone)[0] for phone in (ann, ben)]
    before = [house.telegram.state.files.known(each.content["photo"][0]["file_id"]).content for each in drawn]
    await ben.tap("Withdraw this page")
    assert "No longer shown" in ben.last.text or ben.shows("No longer shown")
    await ben.tap("Withdraw this page")
    for page, picture, old in zip(shown, drawn, before, strict=True):
        assert page.text == picture.text == "No longer shown"
        assert page.labels == []
        assert house.telegram.state.files.known(picture.content["photo"][0]["file_id"]).content != old
    await ann.say("/summary")
    assert not ann.offers("The latest page")


@pytest.mark.usefixtures("both_want_it")
async def test_after_24_hours_an_approval_does_nothing(house: House, ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ben.tap("Look")
    await house.pass_time(hours=24)
    await ben.tap("Approve")
    assert ben.toasts[-1] == "This card is closed."
    assert pages(ann) == pages(ben) == []


@pytest.mark.usefixtures("both_want_it")
async def test_with_both_pulses_the_picture_is_the_balance_and_the_caption_says_it(ann: Phone, ben: Phone) -> None:
    await taps_the_pulse(ann, 3, 3, 2, 4)
    await taps_the_pulse(ben, 2, 4, 3, 5)
    await approves(ann, pulse=True)
    await approves(ben, pulse=True)
    caption = pictures(ann)[0].text
    assert caption.startswith("You\nRoom: 3 now, 3 wanted\nCloseness: 2 now, 4 wanted")
    assert "Ben\nRoom: 2 now, 4 wanted\nCloseness: 3 now, 5 wanted" in caption
    assert caption.endswith("You both wanted more closeness.")
    assert pictures(ben)[0].text.startswith("You\nRoom: 2 now, 4 wanted")
    assert not any("wanted" in text for text in ann.notifications)


@pytest.mark.usefixtures("both_want_it")
async def test_a_pulse_on_an_approved_page_stays_as_it_is(ann: Phone, ben: Phone) -> None:
    await taps_the_pulse(ann, 3, 3, 2, 4)
    change = ann.find("You can change it until the day ends.")
    await approves(ann, pulse=True)
    await ann.tap("Change", on=change)
    assert ann.toasts[-1] == "This card is closed."
    await ann.tap("Take it back")
    await ann.tap("Change", on=change)
    assert "How much room" in ann.find("How much room").text


@pytest.mark.usefixtures("both_want_it")
async def test_protection_follows_the_stricter_of_the_two(ann: Phone, ben: Phone) -> None:
    await ben.say("/settings")
    await ben.tap("Forwarding")
    await ben.tap("Protect my words")
    await approves(ann)
    await approves(ben)
    assert all(pages(phone)[0].is_protected and pictures(phone)[0].is_protected for phone in (ann, ben))


@pytest.mark.usefixtures("both_want_it")
async def test_words_taken_back_are_no_longer_shown_on_the_page(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await approves(ben)
    await ann.tap("Take mine back")
    await ann.tap("Take mine back")
    assert WORDS[0] not in pages(ben)[0].text
    assert "No longer shown" in pages(ben)[0].text
    assert WORDS[1] in pages(ben)[0].text


@pytest.mark.usefixtures("both_want_it")
async def test_the_latest_page_and_the_own_week_are_found_again(ann: Phone, ben: Phone) -> None:
    await ann.say("/summary")
    await ann.tap("My week so far")
    assert WORDS[0] in ann.last.text
    assert WORDS[1] not in ann.last.text
    await ann.tap("Back")
    await ann.tap("This week's lines")
    assert "Only you see this." in ann.last.text
    await ann.tap("Approve")
    await approves(ben)
    await ann.say("/summary")
    await ann.tap("The latest page")
    assert WORDS[1] in ann.last.text


async def test_a_quiet_week_is_said_kindly(house: House, ann: Phone, ben: Phone) -> None:
    await a_week_with_an_answer(house, ann, ben)
    await wants(ann)
    await to_sunday(house)
    await to_sunday(house)
    await house.pass_time(minutes=1)
    await ann.tap("Look")
    assert "There is nothing of this week on it." in ann.find("Only you see this.").text
    assert "Approve" not in ann.find("Only you see this.").labels
    await ann.tap("My pulse")
    assert "How much room" in ann.last.text
