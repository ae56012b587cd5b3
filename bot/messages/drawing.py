"""Draws charts in a short-lived process of its own.

Each line of standard input is a chart in JSON; on standard output comes the size of its PNG in four bytes, the highest
first, and the PNG. The process ends after twenty pictures, when it has grown from 76 to 120 MB, or when for a while
nobody has asked for one: what drawing takes of the memory is given back. It is run as a file and knows nothing of the
bot, so that it starts quickly and holds nothing but what it draws.
"""

import json
import select
import sys
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from unicodedata import category

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.lines import Line2D

WIDTH, DPI = 5.4, 200  # inches: 1,080 pixels, as wide as a phone shows
PAPER, INK, QUIET, RULE = "#FBF8F1", "#1F2D37", "#5C6770", "#DDD7CA"  # a ground of its own: light and dark apps alike
COLOURS = ("#0072B2", "#C04E00")  # blue and vermilion: apart for every kind of eye, and by their marks as well
FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
)
LOWEST, HIGHEST = 1, 5
MOST_MARKS = 6  # dates under all columns together
UNDRAWN = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Cc"))  # emoji and what belongs to them, halves, controls
JOINERS = "\u200c\u200d\u200e\u200f"
MOST = 20  # pictures
PATIENCE = 5.0  # seconds


def main() -> None:
    """Draw what is asked for."""
    for _ in range(MOST):
        asked = sys.stdin.readline() if select.select([sys.stdin], [], [], PATIENCE)[0] else ""
        if not asked:
            return
        drawn = draw(json.loads(asked))
        sys.stdout.buffer.write(len(drawn).to_bytes(4, "big") + drawn)
        sys.stdout.buffer.flush()


def draw(chart: Mapping[str, Any]) -> bytes:
    """A chart as `bot.messages.chart` describes it, as a PNG."""
    rcParams["font.family"] = [name for name in FONTS if name in fontManager.get_font_names()]
    figure = {"balance": balance, "moments": moments, "blank": blank}[chart["kind"]](chart)
    FigureCanvasAgg(figure)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def drawable(text: str) -> str:
    """The text without what no font at hand can draw, emoji above all."""
    fonts = [get_font(findfont(name)) for name in rcParams["font.family"]]
    kept = [
        letter
        for letter in text
        if letter in JOINERS
        or (
            category(letter) not in UNDRAWN
            and not "\ufe00" <= letter <= "\ufe0f"
            and any(font.get_char_index(ord(letter)) for font in fonts)
        )
    ]
    return " ".join("".join(kept).strip(JOINERS).split())


# -- room and closeness over the weeks


