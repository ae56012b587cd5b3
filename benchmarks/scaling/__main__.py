"""`python -m benchmarks.scaling --couples 1000000 --seed 7`: lives through weeks and tells how long messages waited."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scaling import results
from benchmarks.scaling.packed import second_of
from benchmarks.scaling.people import BEGINS, planned, settle
from benchmarks.scaling.plot import draw
from benchmarks.scaling.results import Outcome
from benchmarks.scaling.week import Pace, Week

BUILD = Path(__file__).parents[2] / "build"


def main(arguments: Sequence[str] | None = None) -> int:
    """Live, print, keep, draw."""
    given = _read(arguments)
    weeks = list(_weeks(given))
    results.keep(weeks, given.to, seed=given.seed, zone=given.zone, begins=BEGINS.isoformat())
    print(results.tables(weeks))
    given.plot.parent.mkdir(parents=True, exist_ok=True)
    given.plot.write_bytes(draw(weeks))
    print(f"\nKept in {given.to} and {given.plot}.")
    return 0


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description="A week of many couples.")
    reader.add_argument("--couples", type=int, nargs="+", default=[1_000_000], help="one number or several")
    reader.add_argument("--seed", type=int, default=7)
    reader.add_argument("--paces", type=int, nargs="+", default=[30, 1000], help="messages a second")
    reader.add_argument("--spreads", type=int, nargs="+", default=[5, 15, 30], help="minutes, for the most couples")
    reader.add_argument("--zone", help="let everybody live in one time zone")
    reader.add_argument("--to", type=Path, default=BUILD / "scaling.json", help="the JSON file")
    reader.add_argument("--plot", type=Path, default=BUILD / "scaling.png", help="the picture")
    return reader.parse_args(arguments)


def _weeks(given: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """All numbers of couples at all paces as people chose; the largest also spread over minutes."""
    for couples in sorted(given.couples):
        people = settle(couples, given.seed, zone=given.zone)
        for spread in [0, *(given.spreads if couples == max(given.couples) else [])]:
            comes = planned(people, spread=spread)
            most_due = int(np.bincount(second_of(comes)).max())
            for pace in given.paces:
                print(f"{couples:,} couples, {pace:,} a second, {spread} min …", file=sys.stderr, flush=True)
                record = Week(people, comes, Pace(pace, spread), given.seed).live()
                yield Outcome(couples, Pace(pace, spread), record, most_due).plain()


if __name__ == "__main__":
    sys.exit(main())
