from uuid import UUID

import pytest

from bot.messages.card import Card, Gone
from bot.practice import preferences
from storage import people
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown

STRANGER_CARDS = ("setup.welcome", "setup.consent", "setup.not_now")


@pytest.fixture
def ann(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ann")


def every_card(inside: Inside, ann: UUID) -> list[Card | Gone]:
    newcomer, ben = inside.newcomer("Dee"), inside.person("Ben")
    cards = [inside.show(card, None) for card in STRANGER_CARDS]
    cards += [inside.show("setup.zone", who, page) for who in (newcomer, ann) for page in ("0:de", "1:", "2:en", "99:")]
    cards += [inside.show("setup.city", who, "60:de") for who in (newcomer, ann)]
    inside.do(lambda session: preferences.hold_place(session, people.person(session, ann), "Australia"))
    cards += [inside.show("setup.place", ann, "en")]
    cards += [inside.show(card, ann) for card in ("setup.hours", "setup.next", "setup.alone", "setup.where")]
    inside.accepted(ann, ben)
    cards += [inside.show("setup.hours", ben)]
    inside.link(inside.person("Cleo"), ann)
    return [*cards, inside.show("setup.where", ann)]


def test_every_card_is_short_and_warm(sqlite_inside: Inside, ann: UUID) -> None:
    check(every_card(sqlite_inside, ann))


def test_every_word_goes_through_the_catalogue(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.languages = FOREIGN
    places = ("Berlin", "Kairo", "Sydney", "Brisbane", "Adelaide", "Darwin", "Perth", "Hobart", "Melbourne", "Eucla")
    cards = every_card(sqlite_inside, ann)
    extra = {label for card in cards for label in shown(card).labels if not label.startswith(("¤", "✓"))}
    check_translated(cards, names=(*places, *extra))


def test_the_next_step_is_gone_for_whoever_is_linked(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.link(ann, sqlite_inside.person("Ben"))
    assert isinstance(sqlite_inside.show("setup.next", ann), Gone)


def test_a_place_that_is_not_held_any_more_is_gone(sqlite_inside: Inside, ann: UUID) -> None:
    assert isinstance(sqlite_inside.show("setup.place", ann, "en"), Gone)


def test_whoever_has_nothing_planned_is_told_no_day(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.do(lambda session: setattr(people.person(session, ann), "next_question", None))
    assert "next question" not in shown(sqlite_inside.show("setup.where", ann)).text


def test_the_zone_card_says_nothing_about_the_partner(sqlite_inside: Inside, ann: UUID) -> None:
    before = sqlite_inside.show("setup.zone", ann, "0:en")
    sqlite_inside.link(ann, sqlite_inside.person("Ben", "Asia/Tokyo"))
    assert sqlite_inside.show("setup.zone", ann, "0:en") == before
