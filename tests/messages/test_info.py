from uuid import UUID

import pytest

from bot.messages import menu
from bot.messages.card import Card, Gone
from bot.messages.i18n import load_languages
from handlers import COMMANDS
from storage.tables import Person
from tests.guards.tone import complaints
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown


@pytest.fixture
def ann(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ann")


def every_card(inside: Inside, ann: UUID) -> list[Card | Gone]:
    cards = []
    for who in (ann, None):
        cards += [inside.show("info.help", who), inside.show("info.safety", who, "12")]
        cards += [inside.show("info.privacy", who, about) for about in ("", "start")]
        cards += [inside.show("info.away", ann, "2026-03-01T10:00:00+00:00")]
        cards += [inside.show("info.left", who, what) for what in ("setup", "question", "invite", "nothing")]
    return cards


def test_every_card_is_short_and_warm(sqlite_inside: Inside, ann: UUID) -> None:
    check(every_card(sqlite_inside, ann))


def test_every_word_goes_through_the_catalogue(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.languages = FOREIGN
    check_translated(every_card(sqlite_inside, ann), names=("Germany",))


def test_every_command_is_described_and_grouped_once() -> None:
    words = load_languages().speak("en")
    grouped = [name for names in menu.groups(words).values() for name in names]
    assert sorted(grouped) == sorted(COMMANDS)
    assert menu.descriptions(words).keys() == COMMANDS.keys()


def test_what_telegram_shows_fits_and_is_warm() -> None:
    words = load_languages().speak("en")
    assert 0 < len(menu.description(words)) <= 512
    assert 0 < len(menu.short_description(words)) <= 120
    for text in (menu.description(words), menu.short_description(words), *menu.descriptions(words).values()):
        assert complaints(text) == []


def test_privacy_admits_who_could_read(sqlite_inside: Inside) -> None:
    text = shown(sqlite_inside.show("info.privacy", None)).text
    assert len(text.splitlines()) == 10
    assert "not end-to-end encrypted" in text
    assert "Whoever runs this bot" in text


def test_a_second_language_is_read_from_its_catalogue_with_gaps_in_english(sqlite_inside: Inside, ann: UUID) -> None:
    folder = sqlite_inside.folder / "locales" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Begin"\nmsgstr "Anfangen"\n', "utf-8"
    )
    sqlite_inside.languages = load_languages(sqlite_inside.folder / "locales")
    sqlite_inside.do(lambda session: setattr(session.get(Person, ann), "language", "de"))
    assert shown(sqlite_inside.show("setup.welcome", ann)).labels == ["Anfangen", "Privacy"]
    assert shown(sqlite_inside.show("settings.language", ann)).labels == ["English", "✓ Deutsch", "Back"]
    assert "Sonntag 18:00" in shown(sqlite_inside.show("settings.menu", ann)).text
    assert sqlite_inside.languages.named("deutsch") == sqlite_inside.languages.named(" German ") == "de"
    assert sqlite_inside.languages.named("tlh") is None
