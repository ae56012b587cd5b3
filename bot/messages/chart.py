"""What a picture shows, as plain values; `bot.messages.drawing` draws it in a process of its own.

Everything is in the reader's language, in the order in which they read: the first column is the reader's own.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias
from unicodedata import category

from babel import Locale

# the zero of each writing that has digits of its own, by Unicode's name for it
_ZEROS = (
    "arab:٠ arabext:۰ beng:০ deva:० gujr:૦ guru:੦ knda:೦ khmr:០ laoo:໐ mlym:൦ mymr:၀ orya:୦ tamldec:௦ telu:౦ thai:๐"
)
_NOT_DRAWN = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Cc"))
_SELECTOR = re.compile("[\ufe00-\ufe0f]")
_JOINERS = "\u200c\u200d\u200e\u200f "


@dataclass(frozen=True, slots=True)
class Panel:
    """One need of one person over the weeks: what there was and what was wanted, 1 to 5; None is a gap."""

    title: str
    now: tuple[int | None, ...]
    wanted: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """Room and closeness over up to twelve weeks: a row a need, a column a person."""

    title: str
    rows: tuple[tuple[Panel, ...], ...]
    weeks: tuple[str, ...]  # under the columns, oldest first
    scale: tuple[str, ...]  # five marks, from little to plenty
    legend: tuple[str, str]  # now, wanted
    right_to_left: bool = False
    kind: str = "balance"


@dataclass(frozen=True, slots=True)
class Moments:
    """The week's moments, by what they were about."""

    title: str
    moments: tuple[str, ...]
    right_to_left: bool = False
    kind: str = "moments"


@dataclass(frozen=True, slots=True)
class Blank:
    """A quiet picture without content: what stands where one is no longer shown."""

    kind: str = "blank"


Chart: TypeAlias = Balance | Moments | Blank


def to_json(chart: Chart) -> str:
    """What the drawing process reads."""
    return json.dumps(asdict(chart))


def without_emoji(text: str) -> str:
    """A name as a picture can show it: its fonts have no emoji, nor what belongs to them."""
    kept = "".join(letter for letter in text if category(letter) not in _NOT_DRAWN and not _SELECTOR.match(letter))
    return " ".join(kept.strip(_JOINERS).split())


def is_right_to_left(locale: Locale) -> bool:
    """Whether the language is written from right to left."""
    return bool(locale.text_direction == "rtl")


def numerals(text: str, locale: Locale) -> str:
    """The text with the digits that the language writes."""
    zeros = dict(pair.split(":") for pair in _ZEROS.split())
    zero = zeros.get(locale.default_numbering_system)
    return text if zero is None else text.translate({ord("0") + digit: ord(zero) + digit for digit in range(10)})


def marks(locale: Locale, most: int = 5) -> Sequence[str]:
    """1, 2, 3 … as the language writes them."""
    return tuple(numerals(str(each), locale) for each in range(1, most + 1))
