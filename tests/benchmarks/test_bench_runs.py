"""The benchmarks run, with tiny figures; none of them is looked at for how fast anything is."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, main
from benchmarks.figures import Figure, keep, table


def test_every_part_runs_and_keeps_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "bench.json"
    assert main(["--tiny", "--to", str(kept)]) == 0
    figures = json.loads(kept.read_text())["figures"]
    assert len(figures) >= len(PARTS)
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


def test_figures_of_other_parts_stay_in_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "bench.json"
    keep([Figure("one", 1, "s")], kept)
    keep([Figure("two", 2, "s")], kept)
    keep([Figure("one", 3, "s")], kept)
    values = {figure["name"]: figure["value"] for figure in json.loads(kept.read_text())["figures"]}
    assert values == {"one": 3, "two": 2}
