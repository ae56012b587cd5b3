"""The record of a soak, as Markdown; written anew after each round, so that it is there whatever ends it."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.harness.proofs import NO_DATABASE, ROOT
from tests.harness.soak import HELD, Tried

UNKNOWN = "unknown"


class Diary:
    """What one soak tried, with which seeds, and what came of it."""

    def __init__(self, tried: Sequence[Tried], seed: int, file: Path) -> None:
        self._tried, self._seed, self._file = tried, seed, file
        self._begun, self._started = datetime.now(UTC), time.monotonic()
        self._commit = _commit()

    @property
    def summary(self) -> str:
        """In a sentence, which claims no more than was tried."""
        if broken := [each.proof.name for each in self._tried if each.broken]:
            return f"BROKEN: {', '.join(broken)}."
        held = sum(each.outcome == HELD for each in self._tried)
        return f"Nothing broke; {held} of {len(self._tried)} figures were reached."

    def write(self, *, ended: bool = False) -> None:
        """Put it down as it stands now."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text("\n".join(self._lines(ended)) + "\n", encoding="utf-8")

    def _lines(self, ended: bool) -> Iterator[str]:
        kills, updates = (sum(each.reached[what] for each in self._tried) for what in ("kills", "updates"))
        minutes = (time.monotonic() - self._started) / 60
        yield from self._facts(minutes, ended)
        yield f"- Kills: {kills:,}; updates: {updates:,}"
        yield f"- Result: {self.summary}"
        yield ""
        yield "| Promise | Proof | Database | Reached | Rounds, seeds | Kills | Updates | Minutes | Result |"
        yield "|---|---|---|---|---|---|---|---|---|"
        yield from map(_row, self._tried)
        broken = [each for each in self._tried if each.broken]
        for each in broken:
            yield f"\n`{each.again}`\n\n```\n{each.broken.rstrip()}\n```"

    def _facts(self, minutes: float, ended: bool) -> Iterator[str]:
        yield f"- Date: {self._begun:%Y-%m-%d %H:%M} UTC, {minutes:.0f} minutes{'' if ended else '; not ended yet'}"
        yield f"- Commit: {self._commit}"
        yield f"- Command: `python -m tests.harness {' '.join(sys.argv[1:])}`"
        yield f"- Seed: {self._seed}"
        yield f"- Python {platform.python_version()}, {os.cpu_count()} cores"


def _row(each: Tried) -> str:
    seeds = f"{len(each.seeds)}: {each.seeds[0]}–{each.seeds[-1]}" if each.seeds else "none"
    cells = (
        " ".join(each.proof.promises),
        each.proof.name,
        "none needed" if each.kind in NO_DATABASE else each.kind,
        f"{each.count:,} of {each.large:,} {each.proof.unit}",
        seeds,
        f"{each.reached['kills']:,}",
        f"{each.reached['updates']:,}",
        f"{each.seconds / 60:.1f}",
        each.outcome,
    )
    return f"| {' | '.join(cells)} |"


def _commit() -> str:
    """Of the checkout, and whether anything in it is changed."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return f"{head} with changes" if _git("status", "--porcelain") else head
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
