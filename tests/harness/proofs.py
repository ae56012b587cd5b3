"""What a soak tries: each promise of the table with its large figure, in rounds that a seed draws again."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

from bot.practice.rules import zone_names
from tests.figures import REACHED, SEED, TIMES
from tests.harness.outages import through_outages
from tests.harness.places import DATABASES, POSTGRESQL
from tests.harness.runs import LARGE, TURNS, Figures, Runs
from tests.harness.several import Plan, through_troubles
from tests.harness.stories import Line
from tests.practice.test_times import check_every_transition

ROOT = Path(__file__).parents[2]
NO_DATABASE = ("-",)
ONCE = 1
AT_A_TIME = 8  # zones
OUTAGES = 6  # in one life of a couple
SAFE = "tests/safety/"


@dataclass(frozen=True)
class Round:
    """One round of a proof: where, with which seed, and what plays it."""

    runs: Runs
    kind: str  # of database; "-" if there is none
    seed: int
    folder: Path


Play: TypeAlias = Callable[[Round], Counter[str]]


@dataclass(frozen=True)
class Proof:
    """How a promise is tried on a large scale."""

    name: str
    promises: tuple[str, ...]
    unit: str  # what is counted towards the figure
    large: int
    play: Play
    databases: Sequence[str] = DATABASES
    share: int = 1  # of the time, beside the others

    def is_wanted(self, only: Sequence[str]) -> bool:
        """Whether it is among the promises and names that were asked for."""
        return not only or self.name in only or bool({*self.promises} & {*only})


def killed(play: Callable[[Round], object]) -> Play:
    """A run of the harness: real processes that are killed."""

    def of(round_: Round) -> Counter[str]:
        runs = round_.runs
        before = runs.kills, runs.updates
        play(round_)
        return Counter(kills=runs.kills - before[0], updates=runs.updates - before[1])

    return of


@dataclass(frozen=True)
class ByTests:
    """Tests in a process of their own, on the round's database, so many times as large as in `make test`."""

    files: tuple[str, ...]
    times: int
    only: str  # which of them, as pytest's -k says it; "" is all

    def __call__(self, round_: Round) -> Counter[str]:
        reached = round_.folder / "reached"
        own = {SEED: str(round_.seed), TIMES: str(self.times), REACHED: str(reached)}
        chosen = " and ".join(filter(None, ("" if round_.kind in NO_DATABASE else round_.kind, self.only)))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        command += [f"--basetemp={round_.folder / 'pytest'}", f"--hypothesis-seed={round_.seed}", *self.files]
        command += ["-k", chosen] if chosen else []
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(self.files)}:\n{done.stdout[-6000:]}{done.stderr[-1000:]}"
        found = Counter({"runs": 1})
        for line in reached.read_text(encoding="utf-8").splitlines() if reached.exists() else ():
            what, number = line.split()
            found[what] += int(number)
        return found


def by_tests(*files: str, times: int = 1, only: str = "") -> Play:
    """These tests."""
    return ByTests(files, times, only)


