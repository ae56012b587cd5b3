"""Help in danger, by country: numbers to remember, each with the page and the date that it was read on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tomllib import loads
from types import MappingProxyType

from bot.practice.rules import canonical, territories

FILE = Path(__file__).with_name("helplines.toml")


@dataclass(frozen=True, slots=True)
class Helpline:
    """Whom to call in one country; `emergency` is for immediate danger."""

    emergency: str
    name: str
    number: str
    hours: str
    languages: str  # empty where nobody could read it
    source: str
    source_date: str  # the page's own; empty where it has none
    also: str = ""


@dataclass(frozen=True, slots=True)
class Helplines:
    """All that is known, by the two letters of the country."""

    countries: Mapping[str, Helpline]
    directory: str  # for all other countries, by its name
    checked: str  # the month in which everything was read


@cache
def helplines() -> Helplines:
    """What the file holds; raises if it does not fit."""
    content = loads(FILE.read_text("utf-8"))
    countries = {code: Helpline(**line) for code, line in content["countries"].items()}
    return Helplines(MappingProxyType(countries), content["directory"], content["checked"])


def country_of(zone: str | None) -> str:
    """The two letters of the country that a time zone lies in; empty if it is in none."""
    return territories().get(canonical(zone) or "", "") if zone else ""
