"""S20, S29, S21: whatever goes to a partner passes one door; control patterns do not, and nothing records a breach."""

import re

import pytest
from sqlmodel import select

from storage import tables
from storage.tables import Agreement, BoundaryCard, Response
from tests.inside import Inside
from tests.post import Mailbox
from tests.weeks import Weeks, finish, linked, write

CONTROL = "Would you share your location with me?"
REFUSED = "cannot be agreed on here"


@pytest.fixture
def sunday(sqlite_inside: Inside) -> Weeks:
    weeks = linked(sqlite_inside)
    weeks.sunday()
    return weeks


def refuses(box: Mailbox, words: str = CONTROL) -> None:
    box.say(words)
    assert REFUSED in box.last.text


def test_no_text_on_its_way_to_a_partner_can_control(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    ann.tap("Other topic")
    ann.tap("A topic of my own")
    refuses(ann)
    ann.command("weekly")
    ann.tap("Yes", on=ann.last)
    refuses(ann)
    ann.command("weekly")
    ann.tap("Pass over", on=ann.last)
    for kind in ("Limit", "Request", "Hope"):
        ann.tap(kind)
        refuses(ann)
        ann.command("weekly")
    ann.tap("Decide together", on=ann.last)
    refuses(ann, f"{CONTROL}\nYes\nNo")
    refuses(ann, f"Where?\n{CONTROL}\nHere")
    ann.say("Where do we go?\nThe lake\nThe hills")
    for label in ("Must stay", "Can bend"):
        ann.tap(label)
        refuses(ann)
        ann.say("The lake is near.")
    ann.tap("Share")
    write(ann, "Request", "Would you sing?")
    finish(ann)
    finish(ben)
    ben.tap("Theirs: Request 2")
    ben.tap("Counter")
    refuses(ben)
    ben.say("Would you hum?")
    ben.tap("Theirs: Request 2", on=ben.last)
    ben.tap("Say what I heard")
    refuses(ben)
    for box in (ann, ben):
        assert "location" not in other(sunday, box).everything()
    assert all(each.words_sealed for each in sunday.post.do(lambda session: list(session.exec(select(BoundaryCard)))))
    assert len(sunday.post.do(lambda session: list(session.exec(select(Response))))) == 1


def other(sunday: Weeks, box: Mailbox) -> Mailbox:
    return sunday.ben if box is sunday.ann else sunday.ann


def test_a_private_note_may_say_anything(sunday: Weeks) -> None:
    """Nobody but its author reads it, so nothing of it is refused."""
    sunday.ann.tap("Just for me")
    sunday.ann.say("You want me to share my location.")
    assert "Kept, for you alone." in sunday.ann.last.text


def test_no_row_can_hold_a_breach_or_a_penalty() -> None:
    ours = [table for table in vars(tables).values() if getattr(table, "__table__", None) is not None]
    names = {column.name for table in ours for column in table.__table__.columns}
    found = [
        name for name in names if re.search(r"breach|broken|penalt|violat|kept_count|strike|fine|score|missed", name)
    ]
    assert found == []
    assert {"state", "weeks", "review_on", "agenda"} <= {column.name for column in Agreement.__table__.columns}  # type: ignore[attr-defined]
