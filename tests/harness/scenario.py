"""What happens in a run, drawn by Hypothesis: who does what, how much time passes, and when the process dies."""

import json
from dataclasses import asdict, dataclass

from hypothesis import strategies as st

from bot.wire.points import NAMES

PEOPLE = ("Ann", "Ben", "Cleo", "Dan", "Eve")  # two couples, and somebody who is new
COUPLED = 4
DECISIONS = ("Share", "Share", "Share", "Keep for me", "Edit", "Take back")
WISHES = (
    "Open",
    "I hear you",
    "Thank you",
    "Take back",
    "Share",
    "Edit",
    "That stung",
    "Write it down just for you",
    "Kept for me",
    "My notes",
    "Remove",
    "Remove for good",
    "Replace my answer",
    "Add to my answer",
    "Leave it",
    "Play",
    "Take mine back",
    "Another question",
    "Back",
    "Until I say so",
    "End the pause",
    "Look again",
    "Leave quietly",
    "Delete everything",
)
OF_WEEK = (  # of the weekly conversation, its agreements, the pulse and the summary
    "Yes",
    "Pass over",
    "Request",
    "Hope",
    "Nothing now",
    "I'm finished",
    "Agree",
    "Counter",
    "Take my thanks back",
    "Close the week",
    "Limit",
    "Decide together",
    "Add another",
    "I'd like that too",
    "I've read this",
    "I see it differently",
    "1",
    "Talk about a change",
    "End it now",
    "End it",
    "Renew",
    "My pulse",
    "3",
    "Turn it on",
    "My week so far",
    "Look",
    "Add my pulse",
    "Approve",
    "Withdraw this page",
    "Skip this week",
)
WEEKLY = ("/weekly", "/pulse", "/summary", "/agreements")
COMMANDS = (
    "/today",
    "/nosuch",
    "/help",
    "/settings",
    "/time 21:15",
    "/week Sunday 17:00",
    "/start",
    "/cancel",
    "/privacy",
    "/invite",
    "/time",
    "/unlink",
    *WEEKLY,
    "/pause",
    "/export",
    "/safety",
    "/memories",
    "/memories",
    "/delete",
)
KINDS = ("week", "week", "week", "say", "wish", "tap", "command", "old", "alien", "speak", "sticker", "edit")


@dataclass(frozen=True)
class Move:
    """One act of one person; `which` chooses among what is possible at that moment."""

    who: int
    kind: str
    which: int = 0


@dataclass(frozen=True)
class Trouble:
    """How the process ends during a burst.

    "kill" after so many milliseconds of work; "point" at each of `fate` in turn; "dead" while people act, and again so
    many milliseconds after its start; "stop" is a clean end while people act; "calm" is no end at all.
    """

    kind: str
    milliseconds: int = 0
    fate: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Burst:
    """What people do without waiting, and the trouble meanwhile."""

    trouble: Trouble
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Day:
    """A day's question is asked, answered and decided upon; then people do what they like."""

    answers: Burst
    decisions: Burst
    after: Burst


@dataclass(frozen=True)
class Scenario:
    """All that is chosen in a run."""

    days: tuple[Day, ...]
    doubt: int  # seed of the ambiguous failures; 0 for none
    further: bool = False  # the couples begin in the middle of a weekly conversation (`tests/harness/further.py`)

    def to_json(self) -> str:
        """In full, for `python -m tests.harness replay`."""
        return json.dumps(asdict(self))


def from_json(text: str) -> Scenario:
    """What `to_json` gave."""
    raw = json.loads(text)
    return Scenario(
        tuple(Day(**{name: _burst(burst) for name, burst in day.items()}) for day in raw["days"]),
        raw["doubt"],
        raw.get("further", False),
    )


def _burst(raw: dict) -> Burst:
    trouble = raw["trouble"]
    fate = tuple((point, countdown) for point, countdown in trouble["fate"])
    return Burst(Trouble(trouble["kind"], trouble["milliseconds"], fate), tuple(Move(**move) for move in raw["moves"]))


def scenarios(*, days: int = 3, most_moves: int = 40) -> st.SearchStrategy[Scenario]:
    """Runs over so many days; each burst of each day ends the process at least once, but for a few."""
    return st.builds(
        Scenario,
        days=st.lists(_days(most_moves), min_size=days, max_size=days).map(tuple),
        doubt=st.integers(0, 2**16),
        further=st.booleans(),
    )


def _days(most_moves: int) -> st.SearchStrategy[Day]:
    return st.builds(
        Day,
        answers=_bursts(_by_everybody(st.sampled_from(("say", "say", "say", "speak", "pick", "nothing")))),
        decisions=_bursts(_by_everybody(st.sampled_from(("decide", "decide", "decide", "say", "old", "nothing")))),
        after=_bursts(st.lists(_moves(), min_size=10, max_size=most_moves)),
    )


def _bursts(moves: st.SearchStrategy[list[Move]]) -> st.SearchStrategy[Burst]:
    return st.builds(Burst, trouble=_troubles(), moves=moves.map(tuple))


def _by_everybody(kinds: st.SearchStrategy[str]) -> st.SearchStrategy[list[Move]]:
    """A move by each of the couples' people, in any order, and a few more."""
    orders = st.permutations(range(COUPLED))
    each = st.lists(st.tuples(kinds, _numbers()), min_size=COUPLED, max_size=COUPLED)
    moves = st.builds(
        lambda order, kinds: [Move(who, kind, which) for who, (kind, which) in zip(order, kinds, strict=True)],
        orders,
        each,
    )
    return st.builds(lambda first, more: first + more, moves, st.lists(_moves(), max_size=4))


def _moves() -> st.SearchStrategy[Move]:
    return st.builds(Move, who=st.integers(0, len(PEOPLE) - 1), kind=st.sampled_from(KINDS), which=_numbers())


def _numbers() -> st.SearchStrategy[int]:
    return st.integers(0, 1000)


def _troubles() -> st.SearchStrategy[Trouble]:
    fates = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 8)), min_size=1, max_size=2).map(tuple)
    moments = st.integers(0, 150)
    return st.one_of(
        st.builds(Trouble, st.just("point"), fate=fates),
        st.builds(Trouble, st.just("kill"), milliseconds=moments),
        st.builds(Trouble, st.just("point"), fate=fates),
        st.builds(Trouble, st.just("dead"), milliseconds=moments),
        st.builds(Trouble, st.sampled_from(("stop", "calm"))),
    )
