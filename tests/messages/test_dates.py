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
        ("en", "Sunday 6 December|6 December 2026|6 Dec|Sun 6 Dec|December 2026|Dec 2026|30 Nov – 6 Dec 2026"),
        ("nl", "zondag 6 december|6 december 2026|6 dec|zo 6 dec|december 2026|dec 2026|30 nov – 6 dec 2026"),
    ],
)
def test_each_language_writes_dates_in_its_own_way(language: str, expected: str) -> None:
    assert written(language) == expected.split("|")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Sonntag, 6. Dezember"),
        ("fr", "dimanche 6 décembre"),
        ("es", "domingo, 6 de diciembre"),
        ("ru", "воскресенье, 6 декабря"),
        ("ja", "12月6日日曜日"),
    ],
)
def test_near_days_are_spelled_out(language: str, expected: str) -> None:
    assert written(language)[0] == expected


def test_digits_are_those_of_the_language() -> None:
    assert not any(letter in "0123456789" for letter in "".join(written("ar-EG")))
