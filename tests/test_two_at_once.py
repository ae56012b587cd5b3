"""G4, G3: two processes do the same thing at the same moment, on one PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, select

from storage.tables import Delivery
from tests.conftest import Place
from tests.inside import Inside
from tests.post import Post
from tests.postgres import Server
from tests.safety.test_s11_both_or_neither import first_of, opened
from tests.twin import at_once, twins

RACES = 6
RINGS = (  # from a Wednesday noon, UTC: evenings of two zones, the Sunday's invitations, and when all that is over
    timedelta(days=1, hours=7, minutes=1),
    timedelta(days=1, hours=13, minutes=1),
    timedelta(days=4, hours=5, minutes=1),
    timedelta(days=4, hours=7, minutes=1),
    timedelta(days=4, hours=11, minutes=1),
    timedelta(days=4, hours=13, minutes=1),
    timedelta(days=14),
)


@pytest.fixture
def shared_place(postgres: Server, tmp_path: Path) -> Iterator[Place]:
    """A place whose rows and keys several processes can open."""
    made = Place("postgresql", tmp_path, postgres.fresh_database(), postgres.fresh_database(empty=True))
    yield made
    for url in (made.database_url, made.keys_url):
        postgres.drop_database(url)


def test_two_who_share_in_two_processes_open_it_once(shared_place: Place) -> None:
    inside = Inside(shared_place)
    post = Post(inside)
    with twins(shared_place) as processes:
        for _ in range(RACES):
            pair = (post.person("Ann"), post.person("Ben"))
            post.link(*pair)
            for box in pair:
                box.say(f"From {box.address}.")
            firsts = [first_of(post, box) for box in pair]
            now = post.clock.now().isoformat()
            tasks = [f"share {box.person_id} {first} {now}" for box, first in zip(pair, firsts, strict=True)]
            at_once(processes, *tasks)
            assert opened(post, firsts) == (1, 2)
    inside.close()


@pytest.mark.waits_for_check
def test_jobs_that_ring_in_two_processes_at_once_do_what_one_does(
    shared_place: Place, postgres: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    """Questions, weekly invitations and what follows them, for couples and for one who is alone."""
    inside = Inside(shared_place)
    for zone in ("Europe/Berlin", "America/New_York"):
        pair = (inside.person("Ann", zone), inside.person("Ben", zone))
        inside.link(*pair)
    inside.person("Cleo")
    begin = inside.now
    inside.close()
    copy = Place("postgresql", shared_place.folder, postgres.copy_of(shared_place.database_url), shared_place.keys_url)
    done = []
    for place, count in ((shared_place, 2), (copy, 1)):
        with twins(place, count) as processes:
            for after in RINGS:
                at_once(processes, *[f"ring {(begin + after).isoformat()}"] * count)
        done.append(owed(place))
    postgres.drop_database(copy.database_url)
    assert done[0] == done[1]
    assert sum(count for (_, card, _), count in done[0].items() if card == "daily.question") >= 2 * 5
    said = capfd.readouterr()
    assert "failed" not in said.out + said.err


def owed(place: Place) -> "Counter[tuple[UUID | None, str, str]]":
    """What everybody is owed: who, which card, and on which day."""
    inside = Inside(place)

    def read(session: Session) -> "Counter[tuple[UUID | None, str, str]]":
        found = session.exec(select(Delivery)).all()
        return Counter((each.person_id, each.card, each.due.date().isoformat()) for each in found)

    found = inside.do(read)
    inside.close()
    return found
