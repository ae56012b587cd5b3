"""`python -m benchmarks [part …]`: measures all parts, or those that are named."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from traceback import print_exc

from benchmarks import (
    deliveries,
    hour,
    idle,
    memories,
    million,
    pacing,
    planning,
    punctuality,
    starting,
    ticks,
    updates,
)
from benchmarks.figures import Figure, keep, kept, machine, table
from benchmarks.scale import FULL, TINY, Scale
from benchmarks.worlds import BUILD

Part = Callable[[Scale], Awaitable[list[Figure]]]

PARTS: Mapping[str, Part] = {
    "start": starting.measure,
    "idle": idle.measure,
    "deliveries": deliveries.measure,
    "updates": updates.measure,
    "memories": memories.measure,
    "hour": hour.measure,
    "punctuality": punctuality.measure,
    "pacing": pacing.measure,
    "ticks": ticks.measure,
    "million": million.measure,
    "due": planning.on_sqlite,
    "due-postgres": planning.on_postgres,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, keep; 1 if something broke, whatever the figures are."""
    given = _read(arguments)
    if given.show:
        return _show(given.to)
    figures, broken = asyncio.run(_measure(given.parts, TINY if given.tiny else FULL))
    print(f"\n{_in_words(machine())}\n")
    print(table(figures))
    keep(figures, given.to)
    print(f"\nKept in {given.to}.")
    return 1 if broken else 0


def _show(path: Path) -> int:
    figures, machines = kept(path)
    for each in dict.fromkeys(_in_words(of) for of in machines):
        print(each)
    print("\n" + table(figures))
    return 0


def _in_words(of: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in of.items())


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the bot.")
    reader.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all without one")
    reader.add_argument("--tiny", action="store_true", help="only see whether everything runs")
    reader.add_argument("--show", action="store_true", help="measure nothing, print what was kept")
    reader.add_argument("--to", type=Path, help="the JSON file")
    given = reader.parse_args(arguments)
    if unknown := [name for name in given.parts if name not in PARTS]:
        reader.error(f"there is no part {unknown[0]}")
    given.parts = given.parts or list(PARTS)
    given.to = given.to or BUILD / ("bench-tiny.json" if given.tiny else "bench.json")
    return given


async def _measure(parts: Sequence[str], scale: Scale) -> tuple[list[Figure], bool]:
    """All figures of these parts, and whether one of them broke."""
    figures, broken = [], False
    for name in parts:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            figures += await PARTS[name](scale)
        except Exception:  # the other parts can still be measured
            print_exc()
            broken = True
    return figures, broken


if __name__ == "__main__":
    sys.exit(main())
