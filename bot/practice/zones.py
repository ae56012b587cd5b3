"""Which zone a person lives in, from the time that it is for them or from a city; no location is ever asked for."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from bot.practice.cities import zones_of_cities
from bot.practice.languages import fold, reader_locale
from bot.practice.likely_zones import FIRST, MILLIONS
from bot.practice.rules import canonical, change_between, offset_at, rules, territories, zone_names
from bot.practice.times import local_minute

_DAY_MINUTES = 1440
_CLOCKS_DIFFER_BY = 7
# No zone changes its offset twice in a week; the shortest winter time, Morocco's, lasted a month.
_STEP = timedelta(days=7)
_YEAR = timedelta(days=366)
_COMING_YEARS = timedelta(days=3 * 365)
# In a country's name, zones with fewer people than this part of its largest are not meant.
_TOO_FEW = 0.02
# Of old names, those that end in a city, but for American Samoa's, which ends in the name of its neighbour.
_REGIONS_OF_CITIES = ("Africa/", "America/", "Asia/", "Atlantic/", "Europe/", "Pacific/")
_MISLEADING = frozenset({"Pacific/Samoa"})
_ANTARCTICA = "AQ"
_LONGEST_NAME = 100


@dataclass(frozen=True)
class ZoneChoice:
    """A canonical zone, and its city in the reader's language."""

    zone: str
    city: str


def times_now(now: datetime, language: str | None) -> list[int]:
    """The minutes of the day that it can be now anywhere, each once, likeliest first for the language.

    Some 25 ms the first time in a process, when all zones are read (see `warm`), then under a millisecond.
    """
    return list(dict.fromkeys(local_minute(now, zone) for zone in _homes(language)))


def zones_at(now: datetime, minute: int, language: str | None) -> list[ZoneChoice]:
    """Zones where it is this minute of the day now: one, the likeliest, of those with equal rules for three years.

    `now` must be the instant at which the person was shown, or typed, the minute: half an hour later it is another
    zone's. Some 10 ms for the first call of a year (see `warm`), then under a millisecond.
    """
    chosen: dict[object, str] = {}
    for zone in _homes(language):
        if _apart(local_minute(now, zone), minute) <= _CLOCKS_DIFFER_BY:
            chosen.setdefault(_rules_from(zone, now), zone)
    return _choices(chosen.values(), language)


def find_zone(text: str, language: str | None) -> list[ZoneChoice]:
    """The zones that a city, a country ("Wien", "Vienna, Austria") or an IANA name can mean, likeliest first.

    Without case, accents and punctuation; names in the language and in English. Only canonical zones.
    """
    if len(text) > _LONGEST_NAME:
        return []
    names, countries = _names(language), _countries(language)
    whole = fold(text)
    found = {*names.get(whole, ()), *_inhabited(countries.get(whole))}
    return _choices(found or _in_country(text, names, countries), language)


def is_zone(name: str) -> bool:
    """Whether this is an IANA zone or an alias, in its exact spelling."""
    return name in zone_names()


def city(zone: str, language: str | None) -> str:
    """The city that a zone is known by, in the language if Babel knows it there, else in English."""
    return _city(canonical(zone) or zone, reader_locale(language))


def warm(now: datetime) -> None:
    """Read all zones and their rules from this year on, some 60 ms, so that no unit of work has to wait for it."""
    for zone in territories():
        _rules_from(zone, now)


def _choices(zones: Collection[str], language: str | None) -> list[ZoneChoice]:
    return [ZoneChoice(zone, city(zone, language)) for zone in _ranked(language) if zone in zones]


def _apart(one: int, other: int) -> int:
    """The minutes between two times of day, over midnight if that is shorter."""
    return min((one - other) % _DAY_MINUTES, (other - one) % _DAY_MINUTES)


def _rules_from(zone: str, now: datetime) -> tuple[timedelta, tuple[tuple[datetime, timedelta], ...]]:
    """The zone's offset now and all changes to come, equal for zones that nobody need tell apart."""
    table, until = rules(zone), now + _COMING_YEARS
    coming = tuple(change for change in _changes(table, now.astimezone(UTC).year) if now < change[0] <= until)
    return offset_at(now, table), coming


