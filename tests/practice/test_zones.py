"""Finding a person's zone by the time that it is for them, or by what they type."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import available_timezones

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.cities import zones_of_cities
from bot.practice.languages import fold, reader_locale
from bot.practice.likely_zones import FIRST, MILLIONS
from bot.practice.rules import canonical, offset_at, rules, territories, zone_names
from bot.practice.zones import ZoneChoice, city, find_zone, is_zone, times_now, warm, zones_at

WINTER = datetime(2026, 11, 5, 18, 47, tzinfo=UTC)
SUMMER = datetime(2026, 7, 5, 18, 47, tzinfo=UTC)
CODES = [
    "en",
    "en-US",
    "en-gb",
    "de",
    "pt-br",
    "es-419",
    "zh-hans",
    "zh-hant",
    "fa",
    "kab",
    "iw",
    "xx",
    "en_raw",
    "",
    "-",
]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def minute(written: str) -> int:
    return int(written[:2]) * 60 + int(written[3:])


def cities(choices: Sequence[ZoneChoice]) -> list[str]:
    return [choice.city for choice in choices]


def found(text: str, language: str | None = None) -> list[str]:
    return [choice.zone for choice in find_zone(text, language)]


def minute_in(zone: str, now: datetime) -> int:
    return now.astimezone(rules(zone)).hour * 60 + now.astimezone(rules(zone)).minute


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", ["13:47", "18:47", "10:47", "12:47", "05:47"]),
        (None, ["13:47", "18:47", "10:47"]),
        ("en-US", ["13:47", "12:47", "10:47", "11:47"]),
        ("en-gb", ["18:47", "13:47"]),
        ("en-in", ["00:17"]),
        ("de", ["19:47"]),
        ("es", ["19:47", "18:47", "12:47"]),
        ("es-419", ["12:47", "13:47"]),
        ("pt-br", ["15:47"]),
        ("pt-pt", ["18:47"]),
        ("zh-hans", ["02:47"]),
        ("zh-hant", ["02:47"]),
        ("ar", ["20:47", "21:47"]),
        ("fa", ["22:17", "23:17"]),
        ("ru", ["21:47", "23:47"]),
    ],
)
def test_the_likeliest_times_for_a_language_come_first(language: str | None, first: list[str]) -> None:
    assert [clock(time) for time in times_now(WINTER, language)][: len(first)] == first


def test_every_time_that_it_can_be_is_offered_once() -> None:
    for now in (WINTER, SUMMER):
        times = times_now(now, "de")
        assert len(times) == len(set(times))
        assert set(times) == {minute_in(zone, now) for zone in territories()}
        assert 30 < len(times) < 45


@settings(max_examples=12, deadline=None)
@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)), seed=st.integers(0, 99))
def test_of_the_choices_exactly_one_has_the_rules_of_any_home_with_this_time(at: datetime, seed: int) -> None:
    home = rules(Random(seed).choice(sorted(zone for zone, country in territories().items() if country != "AQ")))
    now = at.astimezone(home)
    choices = [rules(choice.zone) for choice in zones_at(at, now.hour * 60 + now.minute, "en")]
    hours = [at + timedelta(hours=hour) for hour in range(3 * 365 * 24)]
    alike = [zone for zone in choices if all(offset_at(hour, zone) == offset_at(hour, home) for hour in hours)]
    assert len(alike) == 1


def test_a_person_is_asked_for_a_city_only_where_rules_differ() -> None:
    assert cities(zones_at(WINTER, minute("00:17"), "en")) == ["Kolkata"]
    assert cities(zones_at(WINTER, minute("21:47"), "ru")) == ["Москва"]
    assert cities(zones_at(WINTER, minute("13:47"), "en"))[:2] == ["New York", "Jamaica"]
    assert cities(zones_at(SUMMER, minute("14:47"), "en")) == ["New York", "Puerto Rico", "Santiago", "Havana"]
    assert cities(zones_at(WINTER, minute("20:47"), "de"))[0] == "Kairo"


def test_one_time_on_two_dates_is_two_choices() -> None:
    choices = [choice.zone for choice in zones_at(WINTER, minute("08:47"), "en")]
    assert {"Pacific/Honolulu", "Pacific/Kiritimati"} <= set(choices)


def test_a_clock_that_is_a_few_minutes_off_still_counts() -> None:
    exact = zones_at(WINTER, minute("19:47"), "de")
    assert zones_at(WINTER, minute("19:54"), "de") == zones_at(WINTER, minute("19:40"), "de") == exact
    assert zones_at(WINTER, minute("19:55"), "de") == []
    almost_midnight = datetime(2026, 11, 5, 23, 58, tzinfo=UTC)
    assert "London" in cities(zones_at(almost_midnight, minute("00:03"), "en"))


def test_a_change_that_has_passed_no_longer_tells_zones_apart() -> None:
    before, after = datetime(2026, 10, 31, 12, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)
    phoenix = rules("America/Phoenix"), rules("America/Denver")
    assert len({offset_at(before, zone) for zone in phoenix}) == 2
    assert [choice.zone for choice in zones_at(after, minute("05:00"), "en-us")][:2] == [
        "America/Denver",
        "America/Phoenix",
    ]


def test_nobody_is_taken_for_a_guest_of_antarctica_unless_they_say_so() -> None:
    assert "Troll" not in cities(zones_at(SUMMER, minute("20:47"), "en"))
    assert found("Antarctica/Troll") == ["Antarctica/Troll"]


def test_warming_changes_no_answer() -> None:
    cold = zones_at(WINTER, minute("20:47"), "uk")
    warm(WINTER)
    assert zones_at(WINTER, minute("20:47"), "uk") == cold


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("Wien", "de", "Europe/Vienna"),
        ("vienna", "de", "Europe/Vienna"),
        ("new york", None, "America/New_York"),
        ("NEW-YORK", "xx", "America/New_York"),
        ("New York City", "en", "America/New_York"),
        ("europe/berlin", "en", "Europe/Berlin"),
        ("Europe/Oslo", "en", "Europe/Oslo"),
        ("America/New York", "en", "America/New_York"),
        ("US/Eastern", "en", "America/New_York"),
        ("Asia/Calcutta", "en", "Asia/Kolkata"),
        ("kiev", "en", "Europe/Kyiv"),
        ("Zurich", "de", "Europe/Zurich"),
        ("zürich", "en", "Europe/Zurich"),
        ("Sao Paulo", "pt-br", "America/Sao_Paulo"),
        ("Москва", "ru", "Europe/Moscow"),
        ("東京", "ja", "Asia/Tokyo"),
        ("北京", "zh-hans", "Asia/Shanghai"),
        ("القاهرة", "ar", "Africa/Cairo"),
        ("München", "de", "Europe/Berlin"),
        ("San Francisco", "en", "America/Los_Angeles"),
        ("Washington, D.C.", "en", "America/New_York"),
        ("St. John's", "en", "America/St_Johns"),
        ("Łódź", "pl", "Europe/Warsaw"),
        ("Vienna, Austria", "en", "Europe/Vienna"),
        ("Wien, Österreich", "de", "Europe/Vienna"),
        ("London UK", "en", "Europe/London"),
        ("Germany", "en", "Europe/Berlin"),
        ("Samoa", "en", "Pacific/Apia"),
        ("CET", "en", "Europe/Brussels"),
        ("UTC", "en", "Atlantic/Reykjavik"),
    ],
)
def test_a_place_is_understood_as_people_write_it(text: str, language: str | None, zone: str) -> None:
    assert found(text, language) == [zone]


def test_a_name_that_means_several_places_offers_the_likeliest_first() -> None:
    assert found("Birmingham", "en-gb") == ["Europe/London", "America/Chicago"]
    assert found("Birmingham", "en-us") == ["America/Chicago", "Europe/London"]
    assert found("Birmingham, UK") == ["Europe/London"]
    assert found("Córdoba", "es-ar") == ["America/Argentina/Cordoba", "Europe/Madrid"]
    assert found("USA")[:4] == ["America/New_York", "America/Los_Angeles", "America/Chicago", "America/Denver"]
    assert found("EST") == ["America/New_York", "America/Panama"]


@pytest.mark.parametrize(
    "text", ["", "   ", ",", "???", "Nowhere", "Paris, Texas", "London, Ontario", "Etc/GMT+5", "Factory", "x" * 4096]
)
def test_an_unknown_place_is_not_guessed(text: str) -> None:
    assert find_zone(text, "en") == []


@settings(max_examples=150)
@given(text=st.text(max_size=30), code=st.one_of(st.none(), st.sampled_from(CODES), st.text(max_size=12)))
def test_no_text_and_no_language_code_upsets_the_search(text: str, code: str | None) -> None:
    assert reader_locale(code).time_zones is not None
    assert {choice.zone for choice in find_zone(text, code if code in CODES else "en")} <= territories().keys()


def test_every_zone_and_alias_is_found_by_its_name_as_a_canonical_one() -> None:
    for name in zone_names():
        zone = canonical(name)
        if zone is not None:
            assert zone in found(name.lower()), name
    assert {name for name in zone_names() if not canonical(name)} == {
        name for name in zone_names() if name.startswith("Etc/") or name.rstrip("+-0") in GREENWICH
    }


GREENWICH = {"GMT", "Greenwich", "UCT", "UTC", "Universal", "Zulu"}


def test_zones_are_the_canonical_names_and_their_aliases() -> None:
    assert zone_names() <= available_timezones()
    assert len(zone_names()) > 590
    assert is_zone("Europe/Berlin")
    assert is_zone("US/Eastern")
    assert is_zone("UTC")
    for name in ("Factory", "localtime", "posixrules", "europe/berlin", "", "Berlin", "+VERSION"):
        assert not is_zone(name)


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Europe/Vienna", "de", "Wien"),
        ("Europe/Vienna", "xx", "Vienna"),
        ("Asia/Ho_Chi_Minh", "de", "Ho-Chi-Minh-Stadt"),
        ("Asia/Kolkata", "de", "Kalkutta"),
        ("US/Eastern", None, "New York"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("America/Coyhaique", "ru", "Coyhaique"),
        ("Etc/UTC", "de", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_city_in_the_reader_s_language(zone: str, language: str | None, expected: str) -> None:
    assert city(zone, language) == expected


@pytest.mark.parametrize("language", ["en", "de", "ru", "ja", "ar"])
def test_no_two_zones_have_the_same_city(language: str) -> None:
    assert len({city(zone, language) for zone in territories()}) == len(territories())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pt-br", "pt_BR"),
        ("zh-hans", "zh_Hans"),
        ("iw", "he_IL"),
        ("en_US", "en_US"),
        ("de-klingon", "de"),
        ("xx", "en"),
        (None, "en"),
        ("", "en"),
        ("a" * 300, "en"),
    ],
)
def test_a_language_code_finds_its_locale_or_english(code: str | None, expected: str) -> None:
    assert str(reader_locale(code)) == expected


def test_every_language_that_babel_knows_gets_choices() -> None:
    for identifier in Random(5).sample(sorted(locale_identifiers()), 60):
        assert len(times_now(WINTER, identifier)) > 30
        assert city("Europe/Vienna", identifier)
    assert Locale("en").language == "en"


def test_the_tables_name_canonical_zones_only_and_each_city_once_for_a_zone() -> None:
    assert MILLIONS.keys() <= territories().keys()
    assert {zone for zones in FIRST.values() for zone in zones} <= territories().keys()
    for name, zones in zones_of_cities().items():
        assert name == fold(name) != ""
        assert set(zones) <= territories().keys()
        assert len(zones) == len(set(zones))
