"""What people type as a time of day, or as a weekday with a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.times import parse_time, parse_weekday_time

QUARTER_TO_EIGHT = 19 * 60 + 45
SIX = 18 * 60
LANGUAGES = [None, "", "en", "de", "pt-br", "zh-hans", "ar", "eu", "vi", "fa", "klingon", "-"]


@pytest.mark.parametrize(
    "text",
    [
        "19:45",
        "7:45 pm",
        "7:45pm",
        "7.45pm",
        "7.45 P.M.",
        "745pm",
        "19.45",
        "1945",
        "1945h",
        "19h45",
        "19 h 45",
        "19h45min",
        "19 Uhr 45",
        "19 45",
        "  19:45\n",
        "at 7:45 pm",
        "um 19:45 Uhr",
        "kl. 19.45",
        "à 19h45",
        "19:45 pm",
        "7:45\u202fPM",
        "19：45",
        "\u200e19:45",
        "١٩:٤٥",
        "۱۹:۴۵",
        "१९:४५",
        "PM 7:45",
    ],
)
def test_a_quarter_to_eight_in_the_evening_is_understood_in_many_spellings(text: str) -> None:
    assert parse_time(text) == QUARTER_TO_EIGHT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("오후 7:45", "ko"),
        ("下午7:45", "zh-hans"),
        ("午後7時45分", "ja"),
        ("٧:٤٥ م", "ar"),
        ("7:45 p.\u202fm.", "es"),
        ("7:45 p.m.", "es"),
        ("du. 7:45", "hu"),
        ("7:45 μ.μ.", "el"),
        ("ÖS 7:45", "tr"),
        ("7:45 pm", "de"),
    ],
)
def test_the_reader_s_own_words_for_the_evening_are_understood(text: str, language: str) -> None:
    assert parse_time(text, language) == QUARTER_TO_EIGHT


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("0:00", 0),
        ("midnight", 0),
        ("12am", 0),
        ("0:30 am", 30),
        ("730am", 450),
        ("0730", 450),
        ("7:30", 450),
        ("7 Uhr", 420),
        ("7h", 420),
        ("11:59 a.m.", 719),
        ("Noon", 720),
        ("12 pm", 720),
        ("12:05", 725),
        ("13", 780),
        ("7 pm", 1140),
        ("23:59", 1439),
    ],
)
def test_every_hour_of_the_day_can_be_typed(text: str, minute: int) -> None:
    assert parse_time(text) == minute


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "12",
        "0",
        "745",
        "25:00",
        "24:00",
        "19:60",
        "7:5",
        "7.5",
        "13 am",
        "25 pm",
        "am 7 pm",
        "am",
        "19-45",
        "-7:30",
        "7:45:00",
        "17:00 or 18:00",
        "99999",
        "12:345",
        "tomorrow",
        "half past seven",
        ":45",
        "h",
        "half 8",
        "",
        "   ",
        "🕖",
        "7:45 pm pm",
    ],
)
def test_what_is_no_clear_time_is_not_guessed(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sunday 18:00", None, (6, SIX)),
        ("sun 6pm", "", (6, SIX)),
        ("SUNDAYS, at 6 p.m.", "en", (6, SIX)),
        ("on Sundays 18:00", "en", (6, SIX)),
        ("6pm sunday", "en", (6, SIX)),
        ("Sun18:00", "en", (6, SIX)),
        ("Thurs 18h", "en", (3, SIX)),
        ("monday midnight", "en", (0, 0)),
        ("so 18 uhr", "de", (6, SIX)),
        ("am Sonntag um 18 Uhr", "de", (6, SIX)),
        ("sonntags 18:00", "de", (6, SIX)),
        ("18:00 Di.", "de", (1, SIX)),
        ("Sunday 18:00", "de", (6, SIX)),
        ("mercredi à 18h", "fr", (2, SIX)),
        ("segunda-feira, 18h", "pt-br", (0, SIX)),
        ("вс 18:00", "ru", (6, SIX)),
        ("周日18:00", "zh-hans", (6, SIX)),
        ("Chủ Nhật 18:00", "vi", (6, SIX)),
        ("Th 2 18:00", "vi", (0, SIX)),
        ("الاحد ٦ م", "ar", (6, SIX)),
    ],
)
def test_a_weekday_and_a_time_are_understood(text: str, language: str | None, expected: tuple[int, int]) -> None:
    assert parse_weekday_time(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on",
        "Sunday",
        "18:00",
        "Sunday 7",
        "s 18:00",
        "t 18:00",
        "Sunday Monday 18:00",
        "not Sunday 18:00",
        "so 18:00",
    ],
)
def test_half_a_weekday_or_half_a_time_is_not_guessed(text: str) -> None:
    assert parse_weekday_time(text, "en") is None


@given(text=st.text(max_size=40), language=st.sampled_from(LANGUAGES))
def test_no_text_upsets_the_reading_of_times(text: str, language: str | None) -> None:
    minute = parse_time(text, language)
    assert minute is None or 0 <= minute < 1440
    weekly = parse_weekday_time(text, language)
    assert weekly is None or (0 <= weekly[0] < 7 and 0 <= weekly[1] < 1440)


@given(hour=st.integers(0, 23), minute=st.integers(0, 59), language=st.sampled_from(LANGUAGES))
def test_every_time_in_24_hours_is_read_back(hour: int, minute: int, language: str | None) -> None:
    for text in (f"{hour}:{minute:02}", f"{hour:02}.{minute:02}", f"{hour:02}{minute:02}", f"{hour}h{minute:02}"):
        assert parse_time(text, language) == hour * 60 + minute