def balance(chart: Mapping[str, Any]) -> Figure:
    """A row a need, a column a person; what there was with full marks, what was wanted with open ones."""
    rows, weeks, reverse = chart["rows"], chart["weeks"], chart["right_to_left"]
    columns = len(rows[0])
    figure = Figure(figsize=(WIDTH, 1.5 + 1.75 * len(rows)), facecolor=PAPER)
    grid = figure.subplots(len(rows), columns, squeeze=False, sharex=True, sharey=True)
    for row, panels in enumerate(rows):
        for column, panel in enumerate(panels):
            place = columns - 1 - column if reverse else column
            axes = grid[row][place]
            _panel(axes, panel, COLOURS[column], reverse=reverse)
            _scale(axes, chart["scale"], reverse=reverse)
            _dates(axes, weeks, MOST_MARKS // columns)
    _title(figure, chart["title"], reverse=reverse)
    figure.subplots_adjust(left=0.08, right=0.92, top=1 - 0.85 / figure.get_figheight(), bottom=0.16, hspace=0.42)
    _legend(figure, chart["legend"], reverse=reverse)
    return figure


def _panel(axes: Axes, panel: Mapping[str, Any], colour: str, *, reverse: bool) -> None:
    now, wanted = _numbers(panel["now"]), _numbers(panel["wanted"])
    weeks = range(len(now))
    axes.fill_between(weeks, now, wanted, color=colour, alpha=0.13, linewidth=0)
    for week in weeks:
        axes.plot([week, week], [now[week], wanted[week]], color=colour, alpha=0.4, linewidth=1.6)
    axes.plot(weeks, wanted, color=colour, linestyle=(0, (2, 2)), linewidth=1.5, **_open_mark(colour))
    axes.plot(weeks, now, color=colour, linewidth=2.4, marker="o", markersize=6)
    axes.set_title(drawable(panel["title"]), fontsize=11, color=colour, loc="right" if reverse else "left", pad=8)
    axes.set_xlim((len(now) - 0.4, -0.6) if reverse else (-0.6, len(now) - 0.4))


def _open_mark(colour: str) -> Mapping[str, Any]:
    return {
        "marker": "D",
        "markersize": 7.5,
        "markerfacecolor": "none",
        "markeredgecolor": colour,
        "markeredgewidth": 1.6,
    }


def _numbers(values: Sequence[int | None]) -> list[float]:
    """The values with gaps as gaps."""
    return [float("nan") if value is None else float(value) for value in values]


def _scale(axes: Axes, marks: Sequence[str], *, reverse: bool) -> None:
    axes.set_ylim(LOWEST - 0.55, HIGHEST + 0.55)
    axes.set_yticks(range(LOWEST, HIGHEST + 1), [drawable(mark) for mark in marks])
    axes.tick_params(axis="both", length=0, labelsize=10, labelcolor=QUIET)
    axes.tick_params(axis="y", labelleft=not reverse, labelright=reverse)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_facecolor(PAPER)
    for side in axes.spines.values():
        side.set_visible(False)


def _dates(axes: Axes, weeks: Sequence[str], most: int) -> None:
    """A few dates, the newest always."""
    step = -(-len(weeks) // most)
    places = range((len(weeks) - 1) % step, len(weeks), step)
    axes.set_xticks(list(places), [drawable(weeks[place]) for place in places], fontsize=9)


def _legend(figure: Figure, names: Sequence[str], *, reverse: bool) -> None:
    handles = [
        Line2D([], [], color=INK, linewidth=2.4, marker="o", markersize=6),
        Line2D([], [], color=INK, linestyle=(0, (2, 2)), linewidth=1.5, **_open_mark(INK)),
    ]
    labels = [drawable(name) for name in names]
    if reverse:
        handles, labels = handles[::-1], labels[::-1]
    figure.legend(
        handles,
        labels,
        loc="lower center",
        ncols=2,
        frameon=False,
        fontsize=11,
        labelcolor=INK,
        handlelength=3,
        markerfirst=not reverse,
        bbox_to_anchor=(0.5, 0.005),
    )


# -- the week's moments


def moments(chart: Mapping[str, Any]) -> Figure:
    """A thread through the week, with a knot for each moment."""
    names, reverse = [drawable(name) for name in chart["moments"]], chart["right_to_left"]
    height = 1.5 + 0.72 * len(names)
    figure = Figure(figsize=(WIDTH, height), facecolor=PAPER)
    axes = figure.add_axes((0.0, 0.06, 1.0, 1 - 1.0 / height - 0.06))
    axes.set_axis_off()
    axes.set_xlim((1, 0) if reverse else (0, 1))
    axes.set_ylim(-len(names) + 0.4, 0.6)
    _thread(axes, len(names))
    for place, name in enumerate(names):
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(_sway(place), -place, "oD"[place % 2], markersize=15, color=colour, zorder=3)
        axes.text(0.24, -place, name, fontsize=15, color=INK, va="center", ha="right" if reverse else "left")
    _title(figure, chart["title"], reverse=reverse)
    return figure


def _sway(place: float) -> float:
    """Where the thread is at a height: it swings gently from side to side."""
    return 0.115 + 0.03 * (1 - 2 * abs((place % 2) - 1))


def _thread(axes: Axes, count: int) -> None:
    steps = [each / 40 for each in range(-24, 40 * count - 16)]
    smooth = [0.115 + 0.03 * _smooth(step) for step in steps]
    axes.plot(smooth, [-step for step in steps], color=RULE, linewidth=5, zorder=1, solid_capstyle="round")


def _smooth(place: float) -> float:
    """The swing without corners; the same as `_sway` at whole places."""
    within = 1 - 2 * abs((place % 2) - 1)
    return within * (1.5 - 0.5 * within * within)


def blank(_: Mapping[str, Any]) -> Figure:
    """Paper, and three dots."""
    figure = Figure(figsize=(WIDTH, 2.0), facecolor=PAPER)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0.44, 0.5, 0.56], [0.5, 0.5, 0.5], "o", color=RULE, markersize=12)
    return figure


def _title(figure: Figure, title: str, *, reverse: bool) -> None:
    top = 1 - 0.34 / figure.get_figheight()
    place, side = (0.95, "right") if reverse else (0.05, "left")
    figure.text(place, top, drawable(title), fontsize=14, fontweight="bold", color=INK, ha=side, va="center")


if __name__ == "__main__":
    main()
