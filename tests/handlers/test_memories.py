"""Memories as two phones see them."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.playground import faults
from bot.practice import memories
from storage.tables import MemorySearch
from tests.conftest import House
from tests.couples import couple, open_answers, set_up
from tests.evenings import shared_evening
from tests.phones import Phone
from tests.waiting import until

WORDS = ("Tea outside.", "The first coffee.")


async def two_with_a_memory(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben, words=WORDS)


def memory_page(phone: Phone, words: str) -> str:
    return phone.find(words).text


async def test_there_is_a_kind_word_where_nothing_is_yet(ann: Phone) -> None:
    await ann.start()
    await ann.say("/memories")
    assert "Press /start first" in ann.last.text
    await set_up(ann)
    await ann.say("/memories")
    assert "What you keep is found here." in ann.last.text
    await ann.tap("Months")
    assert "Nothing is open here yet." in ann.last.text


async def test_a_month_shows_both_behind_spoilers_and_no_notification_does(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    seen = len(ann.notifications)
    await ann.say("/memories")
    page = ann.last
    assert page.versions[0].text == "Something is here for you."
    assert page.text.startswith("March 2026")
    assert "4 March 2026" in page.text
    assert page.text.index(WORDS[1]) < page.text.index(WORDS[0])
    assert f"<tg-spoiler>{WORDS[1]}</tg-spoiler>" in page.html
    assert not any(WORDS[1] in text for text in ann.notifications[seen:])


async def test_a_memory_is_read_in_full_and_one_comes_back(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ann.say("/memories")
    page = ann.last
    await ann.tap("1", on=page)
    assert "Your two answers are open." in page.text
    assert "Take mine back" in page.labels
    await ann.tap("Back", on=page)
    assert page.text.startswith("March 2026")


async def test_themes_and_months_lead_to_it(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ann.say("/memories")
    page = ann.last
    await ann.tap("Months", on=page)
    assert "Mar 2026" in page.labels
    await ann.tap("Mar 2026", on=page)
    assert WORDS[1] in page.text
    shown = 0
    for theme in ("Knowing myself", "Appreciation", "Support", "Openness", "Rituals", "Being oneself", "Play"):
        await ann.tap("Themes", on=page)
        await ann.tap(theme, on=page)
        assert page.text.startswith(theme)
        shown += WORDS[1] in page.text
    assert shown == 1


async def test_months_are_turned_into_each_other(house: House, ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await house.app.move_clock(timedelta(days=35))
    await shared_evening(house, ann, ben)
    await open_answers(ann, ben, words=("Later.", "Later, too."))
    await ann.say("/memories")
    page = ann.last
    assert "Later, too." in page.text
    await ann.tap("›", on=page)
    assert page.text.startswith("March 2026")
    await ann.tap("‹", on=page)
    assert "Later, too." in page.text


async def test_what_was_taken_back_is_no_longer_shown_wherever_it_stands(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ben.say("/memories")
    month = ben.last
    await ben.say("/memories")
    entry = ben.last
    await ben.tap("1", on=entry)
    assert WORDS[0] in month.text
    assert WORDS[0] in entry.text
    await ann.say("/memories")
    await ann.tap("1", on=ann.last)
    await ann.tap("Take mine back", on=ann.last)
    await ann.tap("Take mine back", on=ann.last)
    for message in (month, entry):
        assert WORDS[0] not in message.text
        assert "No longer shown" in message.text
        assert WORDS[1] in message.text
    assert "2026" not in month.text.removeprefix("March 2026")  # undated


async def test_when_both_took_theirs_back_one_line_is_left(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    for phone in (ann, ben):
        await phone.tap("Take mine back")
        await phone.tap("Take mine back")
    await ann.say("/memories")
    assert ann.last.text == "March 2026\n\n1\nNo longer shown"
    assert "1" not in ann.last.labels


async def test_kept_answers_are_on_a_tab_of_ones_own(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("Only mine, and a secret.")
    await ann.tap("Keep for me")
    await ann.say("/memories")
    assert "Only mine, and a secret." in ann.last.text
    await ann.tap("1", on=ann.last)
    assert "Only mine, and a secret." in ann.last.text
    await ann.tap("Back", on=ann.last)
    assert "Kept, for you alone" in ann.last.text
    await ben.say("/memories")
    assert "secret" not in ben.everything()


async def write_notes(phone: Phone, *notes: str) -> None:
    stung = phone.find("Your two answers are open.")
    for words in notes:
        await phone.tap("That stung", on=stung)
        await phone.tap("Write it down just for you")
        await phone.say(words)


async def test_notes_are_found_in_memories_and_removed_there(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    notes = ("I felt <small>.", "Or tired.", "It was the tone.", "Not him.")
    await write_notes(ann, *notes)
    assert "You find it under /memories." in ann.last.text
    await ann.say("/memories")
    page = ann.last
    await ann.tap("My notes", on=page)
    assert page.text.startswith("Notes, for you alone")
    assert sum(words in page.text for words in notes) == 3
    await ann.tap("›", on=page)
    last = next(words for words in notes if words in page.text)
    await ann.tap("4", on=page)
    assert last in page.text
    assert "March 2026" in page.text
    await ann.tap("Remove", on=page)
    removal = page.html
    await ann.tap("Back", on=page)
    assert last in page.text  # nothing is gone by one tap
    await ann.tap("Remove", on=page)
    assert page.html == removal
    await ann.tap("Remove for good", on=page)
    assert sum(words in page.text for words in notes) == 3  # the page before, as this one is empty
    assert last not in page.text
    assert "4" not in page.labels
    assert not any(words in ben.everything() for words in notes)
    await ben.say("/memories")
    await ben.tap("My notes")
    assert "What you write down just for you is found here." in ben.last.text


async def test_a_note_that_is_removed_stands_in_no_message_any_more(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await write_notes(ann, "I felt small.", "Or tired.")
    views = []
    for ways in (["My notes"], ["My notes", "1"], ["My notes", "2"]):
        await ann.say("/memories")
        views.append(ann.last)
        for way in ways:
            await ann.tap(way, on=views[-1])
    shown = [view.text for view in views]
    gone, kept = ("I felt small.", "Or tired.") if "I felt small." in shown[1] else ("Or tired.", "I felt small.")
    await ann.tap("Remove", on=views[1])
    await ann.tap("Remove for good", on=views[1])
    assert not any(gone in view.text for view in views)
    assert all(kept in view.text for view in views)
    assert views[2].text == shown[2]


async def test_a_note_is_its_authors_alone_and_gone_once(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await write_notes(ann, "I felt small.")
    await ann.say("/memories")
    page = ann.last
    pressed = []
    for way in ("My notes", "1", "Remove", "Remove for good"):
        pressed.append(next(str(each["callback_data"]) for each in page.buttons if each["text"] == way))
        await ann.tap(way, on=page)
    await ben.say("/help")
    for data in pressed[1:]:
        await ben.press(data, on=ben.last)
        assert ben.toasts[-1] == "This card is closed."
        await ann.press(data, on=page)
        assert ann.toasts[-1] == "This card is closed."
    assert "I felt small." not in ben.everything()


async def test_what_waits_to_be_opened_is_not_among_the_kept(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("Waits.")
    await ann.tap("Share")
    await ann.say("/memories")
    assert "Waits." not in ann.last.text


async def test_search_finds_ones_own_words_alone(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ann.say("/memories")
    await ann.tap("Search my words", on=ann.last)
    await ann.say("TÉA outside")
    found = ann.last
    assert "In your own words" in found.text
    assert WORDS[0] in found.text
    await ann.tap("1", on=found)
    assert WORDS[1] in found.text  # the whole memory
    await ann.tap("Back", on=found)
    assert "In your own words" in found.text
    await ann.tap("Search my words", on=found)
    await ann.say("coffee")
    assert "I found nothing with these words." in ann.last.text


async def test_a_search_that_ends_while_its_reply_is_on_its_way_is_shown_to_its_end(
    house: House, ann: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    def look_further(session: Session, going: MemorySearch) -> bool:
        ended.append(found := real(session, going))
        return found

    real = memories.look_further
    monkeypatch.setattr(memories, "CHUNK", 1)
    monkeypatch.setattr(memories, "look_further", look_further)
    await set_up(ann)
    await ann.say("A pot of tea.")
    await ann.tap("Keep for me")
    await ann.say("/memories")
    await ann.tap("Search my words", on=ann.last)
    gate = asyncio.Event()
    house.telegram.faults.add(faults.held(gate), method="sendMessage")
    ann.account.write("tea")
    await until(lambda: any("Still looking" in str(call.parameters) for call in house.telegram.calls))
    await until(lambda: any(ended))
    house.telegram.faults.clear()
    gate.set()
    await until(lambda: "A pot of tea." in ann.last.text and "Still looking" not in ann.last.text)


async def test_search_finds_what_was_kept(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("Only mine, and a secret.")
    await ann.tap("Keep for me")
    await ann.say("/memories")
    await ann.tap("Search my words", on=ann.last)
    await ann.say("secret")
    await ann.tap("1", on=ann.last)
    assert "Only mine, and a secret." in ann.last.text


async def test_a_voice_note_is_not_looked_for(ann: Phone) -> None:
    await set_up(ann)
    await ann.speak()
    await ann.say("/memories")
    await ann.tap("Search my words", on=ann.last)
    await ann.speak()
    assert "written words only" in ann.last.text
    await ann.say("/cancel")
    await ann.say("/memories")
    assert "your voice note" not in ann.last.text  # undecided yet


async def test_a_voice_note_is_a_memory_too(ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("In words.")
    await ann.tap("Share")
    await ben.speak()
    await ben.tap("Share")
    await ann.say("/memories")
    assert "a voice note" in ann.last.text
    await ann.tap("1", on=ann.last)
    await ann.tap("Play", on=ann.last)
    assert ann.last.media == "voice"


async def test_open_on_a_nudge_shows_only_what_is_spelled_as_ours(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ann.say("/memories")
    page = ann.last
    await ann.tap("1", on=page)
    spelled = page.versions[-1]
    assert "Touch to read" in spelled.text
    about = f"{'f' * 32}.m202603.0"
    for card, other in (
        ("memories.page", "m202603.00"),
        ("memories.page", "k.0"),
        ("memories.page", ""),
        ("memories.entry", about.upper()),
        ("memories.entry", f"{'f' * 32}.x"),
        ("summary.page", f"{'f' * 32}.01"),
        ("summary.page", f"{'f' * 32}."),
        ("summary.page", "zz.0"),
        ("summary.picture", "zz"),
    ):
        await ann.press(f"1:o:{card}:{other}", on=page)
        assert ann.toasts[-1] == "This card is closed.", (card, other)
    await ann.press("1:o:memories.page:m202603.0", on=page)
    assert page.text.startswith("March 2026")
    await ann.press(f"1:o:memories.entry:{about}", on=page)
    assert page.text == "This card is closed."
    await ann.press(f"1:o:summary.page:{'f' * 32}.0", on=page)
    await ann.press(f"1:o:summary.picture:{'f' * 32}", on=page)
    assert page.text == "This card is closed."


async def test_views_that_no_button_carries_are_closed(ann: Phone, ben: Phone) -> None:
    await two_with_a_memory(ann, ben)
    await ann.say("/memories")
    page = ann.last
    for word in ("", "x.0", "m.0", "m202613.0", "m202603", "m000001.0", "t9.0", "t.0", "k1.0", "k.", "k.x", "m٣.0"):
        await ann.press(f"1:mv:{word}", on=page)
        assert ann.toasts[-1] == "This card is closed.", word
    await ann.press("1:mv:m202603.99", on=page)
    assert WORDS[1] in page.text
