"""Telegram's HTML, built by type: templates are `Markup`, what comes from a person is escaped."""

import re
from unicodedata import category

from markupsafe import Markup, escape

LONGEST_MESSAGE = 4096  # UTF-16 units
LONGEST_CAPTION = 1024
_TAG = re.compile(r"<[^>]*>")
_NEWLINES = re.compile(r"\n{3,}")
_KEPT_CONTROLS = frozenset("\n\t\u200c\u200d\u200e\u200f")  # joiners and marks that scripts and emoji need


def units(text: str) -> int:
    """The length of plain text as Telegram counts it, in UTF-16 units."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def shown_units(text: Markup) -> int:
    """The length of a message after its tags and entities, in UTF-16 units."""
    return units(Markup(_TAG.sub("", text)).unescape())


def clean(text: str) -> str:
    """What a person wrote without control characters and overrides that could disturb what stands around it."""
    kept = "".join(letter for letter in text if letter in _KEPT_CONTROLS or category(letter) not in ("Cc", "Cf", "Cs"))
    return _NEWLINES.sub("\n\n", kept).strip()


def one_line(text: str, longest: int = 64) -> str:
    """A name or label: cleaned, on one line, at most `longest` characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def bold(text: str) -> Markup:
    """Text in bold."""
    return Markup("<b>{}</b>").format(text)


def italic(text: str) -> Markup:
    """Text in italics."""
    return Markup("<i>{}</i>").format(text)


def quote(text: str) -> Markup:
    """Words of a person, set apart."""
    return Markup("<blockquote>{}</blockquote>").format(text)


def spoiler(text: str) -> Markup:
    """Words that open by touch and that a notification masks."""
    return Markup("<tg-spoiler>{}</tg-spoiler>").format(text)


def paragraphs(*parts: str | None) -> Markup:
    """The parts that are there, with an empty line between them."""
    return Markup("\n\n").join(escape(part) for part in parts if part)


def lines(*parts: str | None) -> Markup:
    """The parts that are there, a line each."""
    return Markup("\n").join(escape(part) for part in parts if part)
