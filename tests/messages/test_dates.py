"""Dates are written the same way on every card."""

from datetime import date
from gettext import NullTranslations

import pytest

from bot.messages import dates
from bot.messages.i18n import Words

SUNDAY = date(2026, 12, 6)


def written(language: str) -> list[str]:
    words = Words(language, NullTranslations())
    forms = (dates.near, dates.in_full, dates.short, dates.short_near, dates.month, dates.short_month, dates.week_until)
    return [form(words, SUNDAY).replace("\u2009", " ") for form in forms]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Sunday 6 December|6 December 2026|6 Dec|Sun 6 Dec|December 2026|Dec 2026|30 Nov – 6 Dec 2026",
        ),
        (
            "de",
            "So., 6. Dezember|6. Dezember 2026|6. Dez.|So., 6. Dez.|Dezember 2026|Dez. 2026|30. Nov. – 6. Dez. 2026",
        ),
    ],
)
def test_each_language_writes_dates_in_its_own_way(language: str, expected: str) -> None:
    assert written(language) == expected.split("|")


def test_digits_are_those_of_the_language() -> None:
    assert not any(letter in "0123456789" for letter in "".join(written("ar-EG")))
