"""The benchmarks run, with tiny figures; none of them is looked at for how fast anything is."""

import json
import sqlite3
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, main
from benchmarks.figures import Figure, keep, table
from benchmarks.pacing import most_within
from benchmarks.people import Wish
from benchmarks.worlds import settle_folder


@pytest.mark.waits_for_check
@pytest.mark.parametrize("part", PARTS)
def test_every_part_runs_and_keeps_its_figures(part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "bench.json"
    assert main([part, "--tiny", "--to", str(kept)]) == 0
    figures = json.loads(kept.read_text())["figures"]
    assert figures
    printed = capsys.readouterr().out
    for figure in figures:
        assert figure["name"] in printed
        assert figure["machine"]["cores"]


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])


def test_a_target_is_compared_with_the_ratio_where_there_is_a_baseline() -> None:
    slow = Figure("x", 400, "/s", target=5, baseline=100, baseline_name="echo")
    assert slow.ratio == 4
    assert slow.reached is False
    assert Figure("y", 400, "/s", target=300).reached is True
    assert Figure("z", 3, "s", target=2, at_most=True).reached is False
    assert "4.00 ×" in table([slow])
    assert "the dream" in table([Figure("w", 0.1, "s", target=2, dream=0.5, at_most=True)])
    assert "the dream" not in table([Figure("w", 1, "s", target=2, dream=0.5, at_most=True)])


def test_figures_of_other_parts_stay_in_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "bench.json"
    keep([Figure("one", 1, "s")], kept)
    keep([Figure("two", 2, "s")], kept)
    keep([Figure("one", 3, "s")], kept)
    values = {figure["name"]: figure["value"] for figure in json.loads(kept.read_text())["figures"]}
    assert values == {"one": 3, "two": 2}


def test_what_is_kept_can_be_shown_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "bench.json"
    keep([Figure("slow", 400, "/s", target=5, baseline=100, baseline_name="echo", note="why")], kept)
    assert main(["--show", "--to", str(kept)]) == 0
    printed = capsys.readouterr().out
    assert "4.00 ×" in printed
    assert "slow: why" in printed


def test_people_are_the_same_for_the_same_seed_and_fit_the_schema(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "two"):
        settle_folder(Wish(12), tmp_path / name)
        with sqlite3.connect(tmp_path / name / "side-by-side.db") as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            seen.append(database.execute("SELECT id, zone, daily_minute FROM person ORDER BY id").fetchall())
            assert database.execute("SELECT count(*) FROM person WHERE length(name_sealed) > 28").fetchone() == (12,)
    assert seen[0] == seen[1]
    assert _keys(tmp_path / "one" / "keys.db") == _keys(tmp_path / "one" / "keys.backup.db")


def _keys(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as store:
        found = store.execute("SELECT * FROM data_key ORDER BY owner").fetchall()
    assert len(found) == 12 + 2  # the bot's own
    return found


def test_the_fullest_second_is_any_second() -> None:
    assert most_within([0.0, 0.9, 1.0, 1.1, 1.89], 1.0) == 4
    assert most_within([0.0, 1.0, 2.0], 1.0) == 1
