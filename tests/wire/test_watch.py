"""Jumps of the clock."""

from datetime import UTC, datetime, timedelta

from bot.wire.watch import Watch


class Hands:
    def __init__(self) -> None:
        self.wall, self.steady = datetime(2026, 3, 1, tzinfo=UTC), 100.0

    def tick(self, wall: float, steady: float) -> None:
        self.wall += timedelta(seconds=wall)
        self.steady += steady


def test_a_jump_is_told_once_in_either_direction() -> None:
    hands = Hands()
    watch = Watch(lambda: hands.wall, lambda: hands.steady)
    hands.tick(1, 1)
    assert watch.jumped() == 0.0
    hands.tick(3601, 1)
    assert round(watch.jumped()) == 3600
    assert watch.jumped() == 0.0
    hands.tick(-7199, 1)
    assert round(watch.jumped()) == -7200


def test_a_move_that_was_announced_is_no_jump() -> None:
    hands = Hands()
    watch = Watch(lambda: hands.wall, lambda: hands.steady)
    hands.tick(86_400, 0)
    watch.moved()
    hands.tick(1, 1)
    assert watch.jumped() == 0.0


def test_after_a_jump_in_either_direction_time_is_not_relied_on_for_half_a_minute() -> None:
    hands = Hands()
    watch = Watch(lambda: hands.wall, lambda: hands.steady)
    assert watch.is_steady()
    hands.tick(86_400, 1)
    assert not watch.is_steady()
    hands.tick(-86_400, 2)
    assert not watch.is_steady()
    hands.tick(29, 29)
    assert not watch.is_steady()
    hands.tick(1, 1)
    assert watch.is_steady()
