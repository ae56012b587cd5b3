"""Leases by the clock of the database, and the turn of jobs. The pace is in tests/wire/test_shared_pace.py."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import leases
from tests.conftest import Place
from tests.inside import Inside
from tests.postgres import Server
from tests.storage.children import child, line, tell

FROZEN = """
import sys
from pathlib import Path
from tests.conftest import Place
from tests.inside import Inside
from storage import leases

folder, rows, keys = sys.argv[1:]
inside = Inside(Place("shared", Path(folder), rows, keys))
def work(session):
    leases.await_turn(session)
    print("inside", flush=True)
    sys.stdin.readline()
    leases.take(session, name="x", holder="frozen", seconds=30)
    return True
print(inside.do(work), flush=True)
"""


@pytest.fixture
def rows(postgres: Server) -> Iterator[str]:
    url = postgres.fresh_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def keys(postgres: Server) -> Iterator[str]:
    url = postgres.fresh_database(empty=True)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def shared(rows: str, keys: str, tmp_path: Path) -> Iterator[Inside]:
    inside = Inside(Place("postgresql", tmp_path, rows, keys))
    yield inside
    inside.close()


def take(inside: Inside, holder: str, seconds: float = 30.0) -> bool:
    return inside.do(lambda session: leases.take(session, name=leases.POLLER, holder=holder, seconds=seconds))


def test_one_holds_it_until_it_is_given_back(shared: Inside) -> None:
    assert take(shared, "ann")
    assert not take(shared, "ben")
    assert take(shared, "ann"), "who holds it may hold it longer"
    shared.do(lambda session: leases.give_back(session, name=leases.POLLER, holder="ben"))
    assert not take(shared, "ben")
    shared.do(lambda session: leases.give_back(session, name=leases.POLLER, holder="ann"))
    assert take(shared, "ben")


def test_what_is_over_is_anybodys(shared: Inside) -> None:
    assert take(shared, "ann", -1.0)
    assert take(shared, "ben")
    assert not take(shared, "ann")


def test_a_lease_that_ends_too_late_to_be_true_is_none(shared: Inside) -> None:
    """The clock of the database was wrong when it was taken."""
    assert take(shared, "ann", 86_400.0)
    assert take(shared, "ben")


def test_of_many_who_want_it_at_once_one_gets_it(shared: Inside) -> None:
    wanting = [
        shared.units.submit(lambda session, name=str(number): leases.take(session, name="x", holder=name, seconds=30))
        for number in range(20)
    ]
    assert sum(future.result(20) for future in wanting) == 1


def test_on_sqlite_nobody_waits_for_a_turn(sqlite_inside: Inside) -> None:
    assert sqlite_inside.do(leases.await_turn) is None  # type: ignore[func-returns-value]


def test_a_process_that_is_frozen_in_a_unit_holds_nobody_up_and_does_its_work_when_it_wakes(
    shared: Inside, rows: str, keys: str, tmp_path: Path
) -> None:
    impatient = f"{rows}&options=-c%20idle_in_transaction_session_timeout=2s"
    with child(FROZEN, tmp_path, impatient, keys) as process:
        assert line(process) == "inside"
        os.kill(process.pid, signal.SIGSTOP)
        shared.do(leases.await_turn)
        os.kill(process.pid, signal.SIGCONT)
        tell(process, "go on")
        assert line(process) == "inside", "the unit runs again"
        tell(process, "go on")
        while (said := line(process)) == "inside":
            tell(process, "go on")
        assert said == "True"
    assert not shared.do(lambda session: leases.take(session, name="x", holder="another", seconds=30))
