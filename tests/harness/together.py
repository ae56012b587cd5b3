"""What several processes promise together (G4), seen from the outside: what was asked, what came, and what went wrong.

Each message is answered once; a second time only if the process that wrote it was killed or frozen before it could note
that, or wrote late because it was frozen. In each chat the answers come in the order of the questions, at one pace for
all, and nobody waits for longer than what went wrong explains.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.wire.lease import SECONDS as LEASE_SECONDS
from bot.wire.sender import CLAIM_SECONDS
from bot.wire.shared_pace import GOOD_FOR
from bot.wire.travel import AMBIGUOUS_PAUSE
from storage.deliveries import FEW
from tests.harness.doors import Written
from tests.several import most_within

FROZEN = "frozen"
SPANS = (1.0, 2.0, 5.0)  # seconds, in which the pace is looked at
IN_A_UNIT = 15.0  # seconds after which PostgreSQL takes the rows from whoever was frozen with them
LATE = 0.25  # seconds that a message may be late on its way to Telegram, on a machine that has nothing else to do
SLACK = 20.0  # seconds, where only hours would be wrong


@dataclass(frozen=True, slots=True)
class Asked:
    """A message of a person, which has one answer."""

    chat: int
    message_id: int  # START for the first one
    update_id: int
    at: float  # on the monotonic clock


@dataclass(slots=True)
class Trouble:
    """What befell the process behind a door, from when to when."""

    door: int
    how: str
    at: float
    until: float = float("inf")

    def overlaps(self, first: float, last: float) -> bool:
        """Whether it was going on at any time between these two."""
        return self.at <= last and self.until >= first


@dataclass(frozen=True, slots=True)
class Ended:
    """How the delivery of an answer ended, as the database has it."""

    state: str
    attempts: int


@dataclass(frozen=True)
class Evidence:
    """All that is known of a round; `lag` is by how many seconds the loopback itself was late at most."""

    asked: Sequence[Asked]
    written: Sequence[Written]
    troubles: Sequence[Trouble]
    ended: Mapping[int, Ended]  # by update
    rate: int
    lag: float

    def check(self) -> None:
        """Everything."""
        self._check_ends()
        for chat in {each.chat for each in self.asked}:
            self._check_chat(chat)
        self._check_sleepers()
        self._check_pace()
        self._check_silence()

    @property
    def summary(self) -> str:
        """In figures."""
        again = sum(each.attempts - 1 for each in self.ended.values())
        times = sorted(each.at for each in self.written)
        copies = list(self._copies())
        late = sum(self._overslept(*pair) is not None for pair in copies)
        waits = [each.at - asked.at for asked in self.asked for each in self._answers(asked)[:1]]
        return (
            f"{len(self.ended)} deliveries, {again} attempts lost, {len(copies)} written twice, {late} by sleepers, "
            f"at most {most_within(1.0, times)} in a second of {self.rate}, late by {self.lag:.2f} s, "
            f"waited {max(waits):.0f} s, silent {max(self._silences()):.0f} s"
        )

    # -- each once, and in order

    def _check_ends(self) -> None:
        wanted = {each.update_id for each in self.asked}
        assert self.ended.keys() == wanted, f"lost: {wanted - self.ended.keys()}; odd: {self.ended.keys() - wanted}"
        bad = {update: end for update, end in self.ended.items() if not _is_well(end)}
        assert not bad, f"ended badly: {bad}"
        again = {update: end for update, end in self.ended.items() if end.attempts > 1 + len(self.troubles)}
        assert not again, f"claimed again and again, without reason: {again}"

    def _check_chat(self, chat: int) -> None:
        came = [each for each in self.written if each.chat == chat and each.call.took_effect]
        firsts: list[float] = []
        for asked in sorted((each for each in self.asked if each.chat == chat), key=lambda each: each.update_id):
            end = self.ended[asked.update_id]
            mine = [each for each in came if each.answers == asked.message_id]
            if end.state != "sent":
                continue
            assert mine, f"never answered: {asked}"
            assert len(mine) <= end.attempts, f"written {len(mine)} times in {end.attempts} attempts: {asked}"
            for one, other in pairwise(mine):
                explained = self._is_lost(one, other) or self._woke(one, other) is not None
                assert explained, f"twice without reason: {one} and {other}; {self.troubles}"
            assert not firsts or mine[0].at > max(firsts), f"out of order: {asked}, {mine[0]}"
            if end.attempts == 1:  # what is in doubt is written again a minute later, and does not hold up the others
                firsts.append(mine[0].at)
        known = {each.message_id for each in self.asked if each.chat == chat}
        strange = [each for each in came if each.answers not in known]
        assert not strange, f"nobody asked for {strange}"

    def _is_lost(self, one: Written, other: Written) -> bool:
        """Whoever wrote the first was killed or frozen before it could note that."""
        mine = [each for each in self.troubles if each.door == one.door and each.at <= one.at + CLAIM_SECONDS]
        return any(each.overlaps(one.at, other.at) for each in mine)

    def _woke(self, one: Written, other: Written) -> Trouble | None:
        """The sleep from which whoever wrote the second woke up after the first."""
        mine = [each for each in self.troubles if each.door == other.door and each.how == FROZEN]
        return next((each for each in mine if one.at <= each.until <= other.at), None)

    def _check_sleepers(self) -> None:
        """Whoever wakes up leaves alone what it had claimed, but the few that it was just about to write."""
        late = Counter(id(woke) for one, other in self._copies() if (woke := self._overslept(one, other)) is not None)
        most = 2 + math.ceil(self.rate * GOOD_FOR)
        assert not late or max(late.values()) <= most, f"{max(late.values())} were written after their claim"

    def _overslept(self, one: Written, other: Written) -> Trouble | None:
        """The sleep that alone explains the second: what was lost, anybody may write again, also whoever just woke."""
        return None if self._is_lost(one, other) else self._woke(one, other)

    def _copies(self) -> Iterator[tuple[Written, Written]]:
        came = sorted((each for each in self.written if each.call.took_effect), key=_answered)
        yield from ((one, other) for one, other in pairwise(came) if _answered(one) == _answered(other))

    # -- the pace of all, and the patience of each

    def _check_pace(self) -> None:
        """As many as a span may hold, and what is late by as much as anything here was late."""
        times = sorted(each.at for each in self.written)
        for span in SPANS:
            allowed = self.rate * (span + LATE + 2 * self.lag)
            most = most_within(span, times)
            assert most <= allowed, f"{most} messages in {span} s, at {self.rate} a second; late by {self.lag:.2f} s"

    def _check_silence(self) -> None:
        """While people write, something is always written to somebody; and everybody is answered in the end."""
        longest = max(self._silences(), default=0.0)
        most = LEASE_SECONDS + IN_A_UNIT + 2 * self.lag + SLACK
        assert longest <= most, f"nobody was answered for {longest:.0f} s, although people wrote"
        for asked in self.asked:
            waited = max((each.at - asked.at for each in self._answers(asked)[:1]), default=0.0)
            assert waited <= self.patience, f"waited for {waited:.0f} s, {self.patience:.0f} at most: {asked}"

    @property
    def patience(self) -> float:
        """The longest that an answer may take: all claims that were lost, a doubt, and everybody else's turn."""
        troubles = sum(min(each.until - each.at, CLAIM_SECONDS) + CLAIM_SECONDS for each in self.troubles)
        turns = len(self.asked) / self.rate
        return LEASE_SECONDS + IN_A_UNIT + troubles + AMBIGUOUS_PAUSE.total_seconds() + turns + 2 * self.lag + SLACK

    def _answers(self, asked: Asked) -> list[Written]:
        return [each for each in self.written if (each.chat, each.answers) == (asked.chat, asked.message_id)]

    def _silences(self) -> Iterator[float]:
        first, last = min(each.at for each in self.asked), max(each.at for each in self.asked)
        times = [first, *sorted(each.at for each in self.written if first < each.at < last), last]
        yield from (later - earlier for earlier, later in pairwise(times))


def _answered(written: Written) -> tuple[int, int]:
    return written.chat, written.answers


def _is_well(end: Ended) -> bool:
    """Sent; or given up, after as many attempts as nobody knows the outcome of."""
    return end.state == "sent" or (end.state == "failed" and end.attempts > FEW)
