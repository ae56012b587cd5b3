"""`python -m benchmarks.scaling --couples 1000000 --seed 7`: lives through weeks and tells how long messages waited."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

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
    weeks = _weeks(given)
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
    reader.add_argument("--spreads", type=int, nargs="*", default=[5, 15, 30], help="minutes, for what a pace bears")
    reader.add_argument("--zone", help="let everybody live in one time zone")
    reader.add_argument("--to", type=Path, default=BUILD / "scaling.json", help="the JSON file")
    reader.add_argument("--plot", type=Path, default=BUILD / "scaling.png", help="the picture")
    return reader.parse_args(arguments)


def _weeks(given: argparse.Namespace) -> list[results.Plain]:
    """All numbers of couples at all paces as people chose; what a pace bears at most also spread over minutes."""
    paces = [Pace(per_second) for per_second in sorted(given.paces)]
    weeks = [week for couples in sorted(given.couples) for week in _lived(given, couples, paces)]
    for pace in paces:
        most = results.bearable(weeks, pace.per_second)[-1]["couples"]
        weeks += _lived(given, most, [replace(pace, spread=minutes) for minutes in given.spreads])
    return weeks


def _lived(given: argparse.Namespace, couples: int, paces: Sequence[Pace]) -> Iterator[results.Plain]:
    people = settle(couples, given.seed, zone=given.zone)
    for spread, alike in groupby(paces, key=lambda pace: pace.spread):
        comes = planned(people, spread=spread)
        most_due = int(np.bincount(second_of(comes)).max())
        for pace in alike:
            print(f"{couples:,} couples, {pace.per_second:,} a second, {spread} min …", file=sys.stderr, flush=True)
            record = Week(people, comes, pace, given.seed).live()
            yield Outcome(couples, pace, record, most_due).plain()


if __name__ == "__main__":
    sys.exit(main())
