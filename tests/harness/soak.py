"""A soak: rounds of every proof in turn, until their large figures are reached or the time is up."""

import shutil
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.proofs import NO_DATABASE, Proof, Round
from tests.harness.runs import Runs

HELD = "held"


@dataclass
class Tried:
    """A proof on one database, and what became of it."""

    proof: Proof
    kind: str
    large: int  # the figure that is wanted
    most_rounds: int = 0  # 0: as many as it takes
    seeds: list[int] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    broken: str = ""  # how it failed, in full

    @property
    def count(self) -> int:
        """How much of its figure is reached."""
        return self.reached[self.proof.unit]

    @property
    def is_open(self) -> bool:
        """Whether there is more to do."""
        enough = self.count >= self.large or (0 < self.most_rounds <= len(self.seeds))
        return not enough and not self.broken

    @property
    def outcome(self) -> str:
        """In a word or two."""
        if self.broken:
            return "BROKEN"
        return HELD if self.count >= self.large else "held so far" if self.seeds else "not begun"

    @property
    def again(self) -> str:
        """The command that plays the last round again."""
        database = "" if self.kind in NO_DATABASE else f" --database {self.kind}"
        return f"python -m tests.harness soak --only {self.proof.name}{database} --seed {self.seeds[-1]} --rounds 1"


@dataclass
class Soak:
    """All that is tried; `noted` is told after each round."""

    tried: Sequence[Tried]
    runs: Mapping[str, Runs]  # for each kind of database, and one for what needs none
    folder: Path
    seed: int
    until: float  # by the monotonic clock
    noted: Callable[[], None]

    def run(self) -> bool:
        """Go on until all is done or the time is up; tells whether every promise held."""
        while (found := self._next()) is not None and time.monotonic() < self.until:
            self._round(found)
            self.noted()
        return not any(each.broken for each in self.tried)

    def _next(self) -> Tried | None:
        """Of what is open, that which has had the least of its time."""
        return min(
            filter(lambda each: each.is_open, self.tried),
            key=lambda each: each.seconds / each.proof.share,
            default=None,
        )

    def _round(self, tried: Tried) -> None:
        seed = self.seed + len(tried.seeds)
        tried.seeds.append(seed)
        folder = self.folder / f"{tried.proof.name}-{tried.kind}-{seed}"
        folder.mkdir(parents=True)
        started = time.monotonic()
        try:
            found = tried.proof.play(Round(self.runs[tried.kind], tried.kind, seed, folder))
        except Exception as error:  # the others go on; it is told, and the soak has failed
            tried.broken = "".join(traceback.format_exception(error))
        else:
            tried.reached += found
            shutil.rmtree(folder, ignore_errors=True)
        tried.seconds += time.monotonic() - started
        print("\n".join(_told(tried, seed)), flush=True)


def to_try(proofs: Sequence[Proof], kinds: Sequence[str], *, large: Callable[[Proof], int], rounds: int) -> list[Tried]:
    """Each proof on each database that it is for."""
    return [
        Tried(proof, kind, large(proof), rounds)
        for proof in proofs
        for kind in proof.databases
        if kind in kinds or kind in NO_DATABASE
    ]


def _told(tried: Tried, seed: int) -> Iterator[str]:
    where = "" if tried.kind in NO_DATABASE else f" on {tried.kind}"
    figure = f"{tried.count:,} of {tried.large:,} {tried.proof.unit}"
    yield f"{', '.join(tried.proof.promises)} {tried.proof.name}{where}, seed {seed}: {figure}, {tried.seconds:.0f} s"
    if tried.broken:
        yield tried.broken
        yield f"BROKEN; again: {tried.again}"
