"""The IANA zones and their rules, from the tzdata package: a machine's own tables may be years old."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_SECOND = timedelta(seconds=1)


@cache
def rules(zone: str) -> ZoneInfo:
    """The rules of a zone or an alias, in its exact spelling; ZoneInfoNotFoundError for any other name.

    Zones with the same table, past and future, share one object, so it does not tell the zone's name.
    """
    if zone not in zone_names():
        raise ZoneInfoNotFoundError(f"{zone!r} is no IANA zone")
    return _read(files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes())


@cache
def _read(table: bytes) -> ZoneInfo:
    return ZoneInfo.from_file(BytesIO(table))


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone and alias. Without `Factory`, which says that nobody chose a zone."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - {"Factory"}


@cache
def territories() -> Mapping[str, str]:
    """The canonical zones, those where people live, each with its territory's ISO code."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return MappingProxyType({row[2]: row[0] for row in rows})


def canonical(name: str) -> str | None:
    """The canonical zone for a name or an alias; None for Etc zones and unknown names."""
    zone: str = get_global("zone_aliases").get(name, name)
    return zone if zone in territories() else None


def offset_at(at: datetime, zone: ZoneInfo) -> timedelta:
    """What the zone's clocks are ahead of UTC at an aware instant."""
    return at.astimezone(zone).utcoffset() or timedelta()


def change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in (early, late], at which the zone's offset changes; there must be exactly one."""
    old = offset_at(early, zone)
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if offset_at(middle, zone) == old:
            early = middle
        else:
            late = middle
    return late
