"""S22: what was revealed is never rewritten; its author can take it back at any time."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, delete, select

from bot.messages.buttons import (
    AddToAnswer,
    AskTakeBack,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    NotToday,
    PickChoice,
    RemoveTyped,
    ReplaceAnswer,
    ShareAnswer,
    TakeMineBack,
    UnshareAnswer,
)
from bot.messages.payload import Payload
from storage import daily
from storage.tables import Delivery, Message
from tests.inside import Inside
from tests.post import Mailbox, Post, Shown


@pytest.fixture
def post(sqlite_inside: Inside) -> Post:
    return Post(sqlite_inside)


def open_first(post: Post, *, held: bool = False) -> tuple[Mailbox, Mailbox, list[Payload]]:
    """Two people whose answers are open, and every button that could change Ann's."""
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.say("From Ann.")
    ann.tap("Share")
    now = post.clock.now()
    checkin, mark = post.do(lambda session: _first(session, ann, now))
    if held:
        ann.say("Second thoughts.")
    held_mark = post.do(lambda session: daily.mark_of_held(session, person_id=ann.person_id, about=checkin))
    ben.say("From Ben.")
    ben.tap("Share")
    buttons: list[Payload] = [kind(checkin) for kind in (EditAnswer, KeepAnswer, UnshareAnswer, NotToday, RemoveTyped)]
    buttons += [kind(checkin, held_mark) for kind in (ReplaceAnswer, AddToAnswer, LeaveAnswer)]
    return ann, ben, [*buttons, PickChoice(checkin, 0, 0), ShareAnswer(checkin, mark)]


def _first(session: Session, box: Mailbox, now: datetime) -> tuple[UUID, int]:
    checkin = daily.open_checkins(session, person_id=box.person_id, now=now)[0]
    answer = daily.answer_to(session, checkin_id=checkin.id)
    assert answer is not None
    return checkin.id, daily.mark_of(answer)


@pytest.mark.parametrize("held", [False, True])
def test_no_old_button_changes_what_is_open(post: Post, held: bool) -> None:
    ann, ben, buttons = open_first(post, held=held)
    before = ben.everything()
    for button in buttons:
        ann.press(button)
        assert ann.toasts[-1].text == "This card is closed."
    ann.say("Other words.")
    assert ben.everything() == before
    ann.command("today")
    assert "From Ann." in ann.last.text


def test_words_typed_after_edit_come_too_late_when_it_has_opened(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.say("From Ann.")
    edit = ann.newest("Edit").button("Edit")
    ann.tap("Share")
    ben.say("From Ben.")
    ben.tap("Share")
    ann.press(edit)
    ann.say("Other words.")
    assert "Other words." not in ben.everything()
    assert "Other words." not in ann.everything()


def test_it_can_be_taken_back_weeks_later_and_nothing_says_when(post: Post) -> None:
    ann, ben, _ = open_first(post)
    opened = ben.newest("That stung")
    post.pass_time(hours=24 * 40)
    ann.tap("Take mine back")
    ann.tap("Take mine back")
    assert "No longer shown" in opened.text
    assert "From Ann." not in opened.text
    assert "From Ben." in opened.text
    assert not any(character.isdigit() for character in opened.text)


def test_words_taken_back_while_they_travel_do_not_stay(post: Post) -> None:
    """Ben's card is rendered, Ann takes her words back, and only then the old card arrives in his chat."""
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    for box in (ann, ben):
        box.say(f"From {box.address}.")
        box.tap("Share")
    opened = ben.newest("That stung")
    reveal = ann.newest("That stung").button("Take mine back")
    assert isinstance(reveal, AskTakeBack)
    ben.post.do(lambda session: put_on_its_way(session, ben, opened))
    ann.press(TakeMineBack(reveal.reveal_id))
    assert "No longer shown" in opened.text
    assert f"From {ann.address}." not in opened.text


def put_on_its_way(session: Session, box: Mailbox, message: Shown) -> None:
    """As if the message stood there as a nudge, and the words were just being edited in."""
    row = session.exec(select(Delivery).where(Delivery.message_id == message.id, Delivery.card == "daily.reveal")).one()
    row.state, row.message_id, row.nudge_id = "waiting", None, message.id
    row.due += timedelta(hours=1)  # somebody else has claimed it
    session.execute(delete(Message).where(col(Message.message_id) == message.id))


def test_after_the_end_it_can_be_taken_back_all_the_same(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    for box in (ann, ben):
        box.say(f"From {box.address}.")
        box.tap("Share")
    opened = ben.newest("That stung")
    post.unlink(ann, couple_id)
    ann.tap("Take mine back")
    ann.tap("Take mine back")
    assert f"From {ann.address}." not in opened.text
