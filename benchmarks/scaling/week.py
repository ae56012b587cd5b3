"""One week on a virtual clock: what is due is sent at a pace, and what people do with it makes the next messages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.scaling import assumptions
from benchmarks.scaling.calendar import BLOCK, BLOCKS_OF_A_DRAWER, DRAWER, Calendar
from benchmarks.scaling.deliveries import (
    ACT,
    AGAIN,
    CHANCES,
    CHANGES,
    KINDS,
    MEDIAN_LOG,
    NOTHING,
    NUMBER,
    OPENS,
    PARTS,
    REPLY_TO,
    SHOWS,
    SIGMA,
    URGENCY,
)
from benchmarks.scaling.lines import Line, share_out
from benchmarks.scaling.packed import MOST_DAYS, day_of, joined, pack, person_of, second_of, turned, what_of
from benchmarks.scaling.people import ALOUD, DATES, OF_A_DAY, SECONDS, SOLO, WARM_UP, People, shift_of
from benchmarks.scaling.record import HOUR, Record
from storage.claiming import SCHEDULED, URGENCIES

DAY = 86400
BOTH, OPENED = 3, 4
CHOSEN = np.array([kind.name in ("question", "invitation", "preview") for kind in KINDS])  # come at a time of one's own
ALOUD_DAY, SOLO_DAY = OF_A_DAY.index(ALOUD), OF_A_DAY.index(SOLO)


@dataclass(frozen=True)
class Pace:
    """How the bot may write."""

    per_second: int
    spread: int = 0  # minutes over which what is due in one minute is spread


class Week:
    """Lives through it once."""

    def __init__(
        self, people: People, planned: np.ndarray, pace: Pace, seed: int, *, record: Record | None = None
    ) -> None:
        self._people, self._planned, self._pace = people, planned, pace
        self._random = np.random.default_rng([seed, 3])
        self._calendar = Calendar(SECONDS)
        self._lines = [Line() for _ in URGENCIES]
        self._done = {act: np.zeros(people.count // 2 * MOST_DAYS, dtype=np.uint8) for act in OPENS}
        self._shift = shift_of(people, pace.spread)
        edges = np.arange(0, SECONDS + BLOCK, BLOCK)
        self._planned_until = np.searchsorted(second_of(planned), edges)
        self.record = record or Record(since=WARM_UP * DAY)

    def live(self, hours: int = SECONDS // HOUR) -> Record:
        """From the first second on, so many hours."""
        for block in range(hours * HOUR // BLOCK):
            if block % BLOCKS_OF_A_DRAWER == 0:
                self._begin_drawer(block // BLOCKS_OF_A_DRAWER)
            self._block(block)
            ended = (block + 1) * BLOCK
            if ended % HOUR == 0 and ended > self.record.since:
                self.record.end_hour()
        return self.record

    @property
    def waiting(self) -> list[int]:
        """How many messages wait, by urgency."""
        return [line.length for line in self._lines]

    # -- ten seconds

    def _block(self, block: int) -> None:
        begins = block * BLOCK
        acts = self._calendar.take(block)
        owed = self._owed(block, acts)
        if not len(owed) and not any(self.waiting):
            return
        self.record.owed += np.bincount(URGENCY[what_of(owed)], minlength=len(URGENCIES))
        let_go = self._lines[SCHEDULED].drop_late(begins)
        self.record.let_go += let_go
        messages, seconds = self._send(owed, begins)
        if len(messages):
            self._calendar.note(self._follow(messages, seconds))
        if begins >= self.record.since:
            self._note(messages, seconds)
            self.record.note_block(self.waiting, let_go, int((what_of(acts) != AGAIN).sum()))

    def _send(self, owed: np.ndarray, begins: int) -> tuple[np.ndarray, np.ndarray]:
        """What is sent in this block, and in which second each."""
        urgency = URGENCY[what_of(owed)]
        waiting, coming = self.waiting, []
        for each, line in zip(URGENCIES, self._lines, strict=True):
            arriving = owed[urgency == each]
            coming.append(np.bincount(second_of(arriving) - begins, minlength=BLOCK).tolist())
            line.join(arriving)
        shares = share_out(waiting, coming, self._pace.per_second)
        messages = [line.take(sum(share)) for line, share in zip(self._lines, shares, strict=True)]
        self.record.sent += [len(each) for each in messages]
        self.record.busiest_second = max(self.record.busiest_second, *map(sum, zip(*shares, strict=True)))
        seconds = [np.repeat(np.arange(begins, begins + BLOCK), share) for share in shares]
        return np.concatenate(messages), np.concatenate(seconds)

    def _note(self, messages: np.ndarray, seconds: np.ndarray) -> None:
        late = seconds - second_of(messages)
        first = CHOSEN[what_of(messages)]
        self.record.note(messages, late, late[first] + self._shift[person_of(messages[first])])

    # -- what becomes due

    def _owed(self, block: int, acts: np.ndarray) -> np.ndarray:
        """What the planner brings in this block, and what people cause in it."""
        start, end = self._planned_until[block : block + 2]
        pieces = [self._planned[start:end]]
        if len(acts):
            what = what_of(acts)
            pieces.append(turned(acts, REPLY_TO[what], person_of(acts)))
            for act, kinds in OPENS.items():
                pieces += self._opened(act, kinds, acts[what == ACT[act]])
            for act, kind in SHOWS.items():
                those = acts[what == ACT[act]]
                pieces.append(turned(those, NUMBER[kind], person_of(those) ^ 1))
            self._put_off(acts[what == ACT["put_off"]])
        return joined(pieces)

    def _opened(self, act: str, kinds: Sequence[str], acts: np.ndarray) -> list[np.ndarray]:
        """What both of a couple get where the second of them has now done what the first had done."""
        if not len(acts):
            return []
        done, place = self._done[act], person_of(acts) // 2 * MOST_DAYS + day_of(acts)
        np.bitwise_or.at(done, place, (1 << (person_of(acts) & 1)).astype(np.uint8))
        places, last = np.unique(place[::-1], return_index=True)
        opens = done[places] == BOTH
        done[places[opens]] |= OPENED
        second = acts[::-1][last[opens]]
        if not len(second):
            return []
        mine, theirs = person_of(second), person_of(second) ^ 1
        opened = [turned(second, NUMBER[kind], person) for kind in kinds for person in (mine, theirs)]
        return [*opened, turned(second, NUMBER[CHANGES[act]], theirs)] if act in CHANGES else opened

    def _put_off(self, acts: np.ndarray) -> None:
        if len(acts):
            later = second_of(acts) + assumptions.SNOOZED_FOR
            self._calendar.note(pack(later, AGAIN, day_of(acts), person_of(acts)))

    # -- what people do

    def _follow(self, messages: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """What those who got these messages do, and when."""
        acts = self._chosen_acts(messages)
        does = acts != NOTHING
        messages, acts = messages[does], acts[does]
        kinds, person = what_of(messages), person_of(messages)
        takes = np.exp(MEDIAN_LOG[kinds] + SIGMA[kinds] * self._random.standard_normal(len(kinds)))
        takes = np.maximum(np.ceil(takes), assumptions.FASTEST).astype(np.int64)
        at = seconds[does] + takes
        sleeps = self._sleep(at, person) & (takes > HOUR)
        at[sleeps] = self._next_morning(at[sleeps], person[sleeps])
        return pack(at, acts, day_of(messages), person)

    def _chosen_acts(self, messages: np.ndarray) -> np.ndarray:
        kinds = what_of(messages)
        acts = CHANCES[kinds, self._random.integers(PARTS, size=len(kinds))]
        days = self._people.kind_of_day[person_of(messages) // 2, np.minimum(day_of(messages), DATES - 1)]
        only_theirs = (kinds == NUMBER["mine"]) & (days == SOLO_DAY)
        said_aloud = (kinds == NUMBER["question"]) & (days == ALOUD_DAY)
        said_aloud &= self._random.random(len(kinds)) >= assumptions.ALOUD
        acts[only_theirs | said_aloud] = NOTHING
        return acts

    def _begin_drawer(self, number: int) -> None:
        """Besides what was to be done: taps and commands that nothing called for, while people are awake."""
        self._calendar.open_drawer(number)
        awake = (assumptions.NIGHT - assumptions.MORNING) / DAY
        many = self._random.poisson(self._people.count * assumptions.BROWSING * DRAWER / DAY / awake)
        at = number * DRAWER + self._random.integers(DRAWER, size=many)
        person = self._random.integers(self._people.count, size=many)
        up = ~self._sleep(at, person)
        self._calendar.note(pack(at[up], ACT["browse"], np.zeros(up.sum(), dtype=np.int64), person[up]))

    def _sleep(self, at: np.ndarray, person: np.ndarray) -> np.ndarray:
        local = self._local(at, person)
        return (local < assumptions.MORNING) | (local >= assumptions.NIGHT)

    def _next_morning(self, at: np.ndarray, person: np.ndarray) -> np.ndarray:
        until = (assumptions.MORNING - self._local(at, person)) % DAY
        return at + until + self._random.integers(assumptions.LIE_IN, size=len(at))

    def _local(self, at: np.ndarray, person: np.ndarray) -> np.ndarray:
        return (at + self._people.ahead[person]) % DAY
