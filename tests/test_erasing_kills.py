"""Deleting everything while the process is killed at every named point: it ends the same, and nobody can be read."""

from random import Random

import pytest
from sqlmodel import Session, select

from bot.wire.points import NAMES
from storage.database import connect
from storage.tables import Answer, Erasure, Person
from tests.figures import drawn, is_soaked, reached
from tests.harness import path
from tests.harness.nursery import Nursery
from tests.harness.places import DATABASES, SQLITE, Grounds
from tests.harness.world import World

POINTS = [name for name in NAMES if name != "nudged"]  # nothing of a deletion is announced
ANNS = "Ann thinks of the sea"


@pytest.fixture
def grounds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Grounds]:
    kind: str = request.param
    server = None if kind == SQLITE else request.getfixturevalue("postgres")
    return kind, Grounds(tmp_path_factory.mktemp("erasing"), server)


@pytest.mark.parametrize("grounds", DATABASES, indirect=True)
@pytest.mark.parametrize("point", POINTS)
async def test_deleting_ends_the_same_wherever_it_dies(
    grounds: tuple[str, Grounds], point: str, nursery: Nursery
) -> None:
    kind, places = grounds
    place = places.place(kind)
    async with World(place, nursery=nursery) as world:
        two = path.two_in(world)
        await path.walk(two, path.SETTING_UP)
        assert two.ben.shows(ANNS)
        world.say(two.ann, "/pause")
        await world.settle()
        world.tap(two.ann, "Until I say so")
        await world.settle()
        world.say(two.ann, "/delete")
        await world.settle()
        await world.die_at_each(*fate(point))
        world.tap(two.ann, "Delete everything")
        await world.settle()
        await world.disarm()
        for _ in range(12):
            await world.pass_time(seconds=30)
        assert world.kills >= 1 or is_soaked()
        reached("kills", world.kills)
        said = [message.text for message in two.ann.from_bot]
        assert any("Everything of yours is deleted" in text for text in said), said
        assert not any(ANNS in text for text in said)
        assert not any(ANNS in message.text for message in two.ben.from_bot)
        await world.kill()
        check(place.database)


def fate(point: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """The first and the second time; in a soak, any time."""
    random = Random(f"{drawn(0)} {point}")
    return ((point, random.randint(1, 6)), (point, random.randint(1, 6))) if is_soaked() else ((point, 1), (point, 2))


def check(database: str) -> None:
    engine = connect(database)
    with Session(engine) as session:
        assert len(session.exec(select(Person)).all()) == 1
        assert session.exec(select(Erasure)).all() == []
        assert len(session.exec(select(Answer)).all()) <= 1
    engine.dispose()
