from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice import preferences, times
from bot.practice.refusals import Closed, LastOne, NotReady, UnclearDay, UnclearTime, UnclearZone
from storage.tables import Person

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday; 13:00 in Berlin, 7:00 in New York
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu")


def person(zone: str | None = "Europe/Berlin", **given: object) -> Person:
    """Somebody whose question was planned at noon."""
    made = Person(id=uuid4(), chat_id=uuid4(), name_sealed=b"", language="en", zone=zone, agreed_on=date(2026, 3, 1))
    made.ready = True
    for name, value in given.items():
        setattr(made, name, value)
    preferences.replan(made, now=NOON)
    return made


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


# -- when


def test_a_later_time_today_is_today() -> None:
    ann = person()
    preferences.keep_time(ann, 21 * 60, now=NOON)
    assert ann.next_question == berlin(4, 21)


def test_a_question_that_was_to_come_today_is_not_lost_to_an_hour_that_has_passed() -> None:
    ann = person()
    preferences.keep_time(ann, 9 * 60, now=NOON)
    assert ann.next_question == NOON


def test_a_date_that_had_its_question_gets_no_second_one() -> None:
    ann = person(asked_on=date(2026, 3, 4))
    preferences.keep_time(ann, 22 * 60, now=NOON)
    assert ann.next_question == berlin(5, 22)


def test_a_question_that_has_come_is_not_asked_again_for_an_earlier_hour() -> None:
    ann = person()
    ann.asked_on = date(2026, 3, 4)
    evening = berlin(4, 20, 30)
    preferences.replan(ann, now=evening)
    preferences.keep_time(ann, 19 * 60, now=evening)
    assert ann.next_question == berlin(5, 19)


def test_a_day_that_is_switched_off_loses_its_question() -> None:
    ann = person()
    preferences.switch_day(ann, 2, on=False, now=NOON)
    assert ann.next_question == berlin(5, 20)
    preferences.switch_day(ann, 2, on=True, now=NOON)
    assert ann.next_question == berlin(4, 20)


def test_a_time_that_is_due_at_this_moment_is_left_to_the_planner() -> None:
    ann = person()
    ann.next_question = NOON
    preferences.keep_time(ann, 9 * 60, now=NOON)
    assert ann.next_question == NOON


def test_a_question_that_an_outage_made_too_late_does_not_come_for_a_change() -> None:
    ann = person()
    ann.next_question = NOON - timedelta(hours=4)
    preferences.keep_time(ann, 9 * 60, now=NOON)
    assert ann.next_question == berlin(5, 9)


def test_two_changes_in_a_row_do_not_lose_the_question_of_today() -> None:
    ann = person()
    for hour in (7, 8):
        preferences.keep_time(ann, hour * 60, now=NOON)
        assert ann.next_question == NOON


def test_nothing_is_planned_without_a_zone() -> None:
    assert person(zone=None).next_question is None


def test_moving_west_on_the_same_date_asks_once() -> None:
    ann = person(asked_on=date(2026, 3, 4))
    preferences.move(ann, "America/New_York", now=NOON)
    assert ann.next_question == datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


def test_moving_east_into_tomorrow_asks_tomorrow() -> None:
    ann = person()
    preferences.move(ann, "Pacific/Auckland", now=NOON)
    assert ann.next_question == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


def test_a_move_past_the_hour_asks_now() -> None:
    ann = person()
    preferences.move(ann, "Asia/Tokyo", now=NOON)
    assert ann.next_question == NOON


@given(st.integers(0, 1439), st.integers(0, 47), st.sampled_from(ZONES))
def test_a_change_never_plans_a_date_that_had_its_question(minute: int, hour: int, zone: str) -> None:
    now = NOON + timedelta(hours=hour)
    ann = person(asked_on=date(2026, 3, 4))
    preferences.keep_time(ann, minute, now=now)
    preferences.move(ann, zone, now=now)
    assert ann.next_question is not None
    assert ann.next_question >= now
    assert times.local_date(ann.next_question, zone) > date(2026, 3, 4)


def test_typed_times_and_days() -> None:
    ann = person()
    preferences.say_time(ann, "7:45 pm", "en", now=NOON)
    assert ann.daily_minute == 19 * 60 + 45
    preferences.say_week(ann, "Saturday 10:15", "en", now=NOON)
    assert (ann.weekly_day, ann.weekly_minute) == (5, 615)
    with pytest.raises(UnclearTime):
        preferences.say_time(ann, "soon", "en", now=NOON)
    with pytest.raises(UnclearDay):
        preferences.say_week(ann, "soon", "en", now=NOON)


@pytest.mark.parametrize(("seconds", "stays"), [(-1, False), (0, True), (1, True)])
def test_an_invitation_whose_time_has_just_come_is_not_lost_to_another_time(seconds: int, stays: bool) -> None:
    six = berlin(8, 18)
    now = six + timedelta(seconds=seconds)
    for change in (
        lambda who: preferences.keep_week(who, day=6, minute=9 * 60, now=now),
        lambda who: preferences.move(who, "Europe/Lisbon", now=now),
    ):
        ann = person(next_weekly=six)
        change(ann)
        assert (ann.next_weekly == six) is stays


