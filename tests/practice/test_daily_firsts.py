"""The first question of a person, and of a couple."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from bot.practice import times
from bot.practice.firsts import ask_first
from storage import people, planning
from storage.tables import Checkin, Occasion
from tests.inside import LIBRARY, Inside
from tests.post import Mailbox, Post

EVENING = 20 * 60


@pytest.fixture
def post(sqlite_inside: Inside) -> Post:
    return Post(sqlite_inside)


def firsts(post: Post, box: Mailbox) -> list[Checkin]:
    """A person's first questions, in the order in which they last came."""
    query = (
        select(Checkin).where(Checkin.person_id == box.person_id, Checkin.kind == "first").order_by(col(Checkin.turn))
    )
    return post.do(lambda session: list(session.exec(query)))


def evening(post: Post) -> None:
    _, at = times.next_occurrence(post.clock.now(), minute=EVENING, days=127, zone="Europe/Berlin")
    post.pass_to(at)


def question(box: Mailbox) -> str:
    """The question of the newest card that has one."""
    return box.newest("Not today").text.split("\n\n")[0]


def test_whoever_is_invited_is_asked_the_same_as_the_inviter(post: Post) -> None:
    for number in range(6):
        ann = post.person(f"Ann {number}")
        chat = post.inside.chat()
        ben_id = post.inside.newcomer("Ben", chat)
        _, token = post.inside.invite(ann.person_id)
        invite_id = post.inside.open(ben_id, token)
        assert invite_id is not None
        post.inside.accept(ben_id, invite_id)
        ben = post.box(ben_id)
        post.inside.settle_in(ben_id)
        post.deliver()
        assert question(ben) == question(ann)


@pytest.mark.parametrize(("minutes", "comes"), [(31, True), (29, False)])
def test_whoever_comes_shortly_before_the_evening_has_a_question_of_the_day_only_the_day_after(
    post: Post, minutes: int, comes: bool
) -> None:
    _, at = times.next_occurrence(post.clock.now(), minute=EVENING, days=127, zone="Europe/Berlin")
    post.pass_to(at - timedelta(minutes=minutes))
    ann = post.person("Ann")
    for number in (1 + comes, 2 + comes):
        evening(post)
        assert len({message.id for message in ann.shown.values()}) == number


def test_a_first_question_that_waits_is_asked_again_and_not_another(post: Post) -> None:
    ann = post.person("Ann")

    def ask(session: Session) -> UUID:
        person = people.person(session, ann.person_id)
        return ask_first(session, person, library=LIBRARY, random=post.random, now=post.clock.now(), key="again").id

    assert post.do(ask) == firsts(post, ann)[0].id
    post.deliver()
    assert len(firsts(post, ann)) == 1
    assert sum("Not today" in each.labels for each in ann.shown.values()) == 2


def test_two_answers_that_wait_open_with_the_link(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    for box in (ann, ben):
        box.say(f"From {box.address}.")
        box.tap("Share")
    post.pass_time(hours=24 * 9)
    post.link(ann, ben)
    assert f"From {ben.address}." in ann.last.text
    assert f"From {ann.address}." in ben.last.text


def test_an_answer_that_waits_says_after_the_link_how_it_opens(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    ann.say("From Ann.")
    mine = ann.newest("Share")
    ann.tap("Share")
    assert "until you are linked" in mine.text
    post.link(ann, ben)
    assert "until you are linked" not in mine.text
    assert "If you both share" in mine.text


def test_the_window_is_48_hours_from_the_link(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    ann.say("From Ann.")
    ann.tap("Share")
    post.link(ann, ben)
    first = ben.newest("Not today")
    post.pass_time(hours=48)
    ben.say("From Ben.", reply_to=first.id)
    assert ben.last.text == "This card is closed."
    assert not ann.offers("That stung")


def test_a_first_question_that_lies_far_back_is_asked_again_at_the_link(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    first = question(ann)
    ben.tap("Not today")
    evening(post)
    assert question(ann) != first
    post.link(ann, ben)
    assert question(ann) == first
    assert "Not today" in ben.last.labels
    ann.say("At last the first one.")
    assert ann.newest("Share").text.startswith(first)


def test_a_first_question_that_is_at_hand_is_not_asked_twice(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    shown = len(ann.shown)
    post.link(ann, ben)
    assert sum("Not today" in each.labels for each in ann.shown.values()) == 1
    assert len(ann.shown) == shown


def test_linking_twice_on_one_day_begins_anew(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    for box in (ann, ben):
        box.say("Once.")
        box.tap("Share")
    post.unlink(ann, couple_id)
    post.link(ann, ben)
    assert question(ann) == question(ben)
    for box in (ann, ben):
        assert len(firsts(post, box)) == 2
        assert len({each.prompt_id for each in firsts(post, box)}) == 2
        box.say("Twice.")
        box.tap("Share")
    assert ann.last.text.count("Twice.") == 2


def test_what_was_not_open_before_the_end_does_not_open_with_the_next_link(post: Post) -> None:
    """S4."""
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    ann.say("Before the end.")
    ann.tap("Share")
    post.unlink(ben, couple_id)
    post.link(ann, ben)
    ben.say("Hello again.")
    ben.tap("Share")
    assert "Before the end." not in ben.everything()
    assert not ben.offers("That stung")


def test_somebody_with_a_waiting_answer_keeps_it_when_the_other_has_none(post: Post) -> None:
    ann, ben, cleo = (post.person(name) for name in ("Ann", "Ben", "Cleo"))
    couple_id = post.link(ann, ben)
    for box in (ann, ben):
        box.say("Once.")
        box.tap("Share")
    post.unlink(ann, couple_id)
    cleo.say("I have waited for you.")
    cleo.tap("Share")
    post.link(cleo, ben)
    asked_before = {each.prompt_id for each in firsts(post, ben)[:-1]}
    assert firsts(post, ben)[-1].prompt_id not in asked_before
    ben.say("And I for you.")
    ben.tap("Share")
    assert "I have waited for you." in ben.last.text
    assert "And I for you." in cleo.last.text


def test_the_others_question_is_taken_by_whoever_does_not_know_it(post: Post) -> None:
    cleo = post.person("Cleo")
    waiting = firsts(post, cleo)[0].prompt_id
    for _ in range(8):
        ben = post.person("Ben")

        def use_up(session: Session, person_id: UUID = ben.person_id) -> str:
            first = session.exec(select(Checkin).where(Checkin.person_id == person_id)).one()
            first.closed = True
            return first.prompt_id

        known = post.do(use_up)
        couple_id = post.link(cleo, ben)
        assert (firsts(post, ben)[-1].prompt_id == waiting) == (known != waiting)
        post.unlink(cleo, couple_id)
        cleo = post.person("Cleo")
        waiting = firsts(post, cleo)[0].prompt_id


def test_an_occasion_knows_its_couple_and_its_date(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    (occasion,) = post.do(lambda session: list(session.exec(select(Occasion))))
    assert (occasion.couple_id, occasion.kind, occasion.on_date) == (couple_id, "first", post.clock.now().date())
    assert post.do(lambda session: planning.couple_of(session, person_id=ann.person_id)[1].id) == ben.person_id  # type: ignore[index]
    assert LIBRARY.prompt(occasion.prompt_id).first
