import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone
from tests.steps import agree

TIME = re.compile(r"\d\d:\d\d\Z")


async def test_from_start_to_the_first_question_in_four_taps(ann: Phone) -> None:
    await ann.start()
    assert ann.last.text.startswith("Side by Side is for two people who want to be close")
    assert ann.last.labels == ["Begin", "Privacy"]
    await ann.tap("Begin")
    assert "18 or over" in ann.last.text
    assert ann.last.labels == ["I agree", "Not now"]
    await ann.tap("I agree")
    assert "What time is it for you now?" in ann.last.text
    await ann.say("Europe/Berlin")
    assert ann.shows("every day at 20:00")
    assert ann.offers("Change the time")
    assert ann.offers("Not today")


async def test_steps_edit_their_own_message(ann: Phone) -> None:
    await ann.start()
    await ann.tap("Begin")
    await ann.tap("I agree")
    await ann.tap("Another time")
    assert len(ann.from_bot) == 1


async def test_privacy_can_be_read_before_anything_else(ann: Phone) -> None:
    await ann.start()
    await ann.tap("Privacy")
    assert "not end-to-end encrypted" in ann.last.text
    await ann.tap("Back")
    assert ann.last.labels == ["Begin", "Privacy"]


async def test_who_does_not_agree_can_come_back(ann: Phone) -> None:
    await ann.start()
    await ann.tap("Begin")
    await ann.tap("Not now")
    assert "/start" in ann.last.text
    await ann.say("hello")
    assert ann.last.text == "Press /start first: I explain what this is, or go on where we were."
    await ann.start()
    assert ann.offers("Begin")


async def test_a_tapped_time_is_enough_where_its_rules_are_clear(ann: Phone, house: House) -> None:
    await agree(ann)
    await ann.tap("Another time")
    utc = house.now()
    nepal = f"{(utc.hour * 60 + utc.minute + 345) % 1440 // 60:02}:{(utc.minute + 45) % 60:02}"
    while not ann.offers(nepal):
        await ann.tap("›")
    await ann.tap(nepal)
    assert ann.shows("every day at 20:00")


async def test_all_times_are_offered_page_by_page_and_back(ann: Phone) -> None:
    await agree(ann)
    likely = times(ann)
    assert len(likely) == 6
    await ann.tap("Another time")
    everywhere = times(ann)
    pages = 1
    while "›" in ann.last.labels:
        await ann.tap("›")
        everywhere += times(ann)
        pages += 1
    assert everywhere == sorted(set(everywhere))
    assert set(likely) <= set(everywhere)
    for _ in range(pages):
        await ann.tap("‹")
    assert times(ann) == likely


async def test_a_time_that_several_rules_share_is_followed_by_cities(house: House) -> None:
    phone = house.phone("Dora", "de")
    await agree(phone)
    await phone.tap(times(phone)[0])
    assert "Which of these" in phone.last.text
    assert len(phone.from_bot) == 1
    first = phone.last.labels[0]
    assert phone.last.labels[-1] == "Back"
    await phone.tap("Back")
    await phone.tap(times(phone)[0])
    await phone.tap(first)
    assert phone.shows("every day at 20:00")


async def test_a_time_pressed_much_later_still_means_the_same_clock(ann: Phone, house: House) -> None:
    await agree(ann)
    await ann.tap("Another time")
    while not ann.offers(at(house, 345)):
        await ann.tap("›")
    card, label = ann.last, at(house, 345)
    await house.pass_time(hours=5, minutes=40)
    await ann.tap(label, on=card)
    await ann.say("/settings")
    assert "Time zone: Kathmandu" in ann.last.text


async def test_a_typed_time_does_as_well(ann: Phone, house: House) -> None:
    await agree(ann)
    await ann.say(at(house, 345))
    assert ann.shows("every day at 20:00")


async def test_a_typed_time_that_several_rules_share_is_followed_by_cities(house: House) -> None:
    phone = house.phone("Dora", "de")
    await agree(phone)
    await phone.say(at(house, 120))
    assert "Which of these" in phone.last.text
    await phone.say("Johannesburg")
    assert phone.shows("every day at 20:00")


async def test_what_is_no_place_is_asked_again(ann: Phone) -> None:
    await agree(ann)
    await ann.say("Nowhere in particular")
    assert "can't tell where that is" in ann.last.text
    await ann.say("Berlin")
    assert ann.shows("every day at 20:00")


async def test_whatever_comes_instead_of_a_place_is_answered(ann: Phone) -> None:
    await agree(ann)
    for strange in ("\u202e\u200f \u0000", "x" * 4096, "25:99", "<b>", "مرحبا", "🏠"):
        shown = len(ann.from_bot)
        await ann.say(strange)
        assert len(ann.from_bot) == shown + 1
        assert "can't tell where that is" in ann.last.text
    await ann.speak()
    assert "can't tell where that is" in ann.last.text
    await ann.send("location")
    assert len(ann.from_bot) == shown + 3
    await ann.say("Berlin")
    assert ann.shows("every day at 20:00")


