"""Dates as the reader's language writes them, the same way on every card."""

import re
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, match_skeleton

from bot.messages.chart import numerals
from bot.messages.i18n import Words

WEEK = timedelta(days=7)
# English here is not America's alone: the day comes before the month, with the weekday and without
_WRITTEN_AS = {"en": "en_GB"}
_QUOTED = re.compile(r"('[^']*')")
_WEEKDAY, _MONTH = re.compile(r"E+|c+"), re.compile(r"([ML])\1{2,}")


def clock(minute: int) -> str:
    """A minute of the day, as all texts and commands write it: counted to 24."""
    return f"{minute // 60:02}:{minute % 60:02}"


def near(words: Words, on: date) -> str:
    """A day within weeks: Sunday 6 December."""
    return _spelled_out(words, on, "MMMMEEEEd")


def in_full(words: Words, on: date) -> str:
    """A day of any year: 6 December 2026."""
    locale = _locale(words)
    return numerals(format_date(on, "long", locale=locale), locale)


def short(words: Words, on: date) -> str:
    """Where there is little room, in a picture: 6 Dec."""
    return _written(words, on, "MMMd")


def short_near(words: Words, on: date) -> str:
    """On a button: Sun 6 Dec."""
    return _written(words, on, "MMMEd")


def month(words: Words, on: date) -> str:
    """December 2026."""
    return _spelled_out(words, on, "yMMMM")


def short_month(words: Words, on: date) -> str:
    """On a button: Dec 2026."""
    return _written(words, on, "yMMM")


def week_until(words: Words, last: date) -> str:
    """The seven days that end with this one: 30 Nov – 6 Dec 2026."""
    locale = _locale(words)
    return numerals(format_interval(last - WEEK + timedelta(days=1), last, "yMMMd", locale=locale), locale)


def _written(words: Words, on: date, skeleton: str) -> str:
    locale = _locale(words)
    return numerals(format_skeleton(skeleton, on, locale=locale), locale)


def _spelled_out(words: Words, on: date, skeleton: str) -> str:
    """With the weekday and the month in full: of a language that has no such form Babel takes the short one."""
    locale = _locale(words)
    found = locale.datetime_skeletons[match_skeleton(skeleton, locale.datetime_skeletons) or "yMMMd"]
    parts = [
        part if part.startswith("'") else _MONTH.sub(r"\1\1\1\1", _WEEKDAY.sub("EEEE", part))
        for part in _QUOTED.split(found.pattern)
    ]
    return numerals(format_date(on, "".join(parts), locale=locale), locale)


def _locale(words: Words) -> Locale:
    return Locale.parse(_WRITTEN_AS.get(words.language, str(words.locale)))