@lru_cache(maxsize=1024)
def _changes(table: ZoneInfo, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """Each change of offset from the first of a year on that can be among those to come in it, and the new offset."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    looks = [start + _STEP * count for count in range((_YEAR + _COMING_YEARS) // _STEP + 2)]
    seen = [(at, offset_at(at, table)) for at in looks]
    return tuple(
        (change_between(before, at, table), offset) for (before, old), (at, offset) in pairwise(seen) if old != offset
    )


def _homes(language: str | None) -> list[str]:
    """Where somebody may live: not Antarctica's stations, which can still be typed."""
    return [zone for zone in _ranked(language) if territories()[zone] != _ANTARCTICA]


@lru_cache(maxsize=64)
def _ranked(language: str | None) -> tuple[str, ...]:
    """All canonical zones: the reader's country, countries that speak the language, the rest; more people go first."""
    locale = reader_locale(language)
    home, spoken, first = _home(locale), _spoken_in(locale), FIRST.get(locale.language, ())

    def order(zone: str) -> tuple[bool, int, float, float, str]:
        people, territory = MILLIONS.get(zone, 0.0), territories()[zone]
        place = first.index(zone) if zone in first and territory != home else len(first)
        return territory != home, place, -people * spoken.get(territory, 0.0), -people, zone

    return tuple(sorted(territories(), key=order))


def _home(locale: Locale) -> str | None:
    """The country that a language code means; none for "en", which comes from everywhere."""
    if locale.territory or locale.language in FIRST:
        return locale.territory
    likely = get_global("likely_subtags")
    full: str = likely.get(str(locale)) or likely.get(locale.language, "")
    return full.rpartition("_")[2]


def _spoken_in(locale: Locale) -> Mapping[str, float]:
    """The countries where the language has an official standing, each with the percentage who speak it."""
    countries = get_global("territory_languages")
    written = f"{locale.language}_{locale.script}"
    name = written if any(written in languages for languages in countries.values()) else locale.language
    found = {country: languages[name] for country, languages in countries.items() if name in languages}
    return {country: facts["population_percent"] for country, facts in found.items() if facts["official_status"]}


def _city(zone: str, locale: Locale) -> str:
    for known in (locale, Locale("en")):
        for name in (zone, *_aliases().get(zone, ())):
            if written := known.time_zones.get(name, {}).get("city"):
                return str(written)
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _aliases() -> Mapping[str, tuple[str, ...]]:
    """The other names of each canonical zone; Babel keeps cities by names that may have become aliases."""
    found: dict[str, tuple[str, ...]] = {}
    for alias in sorted(zone_names() - territories().keys()):
        if zone := canonical(alias):
            found[zone] = (*found.get(zone, ()), alias)
    return MappingProxyType(found)


@lru_cache(maxsize=4)
def _names(language: str | None) -> Mapping[str, tuple[str, ...]]:
    """The zones that each folded name of a city or of a zone can mean."""
    found: dict[str, set[str]] = {}
    for zone in territories():
        for name in _written(zone, language):
            found.setdefault(fold(name), set()).add(zone)
    for name, zones in zones_of_cities().items():
        found.setdefault(name, set()).update(zones)
    return MappingProxyType({name: tuple(zones) for name, zones in found.items()})


def _written(zone: str, language: str | None) -> Iterator[str]:
    """A zone's names: IANA's, with and without the region, and its city in English and in the language."""
    yield from (zone, zone.rpartition("/")[2], _city(zone, Locale("en")), _city(zone, reader_locale(language)))
    for alias in _aliases().get(zone, ()):
        yield alias
        if alias.startswith(_REGIONS_OF_CITIES) and alias not in _MISLEADING:
            yield alias.rpartition("/")[2]


@lru_cache(maxsize=4)
def _countries(language: str | None) -> Mapping[str, str]:
    """The code of each country by its folded name, in the language, in English or short."""
    locales, codes = (Locale("en"), reader_locale(language)), set(territories().values())
    names = {fold(locale.territories.get(code, code)): code for locale in locales for code in sorted(codes)}
    return MappingProxyType({**names, "usa": "US", "us": "US", "uk": "GB", "greatbritain": "GB", "uae": "AE"})


def _inhabited(country: str | None) -> list[str]:
    """The zones of a country without those where few of its people live."""
    people = {zone: MILLIONS.get(zone, 0.0) for zone, code in territories().items() if code == country}
    least = max(people.values(), default=0.0) * _TOO_FEW
    return [zone for zone, millions in people.items() if millions >= least]


def _in_country(text: str, names: Mapping[str, tuple[str, ...]], countries: Mapping[str, str]) -> set[str]:
    """The zones of "Vienna, Austria": the last words are a country, the first ones a place in it."""
    words = text.replace(",", " ").split()
    parts = ((fold(" ".join(words[:size])), fold(" ".join(words[size:]))) for size in range(1, len(words)))
    known = ((names.get(place, ()), countries.get(country)) for place, country in parts)
    return {zone for zones, code in known for zone in zones if territories()[zone] == code}