def test_a_change_on_the_day_itself_skips_no_week() -> None:
    """To an hour that has passed, or by a move to where it has: the invitation comes at once."""
    now = berlin(8, 12)
    for change in (
        lambda who: preferences.keep_week(who, day=6, minute=9 * 60, now=now),
        lambda who: preferences.move(who, "Asia/Tokyo", now=now),
    ):
        ann = person(next_weekly=berlin(8, 18))
        change(ann)
        assert ann.next_weekly == now
    ann = person(next_weekly=berlin(8, 18), weekly_on=date(2026, 3, 8))  # has had this week's
    preferences.keep_week(ann, day=6, minute=9 * 60, now=now)
    assert ann.next_weekly == berlin(15, 9)


def test_another_weekday_comes_when_its_day_does() -> None:
    ann = person(next_weekly=berlin(8, 18))
    preferences.keep_week(ann, day=5, minute=9 * 60, now=berlin(8, 12))
    assert ann.next_weekly == berlin(14, 9)


def test_rhythms_lie_within_each_other() -> None:
    masks = list(preferences.RHYTHMS.values())
    assert all(rarer & fuller == rarer for fuller, rarer in pairwise(masks))


def test_one_day_and_one_theme_stay() -> None:
    ann = person()
    preferences.keep_rhythm(ann, "weekly", now=NOON)
    with pytest.raises(LastOne):
        preferences.switch_day(ann, 4, on=False, now=NOON)
    for theme in preferences.THEMES[1:]:
        preferences.switch_theme(ann, theme, on=False)
    with pytest.raises(LastOne):
        preferences.switch_theme(ann, preferences.THEMES[0], on=False)
    preferences.switch_theme(ann, "play", on=True)
    assert len(preferences.themes_off(ann)) == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda who: preferences.keep_time(who, 1440, now=NOON),
        lambda who: preferences.keep_time(who, -1, now=NOON),
        lambda who: preferences.keep_rhythm(who, "never", now=NOON),
        lambda who: preferences.switch_day(who, 7, on=True, now=NOON),
        lambda who: preferences.keep_week(who, day=7, minute=0, now=NOON),
        lambda who: preferences.keep_week(who, day=0, minute=1440, now=NOON),
        lambda who: preferences.keep_depth(who, 0),
        lambda who: preferences.switch_theme(who, "gossip", on=True),
        lambda who: preferences.move(who, "Mars/Base", now=NOON),
        lambda who: preferences.places_at(1440, "en", now=NOON),
        lambda who: preferences.places_at(-1, "en", now=NOON),
    ],
)
def test_what_no_button_offers_is_refused(change: Callable[[Person], None]) -> None:
    with pytest.raises(Closed):
        change(person())


@pytest.mark.parametrize(
    "change",
    [
        lambda who: preferences.keep_time(who, 0, now=NOON),
        lambda who: preferences.say_time(who, "7:45 pm", "en", now=NOON),
        lambda who: preferences.keep_rhythm(who, "every", now=NOON),
        lambda who: preferences.keep_week(who, day=0, minute=0, now=NOON),
        lambda who: preferences.say_week(who, "sunday 18:00", "en", now=NOON),
        lambda who: preferences.move(who, "Asia/Tokyo", now=NOON),
        lambda who: preferences.keep_depth(who, 1),
        lambda who: preferences.switch_theme(who, "play", on=True),
        lambda who: preferences.keep_protection(who, on=True),
    ],
)
def test_settings_come_after_set_up(change: Callable[[Person], None]) -> None:
    with pytest.raises(NotReady):
        change(person(ready=False))


# -- where


@given(st.integers(0, 1439), st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(0, 100_000))
def test_an_offset_means_the_same_clock_whenever_it_is_pressed(minute: int, then: datetime, later: int) -> None:
    shown = then.replace(tzinfo=UTC)
    offset = preferences.offset_of(minute, shown)
    assert preferences.minute_at(offset, shown) == minute
    passed = (shown + timedelta(minutes=later)).replace(second=0) - shown.replace(second=0)
    expected = (minute + passed // timedelta(minutes=1)) % 1440
    assert preferences.minute_at(offset, shown + timedelta(minutes=later)) == expected


def test_every_offset_leads_to_places() -> None:
    for offset in preferences.offsets_now(NOON, "en"):
        assert preferences.places_at(offset, "en", now=NOON)


def test_what_is_nowhere_is_unclear() -> None:
    with pytest.raises(UnclearZone):
        preferences.places_at(preferences.offset_of(25, NOON.replace(minute=10)), "en", now=NOON)
    with pytest.raises(UnclearZone):
        preferences.places_named("Atlantis", "en")
