from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone


async def test_all_settings_stand_in_one_message_that_is_edited(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/settings")
    shown = len(ann.from_bot)
    assert "Question: 20:00, every day" in ann.last.text
    for label in ("Daily time", "Days", "Week", "Time zone", "Language", "Depth", "Themes", "Forwarding"):
        await ann.tap(label)
        assert ann.last.labels[-1] == "Back"
        await ann.tap("Back")
        assert "Your settings" in ann.last.text
    assert len(ann.from_bot) == shown


async def test_the_daily_time_by_button_and_typed(ann: Phone) -> None:
    await ready(ann)
    await ann.tap("Change the time")
    await ann.tap("07:00")
    assert "✓ 07:00" in ann.last.labels or ann.offers("✓ 07:00")
    await ann.say("/time 19:45")
    assert "comes at 19:45" in ann.last.text
    await ann.say("/time")
    await ann.say("half past whenever")
    assert "couldn't read that as a time" in ann.last.text
    await ann.say("6.30 pm")
    assert "comes at 18:30" in ann.last.text
    await ann.say("/time later")
    assert "couldn't read that as a time" in ann.last.text


async def test_an_hour_that_has_passed_brings_the_question_that_was_to_come_and_says_so(
    house: House, ann: Phone
) -> None:
    await ready(ann)
    await ann.say("/time 23:30")
    await house.pass_time(hours=24)
    await ann.say("/time 23:00")
    assert "it comes now" not in ann.last.text
    await ann.say("/time 07:00")
    assert "Today's was still to come, so it comes now." in ann.last.text
    await house.pass_time(minutes=1)
    assert "Not today" in ann.last.labels
    await ann.say("/time 07:15")
    assert "it comes now" not in ann.last.text


async def test_the_days_as_a_rhythm_or_one_by_one(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/settings")
    await ann.tap("Days")
    await ann.tap("Three a week")
    assert "Mon, Wed, Fri" in ann.last.text
    await ann.tap("Weekly only")
    assert ann.last.text.startswith("Fri")
    await ann.tap("✓ Fri")
    assert ann.toasts[-1] == "At least one of these stays on."
    await ann.tap("Sun")
    assert ann.last.text.startswith("Fri, Sun")
    await ann.tap("✓ Fri")
    assert ann.last.text.startswith("Sun")
    await ann.tap("Every day")
    assert "✓ Every day" in ann.last.labels


async def test_a_day_pressed_twice_is_on_once(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/settings")
    await ann.tap("Days")
    await ann.tap("Weekly only")
    data = next(button["callback_data"] for button in ann.last.buttons if button["text"] == "Sun")
    for _ in range(2):
        await ann.press(data, on=ann.last)
    assert ann.last.text.startswith("Fri, Sun")


async def test_the_week_by_button_and_typed(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/week")
    await ann.say("Saturday 10:15")
    assert "Saturday 10:15" in ann.last.text
    await ann.tap("Wed")
    await ann.tap("16:00")
    assert "Wednesday 16:00" in ann.last.text
    await ann.say("/week sunday 18:00")
    assert "Sunday 18:00" in ann.last.text
    await ann.say("/week soon")
    assert "a weekday and a time" in ann.last.text


async def test_the_zone_by_button_typed_and_after_a_question(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/zone America/New_York")
    assert "Time zone: New York" in ann.last.text
    await ann.say("/zone")
    await ann.say("Tokyo")
    assert "Time zone: Tokyo" in ann.last.text
    await ann.tap("Time zone")
    assert "Or write /zone" in ann.last.text
    await ann.tap("Another time")
    await ann.tap(ann.last.labels[0])
    if "Which of these" in ann.last.text:
        assert "write /zone" in ann.last.text
        await ann.tap(ann.last.labels[0])
    assert "Your settings" in ann.last.text
    await ann.say("/zone Atlantis")
    assert "can't tell where that is" in ann.last.text


async def test_words_after_a_look_at_the_zones_are_an_answer(ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/settings")
    await ann.tap("Time zone")
    await ann.say("Warm light.")
    assert ann.offers("Share")


async def test_the_language_by_button_and_typed(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/language")
    await ann.tap("✓ English")
    await ann.say("/language en")
    await ann.say("/language english")
    assert ann.last.labels == ["✓ English", "Back"]
    await ann.say("/language Klingon")
    assert "don't speak that language" in ann.last.text
    await ann.press("1:sl:tlh", on=ann.from_bot[-2])
    assert "don't speak that language" in ann.toasts[-1]


async def test_depth_themes_and_forwarding(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/settings")
    await ann.tap("Depth")
    assert "✓ 2" in ann.last.labels
    await ann.tap("3")
    assert "✓ 3" in ann.last.labels
    await ann.tap("Back")
    await ann.tap("Themes")
    for label in ("Knowing myself", "Appreciation", "Support", "Openness", "Rituals", "Being oneself"):
        await ann.tap(f"✓ {label}")
    await ann.tap("✓ Play")
    assert ann.toasts[-1] == "At least one of these stays on."
    await ann.tap("Support")
    await ann.tap("Back")
    assert "Themes: 2 of 7" in ann.last.text
    await ann.tap("Forwarding")
    await ann.tap("Protect my words")
    await ann.tap("Back")
    assert "Depth: 3 of 3" in ann.last.text
    assert "Forwarding of your words: not possible" in ann.last.text
    await ann.tap("Forwarding")
    await ann.tap("Allow forwarding")
    assert "can be forwarded" in ann.last.text


async def test_settings_come_after_set_up(ann: Phone) -> None:
    await ann.start()
    for command in ("/settings", "/time 19:45", "/week", "/zone Berlin", "/language", "/invite", "/unlink"):
        await ann.say(command)
        assert ann.last.text.startswith("Press /start first")
    await ann.tap("Begin")
    await ann.tap("I agree")
    for command in ("/settings", "/time", "/time 19:45", "/week Sunday 18:00", "/invite"):
        await ann.say(command)
        assert ann.last.text.startswith("Press /start first")
    await ann.say("/language")
    assert ann.last.labels == ["✓ English"]
    await ann.say("/zone Berlin")
    assert ann.shows("every day at 20:00")


async def test_forged_settings_change_nothing(ann: Phone) -> None:
    await ready(ann)
    await ann.say("/settings")
    before = ann.last.text
    for data in ("st:nothing", "sm:1440", "sm:-1", "sr:never", "sd:7:1", "sw:7:0", "sw:0:9999", "sp:4", "sh:gossip:1"):
        await ann.press(f"1:{data}", on=ann.last)
        assert ann.toasts[-1] == "This card is closed."
    assert ann.last.text == before


async def ready(phone: Phone) -> None:
    """Set up, with the first question put aside."""
    await set_up(phone)
    await phone.tap("Not today")