async def test_a_name_with_several_zones_is_asked_about(ann: Phone) -> None:
    await agree(ann)
    await ann.say("Australia")
    assert "Which of these" in ann.last.text
    await ann.tap("Sydney")
    await ann.say("/settings")
    assert "Time zone: Sydney" in ann.last.text


async def test_start_goes_on_where_set_up_was_left(ann: Phone) -> None:
    await agree(ann)
    await ann.start()
    assert "What time is it for you now?" in ann.last.text
    await ann.say("Berlin")
    question = ann.last.text
    await ann.start()
    assert ann.last.text == question
    await ann.tap("Not today")
    await ann.start()
    assert "on your own" in ann.last.text
    assert "Your next question comes on" in ann.last.text


async def test_after_the_first_answer_comes_the_choice_once(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("Tea.")
    assert ann.last.labels == ["Invite my partner", "Start on my own"]
    await ann.tap("Share")
    assert ann.times_shown("on your own for as long as you like") == 1
    await ann.tap("Start on my own")
    assert "/invite is there" in ann.last.text


async def test_whoever_starts_alone_is_asked_daily_and_hears_of_no_partner(ann: Phone, house: House) -> None:
    await set_up(ann)
    await ann.tap("Not today")
    await ann.tap("Start on my own")
    shown = len(ann.from_bot)
    for _ in range(48):
        await house.pass_time(hours=1)
    new = ann.from_bot[shown:]
    assert any("Not today" in message.labels for message in new)
    assert not any("invite" in message.text.lower() for message in new)


async def test_old_set_up_buttons_do_no_harm(ann: Phone, house: House) -> None:
    berlin = house.now().astimezone(ZoneInfo("Europe/Berlin")).utcoffset() // timedelta(minutes=1)
    await agree(ann)
    zone_card = ann.last
    data = [button["callback_data"] for button in zone_card.buttons]
    await ann.say("Berlin")
    questions = sum("Not today" in message.labels for message in ann.screen)
    await ann.press(f"1:zt:{berlin}:0", on=zone_card)
    assert "every day at 20:00" in zone_card.text
    others = [each for each in data if not each.startswith(f"1:zt:{berlin}:")]
    for each in (*others, "1:zz:Asia/Tokyo:0", f"1:zt:{berlin + 60}:0"):
        said = len(ann.toasts)
        await ann.press(each, on=zone_card)
        assert ann.toasts[said:] == ["This card is closed."]
    await ann.press("1:zz:Europe/Berlin:0", on=zone_card)
    assert "every day at 20:00" in zone_card.text
    assert sum("Not today" in message.labels for message in ann.screen) == questions
    for each in ("1:bg", "1:ag", "1:nn", "1:wl"):
        await ann.press(each, on=zone_card)
        assert "Not today" in zone_card.labels


async def test_forged_buttons_are_closed(ann: Phone) -> None:
    await agree(ann)
    card = ann.last
    for data in ("1:zt:5000:0", "1:zz:Mars/Base:0"):
        await ann.press(data, on=card)
        assert ann.toasts[-1] == "This card is closed."
    await ann.press("1:za:99:0", on=card)
    assert "‹" in card.labels


async def test_cancel_leaves_what_was_asked(ann: Phone) -> None:
    await ann.start()
    await ann.say("/cancel")
    assert "nothing to leave" in ann.last.text
    await agree(ann)
    await ann.say("/cancel")
    assert "/start goes on" in ann.last.text
    await ann.say("Berlin")
    await ann.say("/time")
    await ann.say("/cancel")
    assert ann.last.text == "Left. Nothing was changed."
    await ann.say("/cancel")
    assert "nothing to leave" in ann.last.text


async def test_a_name_cannot_disturb_a_card(house: House, ben: Phone) -> None:
    dora = house.phone("<b>Dora</b>\u202e\n\n &amp;")
    await set_up(dora)
    await dora.say("/invite")
    await ben.open(dora.link("Copy link"))
    assert "Someone named <b>Dora</b> &amp; invites you" in ben.last.text


# -- in the words of these tests


def times(phone: Phone) -> list[str]:
    return [label for label in phone.last.labels if TIME.match(label)]


def at(house: House, offset: int) -> str:
    """What a clock shows now that is so many minutes ahead of UTC."""
    minute = (house.now().hour * 60 + house.now().minute + offset) % 1440
    return f"{minute // 60:02}:{minute % 60:02}"
