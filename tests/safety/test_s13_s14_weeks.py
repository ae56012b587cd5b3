"""S13, S14: a week goes along with the one who takes everything along, and goes with the one who deletes everything."""

import asyncio
import json
from collections.abc import Mapping

import pytest
from sqlmodel import select

from storage import exporting
from storage.tables import Agreement, Appreciation, BoundaryCard, SavedTopic
from tests.conftest import House
from tests.couples import couple
from tests.handlers.test_conversations import to_week
from tests.inside import Inside
from tests.phones import Phone
from tests.safety.test_s13_s16_deleting import erase
from tests.safety.test_s14_the_export import files_of
from tests.weeks import finish, linked, write

THANKS, REQUEST, HIDDEN = "The tea on Monday.", "Would you keep Sunday for us?", "I'd like us to dance again."
BENS, LIMIT, COUNT_ON, BENS_HIDDEN = (
    "That you waited for me.",
    "answer mail after eight.",
    "You will find me at dinner.",
    "I'd like us to sing.",
)
TOPIC = "The summer house"


async def prepare(phone: Phone, thanks: str, card: str, *texts: str, kept: str) -> None:
    """Thanks, a card to share, and a hope to keep."""
    await phone.tap("Yes")
    await phone.say(thanks)
    await phone.tap(card)
    for text in texts:
        await phone.say(text)
    await phone.tap("Share")
    await phone.tap("Add another")
    await phone.tap("Hope")
    await phone.say(kept)
    await phone.tap("Keep for me")
    await phone.tap("Back")
    await phone.tap("I'm finished")


@pytest.fixture
async def a_week(house: House, ann: Phone, ben: Phone) -> None:
    """A conversation with an agreement, one card kept on each side, and a saved topic."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await to_week(house)
    await prepare(ann, THANKS, "Request", REQUEST, kept=HIDDEN)
    await prepare(ben, BENS, "Limit", f"I won't {LIMIT}", COUNT_ON, kept=BENS_HIDDEN)
    await ben.tap("Try one week")
    await ann.tap("Close the week")
    await ann.tap("Save a topic")
    await ann.say(TOPIC)


async def test_a_week_is_in_the_export_as_far_as_it_is_ones_own_or_open(house: House, a_week: None, ann: Phone) -> None:
    await ann.say("/export")
    archive = files_of(house, ann)
    for name in archive.namelist():
        text = archive.read(name).decode().replace("&#39;", "'")
        for own in (THANKS, REQUEST, HIDDEN, TOPIC, LIMIT):
            assert own.replace("'", "’") in text.replace("'", "’"), (name, own)
        assert BENS_HIDDEN.replace("'", "’") not in text.replace("'", "’")
    assert json.loads(archive.read("side-by-side.json"))["format"] == 1


async def test_a_week_goes_with_its_author_and_the_partners_own_cards_stay_theirs(
    house: House, a_week: None, ann: Phone, ben: Phone
) -> None:
    await erase(house, ann)
    for words in (THANKS, REQUEST):
        assert not any(words in message.text for message in ben.screen)
    found = await asyncio.wrap_future(
        house.app.units.submit(
            lambda session: [
                len(session.exec(select(table)).all()) for table in (Agreement, Appreciation, BoundaryCard, SavedTopic)
            ]
        )
    )
    assert found == [0, 1, 2, 0]
    await ben.say("/agreements")
    assert REQUEST not in ben.last.text
    await ben.say("/export")
    text = files_of(house, ben).read("side-by-side.txt").decode().replace("'", "’")
    for words in (BENS, LIMIT, BENS_HIDDEN):
        assert words.replace("'", "’") in text
    for words in (THANKS, REQUEST, HIDDEN, TOPIC):
        assert words.replace("'", "’") not in text


def test_as_soon_as_a_partner_deletes_everything_nothing_of_theirs_is_in_an_export(inside: Inside) -> None:
    """Their key is gone at once; their rows follow in steps that may take a while."""
    weeks = linked(inside)
    weeks.sunday()
    write(weeks.ann, "Request", REQUEST, thanks=THANKS)
    finish(weeks.ann)
    write(weeks.ben, "Limit", f"I won't {LIMIT}", COUNT_ON, thanks=BENS)
    finish(weeks.ben)

    def exported() -> Mapping[str, object]:
        (week,) = inside.do(
            lambda session: exporting.conversations(session, inside.get(session, weeks.ann.person_id), None, 10)
        )
        return week

    assert exported()["partner_thanks"] == BENS
    weeks.ben.command("delete")
    weeks.ben.tap("Delete everything")
    assert inside.do(lambda session: len(session.exec(select(Appreciation)).all())) == 2, "the steps have not begun"
    left = exported()
    assert (left["thanks"], left["partner_thanks"], left["partner_cards"]) == (THANKS, None, [])
