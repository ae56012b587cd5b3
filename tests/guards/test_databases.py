"""`make test` runs every test but the few that wait, and each promise's; `make check` leaves out nothing."""

import json
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import DATABASES
from tests.harness.proofs import PROOFS, ByTests
from tests.harness.runs import TURNS

ROOT = Path(__file__).parents[2]
WITHIN = 600.0  # seconds, on a machine that has other things to do
WAITING = (
    "tests/guards/test_checks_bite.py",
    "tests/guards/test_databases.py",
    "tests/benchmarks/test_bench_runs.py",
    "tests/browser/test_screens.py",
    "tests/browser/test_two_people.py",
    "tests/faults/test_clock_jumps.py::test_a_jump_there_and_back",
    "tests/guards/test_setting_up.py::test_a_set_up_that_was_broken_off",
    "tests/playground/test_passing.py",
    "tests/playground/test_tour.py",
    "tests/test_outside_client.py::test_the_whole_path",
    "tests/test_several_processes.py::test_some_die_and_freeze_and_every_message_is_answered_in_order[webhook]",
    "tests/test_two_at_once.py",
)
PATH = "tests/test_kills.py::test_the_full_path_ends_the_same_though_it_dies_in_every_step"
LATER = tuple(f"{PATH}[{turn}-" for turn in range(1, TURNS))  # killed elsewhere
AT_RANDOM = "tests/test_kills.py::test_whatever_people_do_and_whenever_it_dies_every_promise_holds"
LEAST = 0.15  # of what a folder leaves to chance, on each database
FEW = 8  # with so few, chance has no chance


@dataclass(frozen=True)
class Collected:
    """What one command runs, and what it leaves out."""

    runs: Sequence[str]
    left_out: Sequence[str]


def pytest_words(target: str) -> list[str]:
    """What the Makefile tells pytest for a target, but for how the work is shared and how much is covered."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition(f"\n{target}: ")[2].partition("\n\n")[0]
    (line,) = [line for line in recipe.splitlines() if " -m pytest " in line]
    words = shlex.split(line.partition(" -m pytest ")[2])
    dealt = {"-n", "--dist"}
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not {before, word} & dealt and not word.startswith("--cov")
    ]


def collected(target: str, folder: Path) -> Collected:
    found = folder / f"{target}.json"
    command = [sys.executable, "-m", "tests.guards.collecting", str(found), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *pytest_words(target)], cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Collected(**json.loads(found.read_text(encoding="utf-8")))


def kind(node: str) -> str:
    """The database in a test's name."""
    return next(each for each in DATABASES if each in node.partition("[")[2])


def twin(node: str) -> str:
    """The same test on the other database."""
    name, _, parameters = node.partition("[")
    return f"{name}[{parameters.replace(kind(node), DATABASES[kind(node) == DATABASES[0]], 1)}"


def by_folder(nodes: Sequence[str]) -> dict[str, Counter[str]]:
    """How many tests of each folder are for each database."""
    found: dict[str, Counter[str]] = {}
    for node in nodes:
        found.setdefault(node.split("/")[1], Counter())[kind(node)] += 1
    return found


def is_meant(proof: ByTests, node: str) -> bool:
    """Whether a test is among those of a proof."""
    name = node.partition("::")[2]
    words = proof.only.strip("()").split(" or ") if proof.only else [""]
    return node.partition("::")[0] in proof.files and any(word in name for word in words)


@pytest.mark.waits_for_check
def test_each_test_runs_promises_on_both_databases_and_make_check_leaves_nothing_out(tmp_path: Path) -> None:
    quick, whole = collected("test", tmp_path), collected("check", tmp_path)
    assert whole.left_out == []
    assert sorted([*quick.runs, *quick.left_out]) == sorted(whole.runs)
    waiting = {node for node in quick.left_out if node.startswith((*WAITING, *LATER))}
    halved = [node for node in quick.left_out if node not in waiting]
    assert len(halved) > 100, "make test chooses no more"

    runs = set(quick.runs)
    assert [node for node in halved if twin(node) not in runs] == []
    for folder, counts in by_folder([twin(node) for node in halved]).items():
        few = sum(counts.values()) < FEW
        assert few or min(counts[each] for each in DATABASES) >= LEAST * sum(counts.values()), (folder, counts)

    proofs = [each.play for each in PROOFS if isinstance(each.play, ByTests)]
    assert [node for node in waiting if any(is_meant(proof, node) for proof in proofs)] == []
    assert [node for node in quick.left_out if node.startswith("tests/storage/")] == []
    assert {kind(node) for node in quick.runs if node.startswith(AT_RANDOM)} == set(DATABASES)
    assert len([node for node in quick.runs if node.startswith(PATH)]) == 1


def test_what_is_checked_before_a_change_lands_is_make_check() -> None:
    assert "make check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
