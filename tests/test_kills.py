"""The process is killed again and again, at random moments and at every named point, on both databases.

What the phones saw is compared with what was done (see `tests/harness`): nothing is lost, nothing comes twice, private
words open for both or for neither. A failure says how to play it again, and where what happened is written down.
"""

import pytest

from tests.databases import is_for_every
from tests.harness import weeks
from tests.harness.nursery import Nursery
from tests.harness.places import DATABASES, SQLITE, Grounds
from tests.harness.runs import MOMENTS, SMALL, TURNS, Runs
from tests.harness.stories import Line

LEAST_KILLS = 20
HANDED_OVER = ("before_commit", "after_commit", "batch_done")  # batch_done: kept, and not answered yet


@pytest.fixture
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Runs:
    """Runs on the database that the test is for."""
    kind: str = request.param
    server = None if kind == SQLITE else request.getfixturevalue("postgres")
    return Runs(kind, Grounds(tmp_path_factory.mktemp("kills"), server), nursery)


@pytest.fixture(scope="module")
def calm(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Line]]:
    """How the full path ends when nothing goes wrong."""
    return Runs(SQLITE, Grounds(tmp_path_factory.mktemp("calm")), nursery).along_the_path(None)


@pytest.mark.parametrize("runs", DATABASES, indirect=True)
def test_whatever_people_do_and_whenever_it_dies_every_promise_holds(runs: Runs) -> None:
    runs.at_random(SMALL)
    assert runs.kills >= LEAST_KILLS


@pytest.mark.either_database
@pytest.mark.parametrize("runs", DATABASES, indirect=True)
def test_a_backlog_is_applied_once_and_in_order_wherever_it_dies(runs: Runs) -> None:
    runs.through_backlogs()


@pytest.mark.either_database
@pytest.mark.parametrize("runs", DATABASES, indirect=True)
def test_a_backlog_that_comes_over_a_webhook_is_applied_once_and_in_order_wherever_it_dies(runs: Runs) -> None:
    runs.through_webhooks(HANDED_OVER)
    assert runs.kills >= 3 * 2 * len(HANDED_OVER)


@pytest.mark.either_database
@pytest.mark.parametrize("runs", DATABASES, indirect=True)
def test_every_reveal_is_seen_once_by_both_though_it_dies_on_the_way(runs: Runs) -> None:
    runs.through_reveals()
    assert runs.kills >= len(MOMENTS)


@pytest.mark.either_database  # the longest of all
@pytest.mark.parametrize("runs", DATABASES, indirect=True)
def test_every_weekly_page_is_seen_by_both_though_it_dies_on_the_way(
    runs: Runs, request: pytest.FixtureRequest
) -> None:
    moments = weeks.MOMENTS if is_for_every(request.config) else weeks.MOMENTS[::2]
    runs.through_weeks(moments)
    assert runs.kills >= len(moments)


@pytest.mark.either_database  # each kills a hundred times
@pytest.mark.parametrize("runs", DATABASES, indirect=True)
@pytest.mark.parametrize(
    "turn", [0, *(pytest.param(each, marks=pytest.mark.waits_for_check) for each in range(1, TURNS))]
)
def test_the_full_path_ends_the_same_though_it_dies_in_every_step(
    runs: Runs, turn: int, calm: dict[str, list[Line]]
) -> None:
    assert runs.along_the_path(turn) == calm
