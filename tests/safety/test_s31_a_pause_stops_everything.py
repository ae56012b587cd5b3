"""S31: a pause stops everything that comes in, resumes softly, and the sender sees no difference; so do quiet hours."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.messages.buttons import PauseFor, SetQuiet
from bot.practice import control, times
from storage import people
from storage.tables import Delivery, Person
from tests.inside import Inside
from tests.post import Mailbox, Post

BERLIN = "Europe/Berlin"


@pytest.fixture
def post(sqlite_inside: Inside) -> Post:
    return Post(sqlite_inside)


@pytest.fixture
def couple(post: Post) -> tuple[Mailbox, Mailbox]:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    for box in (ann, ben):
        box.say("First words.")
        box.tap("Share")
    return ann, ben


def to(post: Post, minute: int, days: int = 0) -> None:
    """Pass to the next time at which it is this minute in Berlin."""
    _, at = times.next_occurrence(post.clock.now(), minute=minute, days=127, zone=BERLIN)
    post.pass_to(at + timedelta(days=days, seconds=1))


def shared_evening(post: Post, ann: Mailbox, ben: Mailbox) -> None:
    """The next evening on which both may share."""
    while True:
        to(post, 20 * 60)
        if not any("Just for you" in box.newest("Not today").text for box in (ann, ben)):
            return


def shares(box: Mailbox, words: str) -> None:
    box.say(words)
    box.tap("Share")


def test_nothing_comes_in_until_the_person_says_so(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, ben = couple
    shared_evening(post, ann, ben)
    shares(ann, "The lake at night.")
    ann.command("pause")
    ann.tap("Until I say so")
    before = len(ann.shown)
    newest = max(ann.shown)
    states = sum(len(each.states) for each in ann.shown.values())
    shares(ben, "Soup without salt.")
    ben.tap("Thank you")
    for _ in range(5):
        post.pass_time(hours=24)
    assert len(ann.shown) == before
    assert sum(len(each.states) for each in ann.shown.values()) == states
    assert "Soup" not in ann.everything()
    assert "lake at night" in ben.everything()

    ann.command("pause")
    ann.tap("End the pause")
    assert "Soup without salt" in ann.everything()
    assert "Thank you" in ann.newest("I hear you").text
    new = [each for number, each in ann.shown.items() if number > newest]
    questions = [each for each in new if "Not today" in each.labels]
    assert questions == [], "what was not asked meanwhile is not made up for"
    to(post, 20 * 60)
    assert "Not today" in ann.last.labels


def test_a_pause_until_a_day_ends_by_itself_in_the_morning(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, ben = couple
    shared_evening(post, ann, ben)
    shares(ann, "The lake at night.")
    ann.press(PauseFor(3))
    assert "Paused until" in ann.last.text
    shares(ben, "Soup without salt.")
    post.pass_time(hours=59)  # 07:00 of the third day
    assert "Soup" not in ann.everything()
    post.pass_time(hours=2, seconds=5)
    assert "Soup" in ann.everything()
    newest = max(ann.shown)
    to(post, 20 * 60)
    assert any("Not today" in each.labels for number, each in ann.shown.items() if number > newest)


def test_a_day_can_be_typed(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, _ = couple
    ann.command("pause", "2026-03-20")
    assert "Paused until <b>Friday 20 March</b>" in ann.last.text
    for wrong in ("tomorrow", "2026-03-04", "2020-01-01", "2036-01-01", "2026-13-01"):
        ann.command("pause", wrong)
        assert "as a day to come" in ann.last.text, wrong
    assert post.do(lambda session: people.person(session, ann.person_id).paused_until) == datetime(
        2026, 3, 20, 8, tzinfo=UTC
    )


def test_who_asks_to_be_told_early_is_not_woken_later_than_their_question() -> None:
    person = Person(name_sealed=b"", language="en", zone=BERLIN, ready=True, daily_minute=7 * 60)
    assert min(control.MORNING, person.daily_minute) == 7 * 60


def test_replies_come_during_a_pause(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, _ = couple
    ann.press(PauseFor(0))
    ann.command("help")
    assert "/settings" in ann.last.text
    ann.command("today")
    ann.command("pause")
    assert "Paused." in ann.last.text


def test_an_ex_partner_who_pauses_learns_it_at_their_own_next_tap(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    ben.press(PauseFor(0))
    post.unlink(ann, couple_id, tell=True)
    assert "no longer linked" not in ben.everything()
    ben.command("help")
    assert ben.everything().count("no longer linked") == 1
    ben.command("pause")
    ben.tap("End the pause")
    assert ben.everything().count("no longer linked") == 1


# -- quiet hours


def test_what_comes_in_quiet_hours_waits_until_they_end(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, ben = couple
    shared_evening(post, ann, ben)
    shares(ann, "The lake at night.")
    ann.press(SetQuiet(22 * 60, 7 * 60))
    to(post, 23 * 60)
    shares(ben, "Soup without salt.")
    assert "Soup" not in ann.everything()
    to(post, 6 * 60 + 58)
    assert "Soup" not in ann.everything()
    to(post, 7 * 60)
    assert "Soup" in ann.everything()
    assert "lake at night" in ben.everything()


def test_quiet_hours_by_day_and_none(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, ben = couple
    shared_evening(post, ann, ben)
    shares(ann, "The lake at night.")
    ann.press(SetQuiet(9 * 60, 17 * 60))
    to(post, 12 * 60)
    shares(ben, "Soup without salt.")
    assert "Soup" not in ann.everything()
    ann.command("settings")
    ann.tap("Quiet hours")
    ann.tap("No quiet hours")
    assert "Soup" in ann.everything(), "what was held only by them comes now"


def test_a_snooze_that_was_wished_for_keeps_its_time_through_a_pause(
    post: Post, couple: tuple[Mailbox, Mailbox]
) -> None:
    ann, _ = couple
    shared_evening(post, *couple)
    ann.tap("Later")
    ann.tap("Tomorrow")
    ann.press(PauseFor(0))
    ann.command("pause")
    ann.tap("End the pause")
    shown = len([each for each in ann.shown.values() if "Not today" in each.labels])
    to(post, 9 * 60)
    assert len([each for each in ann.shown.values() if "Not today" in each.labels]) == shown + 1


def test_nonsense_is_refused_as_an_old_card(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    ann, _ = couple
    for button in (PauseFor(-1), PauseFor(9999), SetQuiet(-1, 5), SetQuiet(5, 1440)):
        ann.press(button)
        assert ann.toasts[-1].text == "This card is closed."


def test_pausing_is_nobody_elses_business(post: Post, couple: tuple[Mailbox, Mailbox]) -> None:
    """S10: the partner's own pause does nothing to the other."""
    ann, ben = couple
    ben.press(PauseFor(0))
    to(post, 20 * 60)
    assert "Not today" in ann.last.labels

    def held(session: Session) -> list[str]:
        query = select(Delivery.card).where(Delivery.person_id == ann.person_id, col(Delivery.wanted).is_not(None))
        return list(session.exec(query))

    assert post.do(held) == []
