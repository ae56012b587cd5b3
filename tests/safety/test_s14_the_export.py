"""S14, S12: an export holds the person's own and what was opened to them; nothing else of the partner's."""

import io
import json
import zipfile
from pathlib import Path

from bot.playground import faults
from tests.conftest import House, Place
from tests.couples import a_day_passes, couple, keep, open_answers
from tests.handlers.test_conversations import to_week
from tests.phones import Phone
from tests.sundays import taps_the_pulse, to_sunday

OPEN, BENS, KEPT, NOTE, BENS_KEPT = (
    "a <b>lake</b> & night",
    "a green umbrella",
    "soup without salt",
    "a train",
    "a stone",
)


def files_of(house: House, phone: Phone) -> zipfile.ZipFile:
    """The newest file that the bot sent."""
    message = next(each for each in reversed(phone.from_bot) if each.media == "document")
    stored = house.telegram.state.files.by_id[message.content["document"]["file_id"]]
    return zipfile.ZipFile(io.BytesIO(stored.content))


async def a_life(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await open_answers(ann, ben, words=(OPEN, BENS))
    await ben.tap("Thank you")
    await ann.tap("That stung")
    await ann.tap("Write it down just for you")
    await ann.say(NOTE)
    await a_day_passes(house)
    await keep(ann, KEPT)
    await keep(ben, BENS_KEPT)


async def test_it_holds_ones_own_and_what_is_open(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await ann.say("/export")
    assert "send it here as one file" in ann.from_bot[-2].text
    archive = files_of(house, ann)
    assert sorted(archive.namelist()) == ["side-by-side.html", "side-by-side.json", "side-by-side.txt"]
    for name in archive.namelist():
        text = archive.read(name).decode()
        for own in (KEPT, NOTE, BENS):
            assert own in text, (name, own)
        assert BENS_KEPT not in text
        assert str(ben.id) not in text
    content = json.loads(archive.read("side-by-side.json"))
    assert content["format"] == 1
    assert content["settings"][0]["name"] == "Ann"
    assert [each["words"] for each in content["notes"]] == [NOTE]
    assert KEPT in [each["words"] for each in content["answers"]]
    (opened,) = content["opened"]
    assert (opened["words"], opened["partner_words"], opened["partner_reaction"]) == (OPEN, BENS, "thanks")


async def test_the_page_opens_by_itself_and_escapes_words(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await ann.say("/export")
    page = files_of(house, ann).read("side-by-side.html").decode()
    assert "a &lt;b&gt;lake&lt;/b&gt; &amp; night" in page
    assert "<b>lake" not in page
    for fetched in ("http://", "https://", "<script", "<link", "@import", "//"):
        assert fetched not in page.replace("<!doctype", ""), fetched


async def test_a_limit_keeps_the_words_without_which_it_means_the_opposite(
    house: House, ann: Phone, ben: Phone
) -> None:
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await to_week(house)
    for phone, limit in ((ann, "I won't answer mail after eight."), (ben, "I will switch my phone off at ten.")):
        await phone.tap("Yes")
        await phone.tap("Pass over")
        await phone.tap("Limit")
        await phone.say(limit)
        await phone.tap("Leave it out")
        await phone.tap("Edit")
        assert limit in phone.last.text
        await phone.tap("Back")
        await phone.tap("Share")
        await phone.tap("I'm finished")
    await ann.say("/export")
    archive = files_of(house, ann)
    listed = archive.read("side-by-side.txt").decode()
    assert "I won't answer mail after eight." in listed
    assert "I will switch my phone off at ten." in listed
    assert "Limit" in listed
    assert "Question: 20:00, every day" in listed
    assert "daily_minute" not in listed
    assert "8 March 2026" in listed
    assert "I won&#39;t answer mail after eight." in archive.read("side-by-side.html").decode()
    (week,) = json.loads(archive.read("side-by-side.json"))["conversations"]
    assert [card["form"] for card in (*week["cards"], *week["partner_cards"])] == ["will_not", "will"]


async def test_what_was_not_answered_is_not_called_kept(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("/export")
    listed = files_of(house, ann).read("side-by-side.txt").decode()
    assert "not answered" in listed
    assert "kept for you" not in listed


async def test_what_was_taken_back_or_deleted_is_not_in_it(house: House, ann: Phone, ben: Phone) -> None:
    await a_life(house, ann, ben)
    await ben.tap("Take mine back", on=ben.find("Touch to read"))
    await ben.tap("Take mine back")
    await ann.say("/export")
    archive = files_of(house, ann)
    for name in archive.namelist():
        assert BENS not in archive.read(name).decode()
    assert "No longer shown" in archive.read("side-by-side.txt").decode()
    await ben.say("/delete")
    await ben.tap("Delete everything")
    await house.pass_time(minutes=1)
    await ann.say("/export")
    (opened,) = json.loads(files_of(house, ann).read("side-by-side.json"))["opened"]
    assert (opened["words"], opened["partner_words"]) == (OPEN, None)


async def test_voice_notes_are_fetched_as_long_as_telegram_has_them(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    sent = await ann.speak()
    sound = house.telegram.state.files.by_id[sent.content["voice"]["file_id"]].content
    await ann.say("/export")
    archive = files_of(house, ann)
    (voice,) = [name for name in archive.namelist() if name.startswith("voice/")]
    assert archive.read(voice) == sound
    assert f"src='{voice}'" in archive.read("side-by-side.html").decode()

    del house.telegram.state.files.by_id[sent.content["voice"]["file_id"]]
    await ann.say("/export")
    archive = files_of(house, ann)
    assert not [name for name in archive.namelist() if name.startswith("voice/")]
    assert "could not be fetched" in archive.read("side-by-side.txt").decode()


async def test_the_trend_is_a_picture_in_it(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await taps_the_pulse(ann, 2, 4, 3, 5)
    await ann.say("/export")
    assert "pulse.png" not in files_of(house, ann).namelist(), "one week is no trend"
    await to_sunday(house)
    await house.pass_time(days=8)
    await taps_the_pulse(ann, 4, 4, 3, 3)
    await ann.say("/export")
    archive = files_of(house, ann)
    assert archive.read("pulse.png").startswith(b"\x89PNG")
    assert "<img src='pulse.png'" in archive.read("side-by-side.html").decode()
    values = json.loads(archive.read("side-by-side.json"))["pulse"]
    assert [each["room_now"] for each in values] == [2, 4] or [each["room_now"] for each in values] == [4, 2]
    assert "Room: 2 now, 4 wanted" in archive.read("side-by-side.txt").decode()


async def test_no_copy_stays_on_disk(place: Place, house: House, ann: Phone, ben: Phone, tmp_path: Path) -> None:
    await a_life(house, ann, ben)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    await ann.say("/export")
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert all(KEPT.encode() not in path.read_bytes() for path in before)


async def test_deleting_everything_takes_the_file_away_as_well(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("/export")
    assert ann.last.media == "document"
    await ann.say("/delete")
    await ann.tap("Delete everything")
    for _ in range(8):
        await house.pass_time(seconds=3)
    assert all(message.media != "document" for message in ann.from_bot)


async def test_asking_twice_at_once_gives_one_file(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    house.telegram.faults.add(faults.server_error(), method="sendDocument", times=1)
    await ann.say("/export")
    await ann.say("/export")
    await house.pass_time(minutes=3)
    assert sum(message.media == "document" for message in ann.from_bot) == 1


async def test_what_cannot_be_sent_is_tried_again_and_then_said(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    house.telegram.faults.add(faults.server_error(), method="sendDocument")
    await ann.say("/export")
    for _ in range(6):
        await house.pass_time(minutes=3)
    assert "The file could not be sent" in ann.last.text
    house.telegram.faults.clear()
    await ann.say("/export")
    assert ann.last.media == "document"


async def test_whoever_blocks_the_bot_meanwhile_is_left_alone(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    house.telegram.faults.add(faults.server_error(), method="sendDocument", times=1)
    await ann.say("/export")
    await ann.block()
    calls = len(house.telegram.calls.of("sendDocument"))
    for _ in range(4):
        await house.pass_time(minutes=3)
    assert len(house.telegram.calls.of("sendDocument")) <= calls + 1


async def test_it_needs_set_up(ann: Phone) -> None:
    await ann.start()
    await ann.say("/export")
    assert "/start" in ann.last.text


async def test_many_rows_come_in_chunks_and_each_once(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    for _ in range(4):
        await a_day_passes(house)
    await ann.say("/export")
    answers = json.loads(files_of(house, ann).read("side-by-side.json"))["answers"]
    assert len(answers) >= 4
    assert len({(each["date"], each["prompt"]) for each in answers}) == len(answers)
