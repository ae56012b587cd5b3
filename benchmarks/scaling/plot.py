"""The weeks as a picture: for each pace a column, for each number of couples a line."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from PIL import Image

from benchmarks.scaling.record import HOUR
from benchmarks.scaling.results import NAMES, Plain, bearable, duration
from bot.messages.drawing import COLOURS, INK, PAPER, QUIET, RULE

LINES = (*COLOURS, INK)  # for the fewest couples first
WIDTH, HEIGHT, DPI = 10.0, 7.6, 130
SHADES = 48
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WAITS = (1, 10, 60, 600, 3600, 10800)
ROWS = (
    "Messages a second,\nmean of each hour",
    "Longest line\nof each hour",
    "Lateness of what is planned,\n99 % of each hour",
)


def draw(weeks: Sequence[Plain]) -> bytes:
    """A PNG, on a ground of its own for light and dark pages."""
    paces = sorted({week["per_second"] for week in weeks})
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor=PAPER, layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1))
    FigureCanvasAgg(figure)
    grid = figure.subplots(len(ROWS), len(paces), squeeze=False, sharex=True, sharey="row")
    for column, pace in enumerate(paces):
        panels = [row[column] for row in grid]
        for panel in panels:
            _dress(panel)
        _draw_pace(panels, pace, bearable(weeks, pace)[-len(LINES) :])
    for row, says in zip(grid, ROWS, strict=True):
        row[0].set_ylabel(says, color=INK, fontsize=9)
    for panel in grid[-1]:
        panel.set_xlabel("UTC", color=QUIET, fontsize=8.5)
    return _png(figure)


def _png(figure: Figure) -> bytes:
    """With few colours, so that it stays small."""
    drawn, out = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, facecolor=PAPER)
    Image.open(drawn).convert("RGB").quantize(SHADES).save(out, format="png", optimize=True)
    return out.getvalue()


def _draw_pace(panels: Sequence[Axes], pace: int, weeks: Sequence[Plain]) -> None:
    rate, line, late = panels
    rate.set_title(f"at {pace:,} messages a second", color=INK, fontsize=11, loc="left")
    for week, colour in zip(weeks, LINES[-len(weeks) :] if len(weeks) < len(LINES) else LINES, strict=False):
        hours, says = week["hours"], f"{week['couples']:,} couples"
        sent = [sum(hour[name]["sent"] for name in NAMES.values()) / HOUR for hour in hours]
        rate.plot(sent, color=colour, linewidth=1.3, label=says)
        line.plot(
            [max(1, sum(hour[name]["line"] for name in NAMES.values())) for hour in hours], color=colour, linewidth=1.3
        )
        late.plot([max(1, hour["planned"]["most"]) for hour in hours], color=colour, linewidth=1.3)
    rate.axhline(pace, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    _log(rate, [1, 10, 30, 100, 1000], lambda value, _: f"{value:,.0f}")
    _log(line, [1, 10, 100, 1000, 10_000, 100_000], lambda value, _: f"{value:,.0f}")
    _log(late, WAITS, lambda value, _: duration(value) if value < 3600 else f"{value / 3600:.0f} h")
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": len(LINES), "frameon": False}
    late.legend(*rate.get_legend_handles_labels(), fontsize=8.5, labelcolor=INK, **below)


def _log(panel: Axes, marks: Sequence[int], says: Any) -> None:
    panel.set_yscale("log")
    panel.yaxis.set_major_locator(FixedLocator(marks))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_major_formatter(FuncFormatter(says))


def _dress(panel: Axes) -> None:
    panel.set_facecolor(PAPER)
    panel.grid(axis="y", color=RULE, linewidth=0.7)
    panel.set_axisbelow(True)
    for side, spine in panel.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(RULE)
    panel.tick_params(colors=QUIET, labelsize=8.5, length=0)
    panel.set_xlim(0, len(WEEKDAYS) * 24)
    panel.xaxis.set_major_locator(FixedLocator([24 * day + 12 for day in range(len(WEEKDAYS))]))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: WEEKDAYS[int(hour // 24)]))
    for day in range(1, len(WEEKDAYS)):
        panel.axvline(24 * day, color=RULE, linewidth=0.7)
