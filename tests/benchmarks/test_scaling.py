"""Weeks on paper: nothing is lost, the pace holds, and replies wait for nothing that was planned."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scaling import assumptions
from benchmarks.scaling.__main__ import main
from benchmarks.scaling.calendar import BLOCK, BLOCKS_OF_A_DRAWER, Calendar
from benchmarks.scaling.deliveries import ACTS, GROUPS, KINDS, NUMBER, URGENCY
from benchmarks.scaling.lines import Line, share_out
from benchmarks.scaling.packed import day_of, pack, person_of, second_of, what_of
from benchmarks.scaling.people import BEGINS, People, planned, settle, shift_of, where_people_live
from benchmarks.scaling.record import Record, waits
from benchmarks.scaling.results import duration
from benchmarks.scaling.week import Pace, Week
from bot.practice.rules import rules
from bot.practice.zones import is_zone
from storage.claiming import REPLY, REVEAL, SCHEDULED

HOURS = 23  # from the first midnight in UTC: everybody's first Sunday evening in Berlin
COUPLES = 2_000
SEED = 7


class Watched(Record):
    """Remembers every single message besides."""

    def __init__(self) -> None:
        super().__init__(since=0)
        self.messages: list[np.ndarray] = []
        self.seconds: list[np.ndarray] = []

    def note(self, messages: np.ndarray, late: np.ndarray, behind_chosen: np.ndarray) -> None:
        super().note(messages, late, behind_chosen)
        self.messages.append(messages)
        self.seconds.append(second_of(messages) + late)


class Lived:
    """So much happens to these couples in one evening that a message a second cannot keep up."""

    def __init__(self, seed: int = SEED) -> None:
        self.people = settle(COUPLES, seed, zone="Europe/Berlin")
        self.planned = planned(self.people, spread=0)
        self.record = Watched()
        self.week = Week(self.people, self.planned, Pace(1), seed, record=self.record)
        self.week.live(HOURS)
        self.messages = np.concatenate(self.record.messages)
        self.seconds = np.concatenate(self.record.seconds)


@cache
def crowded() -> Lived:
    return Lived()


def test_what_is_owed_is_sent_or_too_late_or_still_waits() -> None:
    lived = crowded()
    sent = np.bincount(URGENCY[what_of(lived.messages)], minlength=3)
    let_go = np.array([0, 0, lived.record.let_go])
    assert lived.record.let_go > 0
    assert (lived.record.owed == sent + let_go + lived.week.waiting).all()


def test_all_that_the_planner_brings_is_sent_or_too_late_or_still_waits() -> None:
    lived = crowded()
    due = lived.planned[second_of(lived.planned) < HOURS * 3600]
    brought = np.isin(due, lived.messages).sum()
    snoozed = (what_of(lived.messages) == NUMBER["snoozed"]).sum()
    assert brought + snoozed == (URGENCY[what_of(lived.messages)] == SCHEDULED).sum()
    assert 0 < len(due) - brought <= lived.record.let_go + lived.week.waiting[SCHEDULED]


def test_nothing_is_sent_before_it_is_due_or_faster_than_the_pace() -> None:
    lived = crowded()
    assert (lived.seconds >= second_of(lived.messages)).all()
    assert np.bincount(lived.seconds).max() == lived.record.busiest_second == 1


def test_no_reply_and_no_reveal_waits_behind_what_was_planned() -> None:
    lived = crowded()
    urgency = URGENCY[what_of(lived.messages)]
    for more, less in ((REPLY, REVEAL), (REPLY, SCHEDULED), (REVEAL, SCHEDULED)):
        late = (urgency == more) & (lived.seconds > second_of(lived.messages))
        passed = np.concatenate([[0], np.cumsum(np.bincount(lived.seconds[urgency == less], minlength=HOURS * 3600))])
        assert late.any()
        assert (passed[lived.seconds[late]] == passed[second_of(lived.messages[late])]).all()


def test_what_is_too_late_is_never_sent() -> None:
    lived = crowded()
    question = what_of(lived.messages) == NUMBER["question"]
    late = lived.seconds[question] - second_of(lived.messages[question])
    assert 3600 < late.max() <= timedelta(hours=3).total_seconds() + BLOCK


def test_answers_open_for_both_or_for_neither() -> None:
    lived = crowded()
    reveals = lived.messages[what_of(lived.messages) == NUMBER["reveal"]]
    readers = person_of(reveals)
    pairs = np.stack([readers // 2, day_of(reveals), second_of(reveals)], axis=1)
    _, both = np.unique(pairs, axis=0, return_counts=True)
    assert len(reveals) > 0
    assert (both <= 2).all()
    assert (both == 1).sum() <= lived.week.waiting[REVEAL]
    assert len(np.unique(np.stack([readers, day_of(reveals)]), axis=1).T) == len(reveals)


def test_the_same_seed_gives_the_same_week_and_another_one_another() -> None:
    people = settle(20, SEED)
    comes = planned(people, spread=0)
    one, same, other = (Week(people, comes, Pace(30), seed, record=Record(since=0)).live(22) for seed in (1, 1, 2))
    assert one.hours == same.hours
    assert (one.groups == same.groups).all()
    assert one.hours != other.hours
    assert (planned(settle(20, SEED), spread=0) == comes).all()
    assert len(planned(settle(20, 8), spread=0)) != len(comes)


# -- when something comes


def _questions(people: People, spread: int = 0) -> Sequence[tuple[int, int]]:
    comes = planned(people, spread=spread)
    those = comes[what_of(comes) == NUMBER["question"]]
    return list(zip(person_of(those).tolist(), second_of(those).tolist(), strict=True))


def test_questions_come_at_the_local_minute_and_on_the_days_that_people_chose() -> None:
    people = settle(60, SEED)
    asked: set[tuple[int, object]] = set()
    for person, second in _questions(people):
        local = (BEGINS + timedelta(seconds=second)).astimezone(rules(people.zones[people.zone[person]]))
        assert local.hour * 60 + local.minute == people.daily_minute[person]
        assert people.days[person] >> local.weekday() & 1
        asked.add((person, local.date()))
    assert len(asked) == len(_questions(people))
    assert len({person for person, _ in asked}) == people.count


def test_spreading_makes_each_person_late_by_always_the_same_and_never_by_more() -> None:
    people = settle(60, SEED)
    late = [after - before for (_, before), (_, after) in _paired(_questions(people), _questions(people, spread=15))]
    assert min(late) >= 0
    assert 600 < max(late) < 15 * 60
    assert (shift_of(people, 15) < 15 * 60).all()
    assert (shift_of(people, 0) == 0).all()


def _paired(
    before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]
) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    return list(zip(sorted(before), sorted(after), strict=True))


def test_zones_are_real_and_the_largest_has_most_couples() -> None:
    zones, weights = where_people_live()
    assert all(is_zone(zone) for zone in zones)
    assert min(weights) > 0
    people = settle(4_000, SEED)
    counts = np.bincount(people.zone, minlength=len(zones))
    assert counts.argmax() == int(np.argmax(weights))
    apart = (people.zone[::2] != people.zone[1::2]).mean()
    assert 0 < apart < 2 * assumptions.APART


def test_what_people_are_assumed_to_do_names_what_there_is() -> None:
    names = {kind.name for kind in KINDS}
    assert assumptions.FOLLOWS.keys() == assumptions.TAKES.keys() <= names
    for follows in assumptions.FOLLOWS.values():
        assert follows.keys() <= set(ACTS)
        assert sum(follows.values()) <= 1


# -- the parts


@given(
    waiting=st.tuples(*[st.integers(0, 50)] * 3),
    coming=st.tuples(*[st.lists(st.integers(0, 40), min_size=8, max_size=8)] * 3),
    pace=st.integers(1, 60),
)
def test_the_pace_is_shared_out_by_urgency_and_none_of_it_is_wasted(
    waiting: tuple[int, ...], coming: tuple[list[int], ...], pace: int
) -> None:
    left = list(waiting)
    for arriving, sent in zip(
        zip(*coming, strict=True), zip(*share_out(waiting, coming, pace), strict=True), strict=True
    ):
        left = [before + more - gone for before, more, gone in zip(left, arriving, sent, strict=True)]
        assert min(left) >= 0
        assert sum(sent) <= pace
        assert sum(sent) == pace or not any(left)
        for urgency in (REVEAL, SCHEDULED):
            assert not sent[urgency] or not any(left[:urgency])


@given(st.lists(st.integers(0, 2 * BLOCK * BLOCKS_OF_A_DRAWER + 100), max_size=60))
def test_a_calendar_gives_everything_back_when_its_time_has_come(seconds: list[int]) -> None:
    ends = 2 * BLOCK * BLOCKS_OF_A_DRAWER
    calendar = Calendar(ends)
    calendar.note(_messages(seconds))
    given_back: list[int] = []
    for block in range(ends // BLOCK):
        if block % BLOCKS_OF_A_DRAWER == 0:
            calendar.open_drawer(block // BLOCKS_OF_A_DRAWER)
        taken = second_of(calendar.take(block)).tolist()
        assert all(second // BLOCK == block for second in taken)
        given_back += taken
    assert given_back == sorted(second for second in seconds if second < ends)


def test_a_line_gives_the_first_ones_first_and_lets_the_late_go() -> None:
    line = Line()
    line.join(_messages([0, 5]))
    line.join(np.sort(np.concatenate([_messages([10]), _messages([10], "invitation")])))
    line.join(_messages([20_000]))
    assert second_of(line.take(1)).tolist() == [0]
    assert line.drop_late(5 + 3 * 3600 - 1) == 0
    assert line.drop_late(10 + 3 * 3600) == 2
    assert [KINDS[kind].name for kind in what_of(line.take(2)).tolist()] == ["invitation", "question"]
    assert line.length == 0


def _messages(seconds: Sequence[int], name: str = "question") -> np.ndarray:
    many = np.array(seconds, dtype=np.int64)
    return pack(many, NUMBER[name], np.zeros_like(many), np.zeros_like(many))


def test_lateness_is_counted_in_whole_seconds() -> None:
    counts = np.bincount([0] * 50 + [1] * 49 + [7])
    assert waits(counts) == type(waits(counts))(sent=100, median=0, most=1, worst=7)
    assert waits(np.zeros(1, dtype=np.int64)).sent == 0
    assert [duration(each) for each in (9, 119, 150, 7200)] == ["9 s", "119 s", "2.5 min", "2 h"]


# -- the command


def test_the_command_prints_keeps_and_draws(tmp_path: Path, capsys: object) -> None:
    kept, picture = tmp_path / "scaling.json", tmp_path / "scaling.png"
    to = ["--to", str(kept), "--plot", str(picture), "--couples", "5", "10", "--paces", "30", "--spreads", "5"]
    assert main(to) == 0
    weeks = json.loads(kept.read_text())["weeks"]
    assert [(week["couples"], week["spread_minutes"]) for week in weeks] == [(5, 0), (10, 0), (10, 5)]
    assert all(len(week["hours"]) == 7 * 24 and week["messages"].keys() == set(GROUPS) for week in weeks)
    assert picture.read_bytes().startswith(b"\x89PNG")
