from datetime import timedelta
from uuid import UUID

import pytest

from bot.messages.card import Card, Gone
from bot.practice import control
from storage import pairing as invites
from storage import people
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown


@pytest.fixture
def ann(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ann")


def every_card(inside: Inside, ann: UUID) -> list[Card | Gone]:
    views = ["control.pause", "control.resumed", "settings.quiet", "settings.discreet", "settings.retention"]
    views += ["settings.blocks", "settings.menu", "erasing.ask", "erasing.closing", "erasing.gone", "erasing.nothing"]
    views += ["erasing.blank"]
    views += ["exporting.begun", "exporting.failed"]
    cards = [inside.show(view, ann) for view in views]
    cards += [inside.show("control.shorter", ann, str(days)) for days in (30, 90, 365)]
    ben, carl = inside.person("Ben"), inside.chat()

    def change(session: object) -> None:
        person = people.person(session, ann)  # type: ignore[arg-type]
        person.discreet, person.retention, person.quiet_from, person.quiet_to = True, 90, 60, 120
        person.paused, person.paused_until = True, inside.now + timedelta(days=3)
        for blocked in (people.person(session, ben).chat_id, carl.id):  # type: ignore[arg-type]
            invites.block(session, chat_id=person.chat_id, blocked_id=blocked)  # type: ignore[arg-type]

    inside.do(change)
    cards += [inside.show(view, ann) for view in views]
    inside.do(lambda session: setattr(people.person(session, ann), "paused_until", None))
    return [*cards, inside.show("control.pause", ann)]


def test_every_card_is_short_and_warm(sqlite_inside: Inside, ann: UUID) -> None:
    check(every_card(sqlite_inside, ann))


def test_every_word_goes_through_the_catalogue(sqlite_inside: Inside, ann: UUID) -> None:
    sqlite_inside.languages = FOREIGN
    check_translated(every_card(sqlite_inside, ann))


def test_what_is_set_is_marked_once(sqlite_inside: Inside, ann: UUID) -> None:
    for view in ("quiet", "retention"):
        marked = [label for label in shown(sqlite_inside.show(f"settings.{view}", ann)).labels if label.startswith("✓")]
        assert len(marked) == 1, view


def test_who_is_blocked_is_named_as_far_as_they_are_here(sqlite_inside: Inside, ann: UUID) -> None:
    every_card(sqlite_inside, ann)
    labels = shown(sqlite_inside.show("settings.blocks", ann)).labels
    assert sorted(labels) == ["Back", "Unblock Ben", "Unblock somebody"]


def test_keeping_words_for_a_shorter_time_is_asked_about(sqlite_inside: Inside, ann: UUID) -> None:
    def ask(session: object) -> list[bool]:
        person = people.person(session, ann)  # type: ignore[arg-type]
        found = [control.removes_more(person, days) for days in control.RETENTIONS]
        person.retention = 90
        return found + [control.removes_more(person, days) for days in control.RETENTIONS]

    assert sqlite_inside.do(ask) == [False, True, True, True, False, True, False, False]
