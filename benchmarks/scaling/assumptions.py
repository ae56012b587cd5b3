"""What is assumed about people, in one place. Nobody was measured: these are round guesses, meant to be argued with.

What the bot does is not assumed but taken from it: its defaults, its times, its windows.
"""

from collections.abc import Mapping
from types import MappingProxyType

# -- who people are

APART = 0.05  # couples who live in different zones
KEEP_DAILY_TIME = 0.6  # leave the daily question where it is
KEEP_WEEKLY_TIME = 0.7  # leave the weekly conversation where it is
WANT_SUMMARY = 0.3  # turned the weekly page on
RHYTHMS: Mapping[str, float] = MappingProxyType({"every": 0.55, "three": 0.35, "weekly": 0.10})

# whoever chooses an hour chooses one of these, and a minute that is mostly round
HOURS: Mapping[int, float] = MappingProxyType(
    {6: 2, 7: 8, 8: 9, 9: 5, 12: 5, 13: 3, 17: 5, 18: 9, 19: 13, 20: 10, 21: 18, 22: 11, 23: 2}
)
MINUTES: Mapping[int, float] = MappingProxyType({0: 60, 15: 7, 30: 22, 45: 6, 5: 1, 10: 2, 20: 1, 40: 1})
WEEKLY_DAYS: Mapping[int, float] = MappingProxyType({0: 5, 1: 5, 2: 8, 3: 7, 4: 20, 5: 25, 6: 30})  # Monday is 0
WEEKLY_HOURS: Mapping[int, float] = MappingProxyType({10: 12, 11: 8, 14: 6, 16: 8, 17: 10, 18: 16, 19: 20, 20: 20})

# -- when they act

FASTEST = 10  # seconds: nobody reads and presses sooner
MORNING, NIGHT = (
    7 * 3600,
    23 * 3600 + 1800,
)  # what would be done later than an hour, in the night, waits for the morning
LIE_IN = 5400  # seconds of the morning over which that is spread
ALOUD = 0.5  # of those who would write do so on a day whose question is to be said aloud
BROWSING = 0.5  # taps and commands a day that nothing called for: /today, /memories, settings
SNOOZED_FOR = 3600  # "in an hour", as most who put a question off


# -- what they do when a message has come: which part of them does what

FOLLOWS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "question": {"answer": 0.55, "change": 0.06, "later": 0.08, "skip": 0.08},
        "snoozed": {"answer": 0.60, "skip": 0.10},
        "changed": {"answer": 0.70, "change": 0.15, "skip": 0.05},
        "when": {"put_off": 0.95},
        "mine": {"share": 0.70, "keep": 0.20, "edit": 0.05},
        "editing": {"answer": 0.90},
        "reveal": {"react": 0.60},
        "invitation": {"begin": 0.50, "decline": 0.20},
        "step": {"step": 0.84, "finish": 0.13},  # some seven taps and texts until the end
        "opening": {"respond": 0.80},
        "responded": {"respond": 0.60},
        "preview": {"look": 0.60},
        "lines": {"approve": 0.70, "pass": 0.20},
    }
)

# -- and how long that takes: the median in seconds, and the spread of its logarithm

TAKES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "question": (900, 1.6),  # half within a quarter of an hour, a tenth after two hours
        "snoozed": (900, 1.6),
        "changed": (90, 0.8),
        "when": (12, 0.5),
        "mine": (20, 0.6),
        "editing": (60, 0.7),
        "reveal": (600, 1.6),
        "invitation": (2400, 1.5),
        "step": (45, 0.7),
        "opening": (1800, 1.5),
        "responded": (90, 1.0),
        "preview": (1200, 1.5),
        "lines": (60, 0.8),
    }
)
