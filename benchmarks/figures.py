"""What came out: figures with what they are compared to, as a table and as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

COLUMNS = ("Figure", "Measured", "Baseline", "Ratio", "Reach", "Dream", "Reached")


@dataclass(frozen=True)
class Figure:
    """One figure. `target` and `dream` are compared with the ratio if there is a baseline, else with the value."""

    name: str
    value: float
    unit: str
    target: float | None = None
    dream: float | None = None
    at_most: bool = False  # both are upper bounds
    baseline: float | None = None
    baseline_name: str = ""
    runs: Sequence[float] = ()
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one."""
        return self._passes(self.target)

    @property
    def dreamt(self) -> bool | None:
        """Whether the dream is."""
        return self._passes(self.dream)

    def _passes(self, bound: float | None) -> bool | None:
        if bound is None:
            return None
        compared = self.value if self.ratio is None else self.ratio
        return compared <= bound if self.at_most else compared >= bound


def median_run(values: Sequence[float]) -> float:
    """The middle one, the lower of two."""
    return sorted(values)[(len(values) - 1) // 2]


def machine() -> Mapping[str, str]:
    """Where and when it was measured."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",  # what runs beside it, mostly: figures of a busy machine mean little
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("python-telegram-bot", "aiogram", "aiohttp", "sqlalchemy", "sqlmodel")},
    }


def table(figures: Sequence[Figure]) -> str:
    """All figures, in Markdown that is also readable as it is."""
    rows = [COLUMNS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"- {figure.name}: {figure.note}" for figure in figures if figure.note]
    return "\n".join([*lines, "", *notes])


def kept(path: Path) -> tuple[list[Figure], list[Mapping[str, str]]]:
    """The figures of a JSON file, and the machine and date of each."""
    found = json.loads(path.read_text())["figures"]
    named = {field.name for field in fields(Figure)}
    figures = [Figure(**{name: value for name, value in each.items() if name in named}) for each in found]
    return figures, [each["machine"] for each in found]


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Write them to a JSON file; figures of other parts that stand there stay, with their own machine and date."""
    known = {each["name"]: each for each in json.loads(path.read_text())["figures"]} if path.exists() else {}
    here = machine()
    for figure in figures:
        known[figure.name] = {
            **asdict(figure),
            "ratio": figure.ratio,
            "reached": figure.reached,
            "machine": here,
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": list(known.values())}, indent=2, ensure_ascii=False) + "\n")


def _row(figure: Figure) -> tuple[str, ...]:
    baseline = "" if figure.baseline is None else f"{figure.baseline_name}: {_short(figure.baseline)}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} ×"
    reached = "the dream" if figure.dreamt else {None: "", True: "yes", False: "no"}[figure.reached]
    bounds = _bound(figure, figure.target), _bound(figure, figure.dream)
    return figure.name, f"{_short(figure.value)} {figure.unit}".strip(), baseline, ratio, *bounds, reached


def _bound(figure: Figure, value: float | None) -> str:
    if value is None:
        return ""
    unit = figure.unit if figure.ratio is None else "×"
    return f"{'≤' if figure.at_most else '≥'} {_short(value)} {unit}".strip()


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    names = [line for line in path.read_text().splitlines() if line.startswith("model name")] if path.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.machine()
