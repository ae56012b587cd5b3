"""What came out of weeks: plain values for JSON, and tables to read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.scaling.calendar import BLOCK
from benchmarks.scaling.deliveries import GROUPS
from benchmarks.scaling.people import DAYS
from benchmarks.scaling.record import HOUR, Record, Waits
from benchmarks.scaling.week import Pace
from storage.claiming import REPLY, REVEAL, SCHEDULED

Plain: TypeAlias = Mapping[str, Any]
WITHSTANDS = 0.05  # of what is planned may be too late to be sent where a pace is said to withstand
NAMES: Mapping[int, str] = {REPLY: "replies", REVEAL: "reveals", SCHEDULED: "planned"}
PLANNED = ("Planned: half", "99 %", "last")
STEPS = (
    *("Couples", "A second", "Messages", "Pace used", "Replies, 99 %", "Reveals, 99 %"),
    *(*PLANNED, "Longest line", "Not sent in time", "Updates a second"),
)
SPREADS = (
    *("Couples", "A second", "Spread over", "Due in one second", "Longest line"),
    *("Behind the planned second: half", "99 %", "last", "Behind the chosen minute: half", "99 %", "last"),
)
MIX = ("Couples", "A second", *(group.capitalize() for group in GROUPS))


@dataclass(frozen=True)
class Outcome:
    """One week, and how it was set up."""

    couples: int
    pace: Pace
    record: Record
    most_due: int  # scheduled messages that came due in one second

    def plain(self) -> Plain:
        """All figures, for JSON."""
        record = self.record
        whole = {name: asdict(record.whole(urgency)) for urgency, name in NAMES.items()}
        return {
            "couples": self.couples,
            "per_second": self.pace.per_second,
            "spread_minutes": self.pace.spread,
            "messages": dict(zip(GROUPS, record.groups.tolist(), strict=True)),
            "let_go": sum(hour.let_go for hour in record.hours),
            "most_due_in_a_second": self.most_due,
            "most_updates_a_second": record.most_acts / BLOCK,
            "most_written_in_a_second": record.busiest_second,
            "late": whole | {"behind_chosen": asdict(record.behind_chosen())},
            "hours": [_hour(hour.waits, hour.longest_line, hour.let_go, hour.acts) for hour in record.hours],
        }


def bearable(weeks: Sequence[Plain], per_second: int) -> Sequence[Plain]:
    """What this pace withstands, the largest last: nearly everything is sent in time. Else the smallest there is."""
    found = [week for week in weeks if week["per_second"] == per_second and not week["spread_minutes"]]
    return [week for week in found if week["let_go"] <= WITHSTANDS * week["late"]["planned"]["sent"]] or found[:1]


def keep(outcomes: Sequence[Plain], path: Path, **setup: object) -> None:
    """Write them to a JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**setup, "weeks": list(outcomes)}, indent=1) + "\n")


def tables(outcomes: Sequence[Plain]) -> str:
    """How long messages wait, what they are, and, for the largest number of couples, what spreading changes."""
    plain = [each for each in outcomes if not each["spread_minutes"]]
    parts = [_table(STEPS, map(_step, plain)), _table(MIX, map(_mix, plain))]
    if len(plain) < len(outcomes):
        parts.append(_table(SPREADS, (_spread(each) for each in _compared(outcomes))))
    return "\n\n".join(parts)


def duration(seconds: float) -> str:
    """To two figures, as one would say it."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.0f} s"


def _compared(weeks: Sequence[Plain]) -> Iterable[Plain]:
    """Each week that was also spread, and below it how."""
    alike = {(week["per_second"], week["couples"]) for week in weeks if week["spread_minutes"]}
    found = [week for week in weeks if (week["per_second"], week["couples"]) in alike]
    return sorted(found, key=lambda week: (week["per_second"], week["spread_minutes"]))


def _hour(waits: Sequence[Waits], lines: Sequence[int], let_go: int, acts: int) -> dict[str, Any]:
    late = {name: {**asdict(waits[place]), "line": lines[place]} for place, name in NAMES.items()}
    return {**late, "let_go": let_go, "updates": acts}


def _step(week: Plain) -> Iterable[str]:
    sent = sum(week["messages"].values())
    late = week["late"]
    line = max(sum(hour[name]["line"] for name in NAMES.values()) for hour in week["hours"])
    return (
        f"{week['couples']:,}",
        f"{week['per_second']:,}",
        _short(sent),
        f"{sent / (week['per_second'] * DAYS * 24 * HOUR):.0%}",
        duration(late["replies"]["most"]),
        duration(late["reveals"]["most"]),
        *_waits(late["planned"]),
        f"{line:,}",
        f"{week['let_go'] / max(1, week['let_go'] + late['planned']['sent']):.1%}",
        f"{week['most_updates_a_second']:,.0f}",
    )


def _mix(week: Plain) -> Iterable[str]:
    return f"{week['couples']:,}", f"{week['per_second']:,}", *(_short(week["messages"][group]) for group in GROUPS)


def _spread(week: Plain) -> Iterable[str]:
    minutes, late = week["spread_minutes"], week["late"]
    return (
        f"{week['couples']:,}",
        f"{week['per_second']:,}",
        f"{minutes} min" if minutes else "nothing",
        f"{week['most_due_in_a_second']:,}",
        f"{max(hour['planned']['line'] for hour in week['hours']):,}",
        *_waits(late["planned"]),
        *_waits(late["behind_chosen"]),
    )


def _waits(late: Mapping[str, int]) -> tuple[str, str, str]:
    return duration(late["median"]), duration(late["most"]), duration(late["worst"])


def _short(count: float) -> str:
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count:,.0f}"


def _table(head: Sequence[str], body: Iterable[Iterable[str]]) -> str:
    """In Markdown that is also readable as it is."""
    rows = [list(head), *(list(row) for row in body)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
