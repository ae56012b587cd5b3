"""Deleting everything while the process is killed at every named point: it ends the same, and nobody can be read."""

from random import Random

import pytest
from sqlmodel import Session, select

from bot.wire.points import NAMES
from storage.database import connect
from storage.tables import Answer, Erasure, Person
from tests.figures import drawn, is_soaked, reached
from tests.harness import path
from tests.harness.further import together
from tests.harness.nursery import Nursery
from tests.harness.path import Two
from tests.harness.places import DATABASES, SQLITE, Grounds
from tests.harness.world import World

POINTS = [name for name in NAMES if name != "nudged"]  # nothing of a deletion is announced
ABOUT_TO_DELETE = (path.says("ann", "/pause"), path.taps("ann", "Until I say so"), path.says("ann", "/delete"))


@pytest.fixture
def grounds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Grounds]:
    kind: str = request.param
    server = None if kind == SQLITE else request.getfixturevalue("postgres")
    return kind, Grounds(tmp_path_factory.mktemp("erasing"), server)


@pytest.mark.parametrize("grounds", DATABASES, indirect=True)
async def test_deleting_ends_the_same_wherever_it_dies(grounds: tuple[str, Grounds], nursery: Nursery) -> None:
    """One couple for each named point; all live in the same world, which sets them up at the same time."""
    kind, places = grounds
    place = places.place(kind)
    async with World(place, nursery=nursery) as world:
        couples = [Two(world, world.person(f"Ann {point}"), world.person(f"Ben {point}")) for point in POINTS]
        await together(couples, (*path.SETTING_UP, *ABOUT_TO_DELETE))
        for point, two in zip(POINTS, couples, strict=True):
            assert anns_words(two) in "".join(message.text for message in two.ben.from_bot)
            before = world.kills
            await world.die_at_each(*fate(point))
            world.tap(two.ann, "Delete everything")
            await world.settle()
            await world.disarm()
            assert world.kills > before or is_soaked(), f"it did not die at {point}"
        for _ in range(12):
            await world.pass_time(seconds=30)
        reached("kills", world.kills)
        for two in couples:
            check_chats(two)
        await world.kill()
        check_rows(place.database)


def anns_words(two: Two) -> str:
    return path.words(two, two.ann, "sea")


def check_chats(two: Two) -> None:
    said = [message.text for message in two.ann.from_bot]
    assert any("Everything of yours is deleted" in text for text in said), said
    for phone in (two.ann, two.ben):
        assert not any(anns_words(two) in message.text for message in phone.from_bot), phone.name


def fate(point: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """The first and the second time; in a soak, any time."""
    random = Random(f"{drawn(0)} {point}")
    return ((point, random.randint(1, 6)), (point, random.randint(1, 6))) if is_soaked() else ((point, 1), (point, 2))


def check_rows(database: str) -> None:
    """Of each couple, one is left, with their own answer."""
    engine = connect(database)
    with Session(engine) as session:
        assert len(session.exec(select(Person)).all()) == len(POINTS)
        assert session.exec(select(Erasure)).all() == []
        assert len(session.exec(select(Answer)).all()) <= len(POINTS)
    engine.dispose()
