from uuid import UUID

import pytest

from bot.messages.card import Card, Gone
from handlers.settings import VIEWS
from storage import people
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown


@pytest.fixture
def ann(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ann")


def every_card(inside: Inside, ann: UUID) -> list[Card | Gone]:
    cards = [inside.show(f"settings.{view}", ann) for view in VIEWS]

    def change(session: object) -> None:
        person = people.person(session, ann)  # type: ignore[arg-type]
        person.days, person.protect, person.themes_off = 21, True, "play,ritual"

    inside.do(change)
    cards += [inside.show(f"settings.{view}", ann) for view in VIEWS]
    return [*cards, inside.show("settings.language", inside.newcomer("Dee"))]


def test_every_card_is_short_and_warm(sqlite_inside: Inside, ann: UUID) -> None:
    check(every_card(sqlite_inside, ann))


def test_every_word_goes_through_the_catalogue(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.languages = FOREIGN
    check_translated(every_card(sqlite_inside, ann))


def test_the_hour_says_when_the_question_comes_now(sqlite_inside: Inside, ann: UUID) -> None:
    said = "Today's was still to come"
    card, usual = (sqlite_inside.show("settings.time", ann, about) for about in ("now", ""))
    assert said in shown(card).text
    assert said not in shown(usual).text
    check([card])
    sqlite_inside.languages = FOREIGN
    check_translated([sqlite_inside.show("settings.time", ann, "now")])


def test_every_view_leads_back(sqlite_inside: Inside, ann: UUID) -> None:
    for view in VIEWS[1:]:
        assert shown(sqlite_inside.show(f"settings.{view}", ann)).labels[-1] == "Back"


def test_what_is_set_is_marked_once(sqlite_inside: Inside, ann: UUID) -> None:
    for view in ("time", "language", "depth"):
        marked = [label for label in shown(sqlite_inside.show(f"settings.{view}", ann)).labels if label.startswith("✓")]
        assert len(marked) == 1
