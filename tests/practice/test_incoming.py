from datetime import UTC, datetime, timedelta

import pytest

from bot.practice import incoming
from storage.deliveries import NEVER
from storage.tables import Person

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # 13:00 in Berlin


def person(**given: object) -> Person:
    return Person(**{"name_sealed": b"", "language": "en", "zone": "Europe/Berlin", **given})


def test_without_wishes_everything_comes_at_once() -> None:
    assert incoming.not_before(person(), NOON) == NOON
    assert incoming.not_before(person(quiet_from=60, quiet_to=60), NOON) == NOON
    assert incoming.not_before(Person(name_sealed=b"", language="en", quiet_from=0, quiet_to=1439), NOON) == NOON


def test_a_pause_holds_until_its_end_or_for_good() -> None:
    until = NOON + timedelta(days=2)
    assert incoming.not_before(person(paused=True, paused_until=until), NOON) == until
    assert incoming.not_before(person(paused=True, paused_until=NOON), NOON) == NOON
    assert incoming.not_before(person(paused=True), NOON) == NEVER
    assert incoming.not_before(person(paused=True, quiet_from=0, quiet_to=600), NOON) == NEVER


@pytest.mark.parametrize(
    ("start", "end", "opens"),
    [
        (12 * 60, 14 * 60, NOON + timedelta(hours=1)),  # until 14:00 by the clock of Berlin
        (13 * 60, 13 * 60 + 1, NOON + timedelta(minutes=1)),
        (14 * 60, 12 * 60, NOON),  # over midnight, and it is neither
        (13 * 60, 8 * 60, datetime(2026, 3, 5, 7, tzinfo=UTC)),  # until tomorrow's 08:00
        (22 * 60, 13 * 60, NOON),  # just over
        (22 * 60, 13 * 60 + 30, NOON + timedelta(minutes=30)),
    ],
)
def test_quiet_hours_go_by_the_persons_own_clock(start: int, end: int, opens: datetime) -> None:
    assert incoming.not_before(person(quiet_from=start, quiet_to=end), NOON) == opens


def test_a_pause_that_ends_in_quiet_hours_is_followed_by_them() -> None:
    someone = person(paused=True, paused_until=datetime(2026, 3, 6, 3, tzinfo=UTC), quiet_from=22 * 60, quiet_to=7 * 60)
    assert incoming.not_before(someone, NOON) == datetime(2026, 3, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(21, 59, False), (22, 0, True), (3, 0, True), (6, 59, True), (7, 0, False)]
)
def test_night_goes_by_the_persons_own_clock(hour: int, minute: int, night: bool) -> None:
    at = datetime(2026, 3, 4, hour, minute, tzinfo=UTC)
    assert incoming.is_night(person(zone="Africa/Accra"), at) is night
    assert incoming.is_night(person(zone="Asia/Tokyo"), at - timedelta(hours=9)) is night
    assert not incoming.is_night(person(zone=None), at)


def test_quiet_hours_end_once_when_the_clocks_go_forward() -> None:
    """In Berlin 02:30 does not exist on 29 March: what would end then ends at 03:00."""
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert incoming.not_before(person(quiet_from=60, quiet_to=150), night) == datetime(2026, 3, 29, 1, tzinfo=UTC)
