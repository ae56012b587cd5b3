from random import Random

import pytest

from schedules.clock import Ring
from schedules.pairing import end_invites
from tests.inside import LIBRARY, Inside, inside

pytestmark = pytest.mark.every_database

__all__ = ["inside"]


def test_a_second_run_at_the_same_time_changes_nothing(inside: Inside) -> None:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    invite_id = inside.accepted(ann, ben)
    inside.later(hours=48)
    runs = [
        inside.units.submit(lambda session: end_invites(Ring(session, inside.now, LIBRARY, Random(7))))
        for _ in range(4)
    ]
    assert [run.result(60) for run in runs] == [False] * 4
    assert inside.state(invite_id) is None
    assert inside.owed(ben).count("pairing.ended") == 1
