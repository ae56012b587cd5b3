"""The pace: a window for all, an allowance for each chat."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from bot.wire.pacing import WINDOW, Pace


def written(pace: Pace, chats: list[UUID], until: float) -> list[float]:
    """Write as fast as the pace allows, to one chat after the other, and tell when."""
    now, times = 0.0, []
    while now < until:
        free = pace.free_at(now)
        if free > now:
            now = free
            continue
        pace.wrote(chats[len(times) % len(chats)], now)
        times.append(now)
        now += 0.001
    return times


def most_in_a_second(times: list[float]) -> int:
    return max(sum(1 for at in times if start <= at < start + 1.0) for start in times)


def test_never_more_than_the_rate_in_any_second_and_nearly_as_many() -> None:
    times = written(Pace(30), [uuid4() for _ in range(100)], 20.0)
    assert most_in_a_second(times) <= 30
    assert len(times) / 20.0 > 29


def test_a_chat_may_burst_a_little_and_then_gets_one_a_second() -> None:
    pace, chat = Pace(30), uuid4()
    for _ in range(4):
        assert pace.chat_free_at(chat, 0.0) == 0.0
        pace.wrote(chat, 0.0)
    assert chat in pace.busy(0.0)
    assert 0.9 < pace.chat_free_at(chat, 0.0) <= 1.0
    assert chat not in pace.busy(1.01)


def test_a_refused_chat_waits_alone_but_two_make_all_wait() -> None:
    pace, one, other = Pace(30), uuid4(), uuid4()
    pace.pause(one, 10.0, 0.0)
    assert pace.busy(1.0) == {one}
    assert pace.free_at(1.0) == 1.0
    pace.pause(other, 5.0, 1.0)
    assert pace.free_at(1.0) == 6.0
    assert pace.room(1.0, 0.5) == 0


def test_chats_at_rest_are_forgotten() -> None:
    pace = Pace(1000)
    for number in range(5000):
        pace.wrote(uuid4(), number * 1.0)
    assert len(pace._chats) < 600


def test_no_limit_leaves_room_unless_telegram_asked_for_a_pause() -> None:
    pace = Pace(0)
    pace.wrote(uuid4(), 0.0)
    assert pace.room(0.0, 0.5) > 1000
    pace.pause_all(3.0, 0.0)
    assert pace.room(1.0, 0.5) == 0
    assert pace.free_at(1.0) == 3.0


@given(st.integers(1, 40), st.lists(st.floats(0, 0.2), min_size=1, max_size=200))
def test_whatever_the_gaps_no_window_holds_more_than_the_rate(rate: int, gaps: list[float]) -> None:
    pace, now, times = Pace(rate), 0.0, []
    for gap in gaps:
        now = max(now + gap, pace.free_at(now + gap))
        pace.wrote(uuid4(), now)
        times.append(now)
    for index, at in enumerate(times):
        assert sum(1 for other in times[index:] if other < at + WINDOW - 1e-6) <= rate