def some_zones(round_: Round) -> Counter[str]:
    """A few zones with all that their clocks ever do; as many rounds as there are parts take all of them."""
    zones = sorted(zone_names())
    parts = -(-len(zones) // AT_A_TIME)
    own = zones[round_.seed % parts :: parts]
    return Counter(zones=len(own), checks=check_every_transition(own))


class Turns:
    """The full path, killed in each step, ends as it ends when nothing goes wrong; a turn in each round."""

    def __init__(self) -> None:
        self._calm: dict[str, dict[str, list[Line]]] = {}

    def __call__(self, round_: Round) -> None:
        if round_.kind not in self._calm:
            alone = Runs(round_.kind, round_.runs.grounds, round_.runs.nursery)
            self._calm[round_.kind] = alone.along_the_path(None)
        turn = round_.seed % TURNS
        assert round_.runs.along_the_path(turn) == self._calm[round_.kind], f"in turn {turn} it ended differently"


def random_lives(round_: Round) -> None:
    """Two couples and a stranger do what they like, and the process dies at any moment and point."""
    round_.runs.at_random(Figures(1, LARGE.days, LARGE.most_moves), number=round_.seed)


def several(round_: Round) -> Counter[str]:
    """Two to four processes on one database, of which some are killed, or frozen and woken."""
    assert round_.runs.nursery is not None
    random = Random(round_.seed)
    return through_troubles(round_.runs.grounds, round_.runs.nursery, Plan.draw(random), random)


MACHINES = ("tests/practice/test_daily_machine.py", "tests/practice/test_conversations_machine.py")
PROOFS: Sequence[Proof] = (
    Proof("random", ("G1", "G2", "G3"), "kills", 2_000, killed(random_lives), share=6),
    Proof("backlogs", ("G1",), "updates", 50_000, killed(lambda each: each.runs.through_backlogs()), share=4),
    Proof(
        "webhooks",
        ("G1",),
        "updates",
        10_000,
        killed(lambda each: each.runs.through_webhooks(random=Random(each.seed))),
        share=2,
    ),
    Proof("path", ("G1", "G2", "G3"), "kills", 500, killed(Turns()), share=2),
    Proof("reveals", ("G2", "G3"), "kills", 200, killed(lambda each: each.runs.through_reveals()), share=2),
    Proof("weeks", ("G2", "G3"), "kills", 100, killed(lambda each: each.runs.through_weeks())),
    Proof("machines", ("G3",), "steps", 1_000_000, by_tests(*MACHINES, times=4), share=4),
    Proof("claims", ("G4",), "runs", ONCE, by_tests("tests/storage/test_claiming.py")),
    Proof("several", ("G4",), "deliveries", 10_000, several, (POSTGRESQL,), share=2),
    Proof("zones", ("G5",), "zones", len(zone_names()), some_zones, NO_DATABASE, share=2),
    Proof(
        "outages",
        ("G6",),
        "kills",
        500,
        killed(lambda each: through_outages(each.runs, Random(each.seed), outages=OUTAGES)),
    ),
    Proof(
        "strangers",
        ("G7",),
        "runs",
        ONCE,
        by_tests(
            *(
                f"{SAFE}test_s24_{each}.py"
                for each in ("every_button_checks_who_presses", "invites_and_couples", "summaries")
            ),
        ),
    ),
    Proof("leaks", ("G8", "G9"), "runs", ONCE, by_tests("tests/test_leaks.py")),
    Proof("markup", ("G10",), "texts", 1_000_000, by_tests("tests/messages/test_markup.py", times=40), NO_DATABASE),
    Proof(
        "races",
        ("G11", "G3"),
        "races",
        10_000,
        by_tests(
            "tests/practice/test_pairing.py",
            f"{SAFE}test_s11_both_or_neither.py",
            times=5,
            only="(concurrent or at_once or same_moment)",
        ),
    ),
    Proof("erasing", ("G12",), "kills", 300, by_tests("tests/test_erasing_kills.py")),
    Proof("rotations", ("G13",), "kills", 300, by_tests("tests/test_rotation.py", times=3, only="killed"), NO_DATABASE),
    Proof("migrations", ("G13",), "kills", 300, by_tests("tests/storage/test_migration_kills.py", times=10)),
    Proof("backups", ("G14",), "kills", 300, by_tests("tests/test_backups.py", times=10, only="(killed or instant)")),
    Proof("blocked", ("G15",), "runs", ONCE, by_tests("tests/wire/test_sender.py", only="block")),
    Proof("fuzz", ("G16",), "updates", 1_000_000, by_tests("tests/wire/test_fuzz.py", times=4)),
    Proof("flood", ("G17",), "updates", 10_000, by_tests("tests/wire/test_flood.py", times=25, only="others")),
)
