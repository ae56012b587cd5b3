"""What can be known about a reader's language from the code that Telegram gives."""

import unicodedata
from contextlib import suppress
from functools import lru_cache

from babel import Locale, UnknownLocaleError

# Letters that do not come apart into a plain one and an accent.
_PLAIN_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Combining classes from here on are accents; lower ones are marks that carry meaning, as in Devanagari.
_FIRST_ACCENT_CLASS = 200


@lru_cache(maxsize=256)
def reader_locale(language: str | None) -> Locale:
    """The locale for a code such as "pt-br" or "zh-hans"; English for none and for what Babel does not know."""
    code = (language or "en").replace("_", "-")
    for candidate in (code, code.partition("-")[0]):
        with suppress(ValueError, UnknownLocaleError):
            return Locale.parse(candidate, sep="-")
    return Locale.parse("en")


def fold(text: str) -> str:
    """The text without case, accents, spaces and punctuation, to compare names by."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN_LETTERS)
    kept = (letter for letter in letters if unicodedata.combining(letter) < _FIRST_ACCENT_CLASS)
    return "".join(letter for letter in kept if unicodedata.category(letter)[0] in "LMN")
