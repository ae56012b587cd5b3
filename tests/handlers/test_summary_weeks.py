"""What a weekly conversation leaves: lines of the weekly page, the pulse at its close, and saved topics."""

import pytest

from bot.playground.messages import Message
from tests.conftest import House
from tests.couples import couple
from tests.phones import Phone
from tests.sundays import approves, pages, pictures, taps_the_pulse, to_sunday, wants

SIX = 18 * 60
THANKS = ("The tea on Monday.", "That you waited for me.")
ASKED = "Would you keep Sunday for us?"
TOPICS = ("The garden", "The holidays", "Her sister", "The cellar")


@pytest.fixture
async def after_a_week(house: House, ann: Phone, ben: Phone) -> None:
    """A couple that thanked each other, agreed on something on Sunday, and has its previews."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await wants(ann)
    await wants(ben)
    await to_sunday(house, minute=SIX)
    for phone, thanks in ((ann, THANKS[0]), (ben, THANKS[1])):
        await phone.tap("Yes")
        await phone.say(thanks)
        if phone is ann:
            await phone.tap("Request")
            await phone.say(ASKED)
            await phone.tap("Share")
        await phone.tap("I'm finished")
    await ben.tap("Agree")
    await to_sunday(house)


async def take_off(phone: Phone, words: str) -> None:
    """[Remove a line]: the one that begins so."""
    await phone.tap("Look")
    await phone.tap("Remove a line")
    marked = phone.find("What is marked")
    await phone.tap(next(label for label in marked.labels if words in label), on=marked)
    await phone.tap("Back", on=marked)


def only_page(phone: Phone) -> Message:
    (page,) = pages(phone)
    return page


@pytest.mark.usefixtures("after_a_week")
async def test_the_preview_holds_own_thanks_and_what_both_agreed_on(ann: Phone) -> None:
    seen = len(ann.notifications)
    await ann.tap("Look")
    preview = ann.find("Only you see this.")
    assert THANKS[0] in preview.text
    assert THANKS[1] not in preview.text
    assert f"<tg-spoiler>{ASKED}</tg-spoiler>" in preview.html
    assert not any(ASKED in text for text in ann.notifications[seen:])


@pytest.mark.usefixtures("after_a_week")
async def test_the_page_shows_both_thanks_and_each_agreement_once(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await approves(ben)
    for phone in (ann, ben):
        page = only_page(phone)
        assert all(words in page.text for words in THANKS)
        assert page.text.count(ASKED) == 1
        assert page.text.index(ASKED) > max(page.text.index(words) for words in THANKS)
        assert f"<tg-spoiler>{ASKED}</tg-spoiler>" in page.html
        assert "Appreciation" in pictures(phone)[0].text
        assert "Agreements" in pictures(phone)[0].text
    for phone, theirs in ((ann, THANKS[1:]), (ben, (THANKS[0], ASKED))):
        assert not any(words in text for text in phone.notifications for words in theirs)


@pytest.mark.usefixtures("after_a_week")
async def test_an_agreement_leaves_the_page_when_neither_keeps_it_and_it_never_says_who_did(
    house: House, ann: Phone, ben: Phone
) -> None:
    await take_off(ann, "Would you keep")
    assert ASKED not in ann.find("Only you see this.").text
    await ann.tap("Remove a line")
    assert ann.shows("one mark, yours or theirs, keeps it on")
    await ann.tap("Back", on=ann.find("What is marked"))
    await ann.tap("Approve")
    await approves(ben)
    assert only_page(ben).text.count(ASKED) == only_page(ann).text.count(ASKED) == 1
    await to_sunday(house)
    for phone in (ann, ben):
        await taps_the_pulse(phone, 3, 3, 3, 3)
        await take_off(phone, "Would you keep")
        await phone.tap("Add my pulse")
        await phone.tap("Approve")
    for phone in (ann, ben):
        assert len(pages(phone)) == 2
        assert ASKED not in pages(phone)[-1].text


@pytest.mark.usefixtures("after_a_week")
async def test_what_ends_or_is_taken_back_is_no_longer_shown(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await approves(ben)
    await ann.tap("Take my thanks back")
    for phone in (ann, ben):
        assert THANKS[0] not in only_page(phone).text
        assert THANKS[1] in only_page(phone).text
        assert only_page(phone).text.count("No longer shown") == 1
    await ben.say("/agreements")
    await ben.tap("1")
    await ben.tap("End it now")
    await ben.tap("End it now")
    for phone in (ann, ben):
        assert ASKED not in only_page(phone).text
        assert only_page(phone).text.count("No longer shown") == 2


@pytest.mark.usefixtures("after_a_week")
async def test_a_line_that_is_gone_before_both_approve_is_not_shown(ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await ann.tap("Take my thanks back")
    await ann.say("/agreements")
    await ann.tap("1")
    await ann.tap("End it now")
    await ann.tap("End it now")
    await approves(ben)
    for phone in (ann, ben):
        assert THANKS[0] not in only_page(phone).text
    assert "Agreements" not in pictures(ben)[0].text


@pytest.mark.usefixtures("after_a_week")
async def test_thanks_stand_in_one_preview_and_agreements_in_each(house: House, ann: Phone, ben: Phone) -> None:
    await approves(ann)
    await approves(ben)
    await to_sunday(house)
    await ann.tap("Look")
    newest = [each for each in ann.from_bot if "Only you see this." in each.text][-1]
    assert ASKED in newest.text
    assert THANKS[0] not in newest.text


async def test_a_week_closes_with_the_pulse(house: House, ann: Phone, after_a_week: None) -> None:
    await ann.tap("Close the week")
    close = ann.find("One small thing for this week")
    await ann.tap("My pulse", on=close)
    assert "How much room" in ann.last.text
    await ann.tap("3", on=ann.last)
    assert close.text.startswith("One small thing")


@pytest.mark.usefixtures("after_a_week")
async def test_saved_topics_are_found_in_memories_and_removed_there(ann: Phone, ben: Phone) -> None:
    await ann.tap("Close the week")
    close = ann.find("One small thing")
    for words in TOPICS:
        await ann.tap("Save a topic", on=close)
        await ann.say(words)
        await ann.tap("Back", on=close)
    await ann.say("/memories")
    page = ann.last
    await ann.tap("Saved topics", on=page)
    assert page.text.startswith("Saved topics, for you alone")
    shown = sum(words in page.text for words in TOPICS)
    assert shown == 3
    await ann.tap("›", on=page)
    last = next(words for words in TOPICS if words in page.text)
    await ann.tap("4", on=page)
    assert page.text == last
    await ann.tap("Back", on=page)
    await ann.tap("4", on=page)
    await ann.tap("Remove", on=page)
    assert last not in page.text
    assert page.text.count("\n") > 3  # the page before, as this one is empty
    assert not any(words in ben.everything() for words in TOPICS)
    await ben.say("/memories")
    await ben.tap("Saved topics")
    assert "What you save at the close of a week is found here." in ben.last.text


@pytest.mark.usefixtures("after_a_week")
async def test_a_saved_topic_is_its_owners_alone(ann: Phone, ben: Phone) -> None:
    await ann.tap("Close the week")
    await ann.tap("Save a topic")
    await ann.say(TOPICS[0])
    await ann.say("/memories")
    page = ann.last
    await ann.tap("Saved topics", on=page)
    read = next(str(each["callback_data"]) for each in page.buttons if each["text"] == "1")
    await ann.tap("1", on=page)
    remove = next(str(each["callback_data"]) for each in page.buttons if each["text"] == "Remove")
    await ben.say("/memories")
    for data in (read, remove):
        await ben.press(data, on=ben.last)
        assert TOPICS[0] not in ben.everything()
    assert TOPICS[0] in page.text
    await ann.tap("Remove", on=page)
    assert TOPICS[0] not in page.text
    await ann.press(remove, on=page)
    assert "This card is closed." in "\n".join([*ann.toasts, ann.everything()])
