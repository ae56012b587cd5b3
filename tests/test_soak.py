"""The soak itself: it goes on until its figures are reached, tells what broke and how to see it again."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.harness.diary import Diary
from tests.harness.places import SQLITE, Grounds
from tests.harness.proofs import NO_DATABASE, PROOFS, ROOT, Proof, Round
from tests.harness.runs import Figures, Runs
from tests.harness.scenario import Scenario
from tests.harness.soak import Soak, Tried, to_try

SEED = 40


def kills(_: Round) -> Counter[str]:
    return Counter(kills=3)


def breaks_at_41(round_: Round) -> Counter[str]:
    assert round_.seed != SEED + 1, "a message was lost"
    return Counter(kills=3)


def soak(tmp_path: Path, tried: Sequence[Tried], *, seconds: float = 60.0) -> tuple[bool, str]:
    """Run it; tells whether all held, and the record."""
    runs = {kind: Runs(SQLITE, Grounds(tmp_path), None) for kind in (SQLITE, *NO_DATABASE)}
    diary = Diary(tried, SEED, tmp_path / "record.md")
    held = Soak(tried, runs, tmp_path / "soak", SEED, time.monotonic() + seconds, diary.write).run()
    diary.write(ended=True)
    return held, (tmp_path / "record.md").read_text(encoding="utf-8")


def proof(name: str, play: object, *, large: int = 8) -> Proof:
    return Proof(name, ("G1",), "kills", large, play, (SQLITE,))  # type: ignore[arg-type]


def tries(*proofs: Proof) -> list[Tried]:
    return to_try(proofs, [SQLITE], large=lambda each: each.large, rounds=0)


def test_it_goes_on_until_the_figure_is_reached(tmp_path: Path) -> None:
    tried = tries(proof("one", kills), proof("two", kills, large=1))
    held, record = soak(tmp_path, tried)
    assert held
    assert [each.seeds for each in tried] == [[40, 41, 42], [40]]
    assert "| G1 | one | sqlite | 9 of 8 kills | 3: 40–42 | 9 | 0 |" in record
    assert "| held |" in record
    assert "- Seed: 40" in record


def test_what_broke_can_be_played_again_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = tries(proof("one", breaks_at_41), proof("two", kills))
    held, record = soak(tmp_path, tried)
    again = "python -m tests.harness soak --only one --database sqlite --seed 41 --rounds 1"
    assert not held
    assert "- Result: BROKEN: one." in record
    assert tried[1].outcome == "held"
    assert f"BROKEN; again: {again}" in capsys.readouterr().out
    for told in (again, "| BROKEN |", "a message was lost"):
        assert told in record


def test_when_the_time_is_up_the_record_does_not_claim_more(tmp_path: Path) -> None:
    tried = tries(proof("one", kills))
    held, record = soak(tmp_path, tried, seconds=0)
    assert held
    assert "- Result: Nothing broke; 0 of 1 figures were reached." in record
    assert "| 0 of 8 kills | none |" in record
    assert "| not begun |" in record


def test_every_promise_is_tried() -> None:
    tried = {promise for each in PROOFS for promise in each.promises}
    assert tried == {f"G{number}" for number in range(1, 18)}
    assert len({each.name for each in PROOFS}) == len(PROOFS)


@pytest.mark.parametrize(("only", "names"), [((), 22), (("G13",), 2), (("zones", "G16"), 2), (("nothing",), 0)])
def test_promises_are_chosen_by_number_or_name(only: tuple[str, ...], names: int) -> None:
    assert sum(each.is_wanted(only) for each in PROOFS) == names


def test_the_page_about_it_names_every_proof() -> None:
    page = (ROOT / "docs" / "soak.md").read_text(encoding="utf-8")
    assert [each.name for each in PROOFS if f"`{each.name}`" not in page] == []


class Drawn(Runs):
    """Runs that note what they were to play."""

    def once(self, scenario: Scenario) -> None:
        self.scenarios.append(scenario)

    scenarios: list[Scenario]


def drawn(seed: int) -> Scenario:
    runs = Drawn(SQLITE, Grounds(Path()), None)
    runs.scenarios = []
    runs.at_random(Figures(1, 2, 20), number=seed)
    (scenario,) = runs.scenarios
    return scenario


def test_each_seed_draws_another_life_and_always_the_same_one() -> None:
    lives = [drawn(seed) for seed in range(6)]
    assert len({each.to_json() for each in lives}) == 6
    assert drawn(3) == lives[3]
    assert {each.further for each in lives} == {True, False}
