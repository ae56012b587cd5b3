"""Times of day and weekdays as people type them; what can be read in two ways is not read at all."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from babel import Locale

from bot.practice.languages import fold, reader_locale

# Words that may stand before a time, and before a weekday.
_AT = r"(?:at|by|um|ob|kl\.?|klo|om|à|as|às|a las|alle|в)"
_ON = frozenset({"on", "every", "each", "am", "jeden", "le", "el", "il", "op", "på"})
# After an hour, one of these says that the hours are counted to 24.
_UNIT = r"(?:h|hs|hrs?|hours|uhr|uur|[時时點点시])"
_CLOCK = (
    rf"(?:(?P<run>\d{{3,4}})|(?P<hour>\d{{1,2}})(?: ?(?:[:.]|{_UNIT}| ) ?(?P<minute>\d\d)(?: ?(?:min|[分분]))?)?)"
    rf" ?(?P<unit>{_UNIT})?"
)
_NAMED = MappingProxyType({"noon": 720, "midday": 720, "midnight": 0})
_ENGLISH_HALVES = MappingProxyType({"am": "am", "pm": "pm"})
_NOON_HOUR = 12


def parse_time(text: str, language: str | None = None) -> int | None:
    """The minute of the day of "19:45", "7.45 pm", "0730", "19h45", "19 Uhr"; None if it is no time or not a clear one.

    A lone hour up to 12 ("7") and three digits ("745") are not clear without am or pm; "7:45" is in the morning. The
    language's own words for am and pm are read as well.
    """
    plain = _plain(text)
    if plain in _NAMED:
        return _NAMED[plain]
    halves = _halves(language)
    found = _pattern(halves).fullmatch(plain)
    if found is None or (found["before"] and found["after"]):
        return None
    half = halves.get(_bare(found["before"] or found["after"] or ""))
    if not (half or _counts_to_24(found)):
        return None
    run = found["run"]
    hour, minute = (run[:-2], run[-2:]) if run else (found["hour"], found["minute"] or "0")
    return _minute_of_day(int(hour), int(minute), half)


def parse_weekday_time(text: str, language: str | None = None) -> tuple[int, int] | None:
    """The weekday (0 is Monday) and minute of "Sunday 18:00" or "6pm sun", in English or the language, else None."""
    days = _day_names(language)
    for name, rest in _splits(_words(text)):
        minute = parse_time(rest, language)
        if name in days and minute is not None:
            return days[name], minute
    return None


def _plain(text: str) -> str:
    """Lower case, digits of every script as ASCII ones, single spaces, no invisible marks of direction."""
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    ascii_digits = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in seen)
    return " ".join("".join(ascii_digits).lower().split())


def _bare(mark: str) -> str:
    return mark.replace(".", "").replace(" ", "")


def _counts_to_24(found: re.Match[str]) -> bool:
    if run := found["run"]:
        return len(run) > len("745")
    return bool(found["minute"] or found["unit"]) or int(found["hour"]) > _NOON_HOUR


def _minute_of_day(hour: int, minute: int, half: str | None) -> int | None:
    if half == "pm" and hour <= _NOON_HOUR:
        hour = hour % _NOON_HOUR + _NOON_HOUR
    elif half == "am":
        hour = 0 if hour == _NOON_HOUR else hour
    wrong = hour > 23 or minute > 59 or (half == "am" and hour > _NOON_HOUR)
    return None if wrong else hour * 60 + minute


@lru_cache(maxsize=64)
def _halves(language: str | None) -> Mapping[str, str]:
    """What the language and English write for am and pm, without dots and spaces."""
    widths = reader_locale(language).day_periods["format"]
    own = {_bare(_plain(words[half])): half for words in widths.values() for half in ("am", "pm") if half in words}
    return MappingProxyType({**own, **_ENGLISH_HALVES})


def _pattern(halves: Mapping[str, str]) -> re.Pattern[str]:
    mark = "|".join(r"\.? ?".join(map(re.escape, half)) + r"\.?" for half in halves)
    return re.compile(rf"(?:{_AT} )?(?P<before>{mark})? ?{_CLOCK} ?(?P<after>{mark})?")


@lru_cache(maxsize=64)
def _day_names(language: str | None) -> Mapping[str, int]:
    """Folded names of the weekdays and what they can be cut to; the language's own go before the English ones."""
    names: dict[str, int] = {}
    for locale in (Locale("en"), reader_locale(language)):
        names |= _beginnings(locale)
    for locale in (Locale("en"), reader_locale(language)):
        names |= {name: day for day, name in _written_days(locale)}
    return MappingProxyType(names)


def _written_days(locale: Locale) -> Iterator[tuple[int, str]]:
    """Each weekday as the locale writes it; not the single letters, which stand for several days."""
    for forms in locale.days.values():
        for width in forms.keys() - {"narrow"}:
            yield from ((day, fold(name)) for day, name in forms[width].items())


def _beginnings(locale: Locale) -> dict[str, int]:
    """Two letters or more that begin the name of one weekday only, and "Sundays", "sonntags"."""
    days = {fold(name): day for day, name in locale.days["format"]["wide"].items()}
    cuts = [(name[:size], day) for name, day in days.items() for size in range(2, len(name))]
    clear = {cut: day for cut, day in cuts if not any(other.startswith(cut) for other in days if days[other] != day)}
    return clear | {name + "s": day for name, day in days.items()}


def _words(text: str) -> list[str]:
    """The words, a name apart from the digits that follow it, without what only leads up to a day."""
    words = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", _plain(text)).replace(",", " ").split()
    return words[1:] if words and words[0] in _ON else words


def _splits(words: list[str]) -> Iterator[tuple[str, str]]:
    """The folded day and the rest, the day in up to three words before or after it."""
    for size in (3, 2, 1):
        yield fold(" ".join(words[:size])), " ".join(words[size:])
        yield fold(" ".join(words[-size:])), " ".join(words[:-size])
