"""The pictures that are compared: one of each kind, in both directions of reading."""

from collections.abc import Mapping
from types import MappingProxyType

from babel import Locale

from bot.messages.chart import Balance, Blank, Chart, Moments, Panel, marks, numerals

ROOM = ((3, 4, None, 2, 2, 3, 5, 4, 3, 3, 2, 3), (4, 4, None, 4, 3, 3, 4, 4, 3, 4, 4, 3))
CLOSENESS = ((2, 3, None, 3, 4, 4, 2, 1, 2, 3, 3, 4), (3, 4, None, 5, 5, 4, 3, 2, 3, 4, 5, 4))
PERSIAN = Locale("fa")


def balance(*, weeks: int = 12, name: str = "Ben") -> Balance:
    """Both people over the last weeks."""
    room, closeness = ((now[-weeks:], wanted[-weeks:]) for now, wanted in (ROOM, CLOSENESS))
    return Balance(
        title="Room and closeness",
        rows=(
            (Panel("You: room", *room), Panel(f"{name}: room", *closeness)),
            (Panel("You: closeness", *closeness), Panel(f"{name}: closeness", *room)),
        ),
        weeks=tuple(f"{day} Mar" for day in range(1, weeks + 1)),
        scale=("1", "2", "3", "4", "5"),
        legend=("now", "wanted"),
    )


def trend() -> Balance:
    """One's own."""
    return Balance(
        title="Your pulse",
        rows=((Panel("Room for yourself", *ROOM),), (Panel("Closeness", *CLOSENESS),)),
        weeks=balance().weeks,
        scale=("1", "2", "3", "4", "5"),
        legend=("now", "wanted"),
    )


def from_the_right() -> Balance:
    """A language with its own digits that is read from the right."""
    return Balance(
        title="فضا و نزدیکی",
        rows=(
            (Panel("تو: فضا", *ROOM), Panel("بن: فضا", *CLOSENESS)),
            (Panel("تو: نزدیکی", *CLOSENESS), Panel("بن: نزدیکی", *ROOM)),
        ),
        weeks=tuple(numerals(f"{day} مارس", PERSIAN) for day in range(1, 13)),
        scale=tuple(marks(PERSIAN)),
        legend=("اکنون", "خواسته"),
        right_to_left=True,
    )


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "balance": balance(),
        "balance-one-week": balance(weeks=1),
        "balance-right-to-left": from_the_right(),
        "trend": trend(),
        "moments": Moments("Moments of the week", ("Openness", "Play", "Being oneself", "Knowing myself")),
        "moments-right-to-left": Moments("لحظه‌های هفته", ("بازی", "پشتیبانی"), right_to_left=True),
        "blank": Blank(),
    }
)
