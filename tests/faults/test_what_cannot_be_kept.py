"""Things that are no words: a kind sentence for each, and the next message is served."""

import pytest

from tests.conftest import House
from tests.couples import set_up

KINDS = ("sticker", "photo", "video", "poll", "contact", "location", "document", "dice", "animation", "audio")
KEPT = "voice note"  # the sentence says what can be kept


@pytest.mark.parametrize("kind", KINDS)
async def test_each_gets_one_sentence_that_says_what_can_be_kept(sqlite_house: House, kind: str) -> None:
    ann = sqlite_house.phone("Ann")
    await set_up(ann)
    before = len(ann.from_bot)
    await ann.send(kind)
    assert len(ann.from_bot) == before + 1
    assert KEPT in ann.last.text
    await ann.say("Tea in the morning.")
    assert ann.shows("Tea in the morning.")
