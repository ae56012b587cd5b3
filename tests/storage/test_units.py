"""Units of work, on both databases."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage.keys import KeyStore
from storage.tables import Lease
from storage.units import Units
from tests.storage.kept import NOON, SOON, Refused, keep, keep_and_fail, kept, together


def test_what_a_unit_returns_reaches_its_future_and_its_rows_the_database(units: Units, engine: Engine) -> None:
    assert units.submit(keep(1)).result(SOON) == 1
    assert kept(engine) == [1]


def test_a_unit_that_fails_undoes_only_itself(units: Units, engine: Engine) -> None:
    first, failing, last = together(units, keep(1), keep_and_fail(2), keep(3))
    assert (first.result(), last.result()) == (1, 3)
    assert isinstance(failing.exception(), Refused)
    assert kept(engine) == [1, 3]


def test_a_row_that_the_database_refuses_fails_only_its_unit(units: Units, engine: Engine) -> None:
    units.submit(keep(2)).result(SOON)
    first, double, last = together(units, keep(1), keep(2), keep(3))
    assert (first.result(), last.result()) == (1, 3)
    assert isinstance(double.exception(), IntegrityError)
    assert kept(engine) == [1, 2, 3]


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_even_what_ends_a_program_ends_only_its_unit(units: Units, engine: Engine, ending: type[BaseException]) -> None:
    def work(session: Session) -> None:
        keep(1)(session)
        raise ending

    failing, after = together(units, work, keep(2))
    assert isinstance(failing.exception(), ending)
    assert after.result() == 2
    assert kept(engine) == [2]


def test_nobody_is_told_before_the_commit(engine: Engine, keys: KeyStore) -> None:
    told: dict[str, bool] = {}
    ready = threading.Event()
    units = Units(
        engine, keys=keys, point=lambda name: told.update({name: future.done()}) if ready.wait(SOON) else None
    )
    future = units.submit(keep(1))
    ready.set()
    future.result(SOON)
    units.close()
    assert told == {"in_batch": False, "before_commit": False, "after_commit": False}


def test_on_sqlite_units_run_in_the_order_in_which_they_came(sqlite_engine: Engine, keys: KeyStore) -> None:
    units = Units(sqlite_engine, keys=keys)
    ran: list[int] = []
    together(units, *(lambda _, number=number: ran.append(number) for number in range(200)))
    units.close()
    assert ran == list(range(200))


def test_on_sqlite_units_that_wait_share_a_commit_up_to_a_limit(sqlite_engine: Engine, keys: KeyStore) -> None:
    points: list[str] = []
    units = Units(sqlite_engine, keys=keys, most_together=10, point=points.append)
    together(units, *map(keep, range(40)))
    units.close()
    assert points.count("after_commit") in (5, 6)  # the first holds the others back, with none to nine of them
    assert kept(sqlite_engine) == list(range(40))


def test_on_postgresql_units_run_side_by_side(postgres_engine: Engine, keys: KeyStore) -> None:
    units = Units(postgres_engine, keys=keys, workers=3)
    meeting = threading.Barrier(3)
    for future in [units.submit(lambda _: meeting.wait(SOON)) for _ in range(3)]:
        future.result(SOON)
    units.close()


def test_a_refusal_in_an_inner_part_leaves_what_was_written_around_it(units: Units, engine: Engine) -> None:
    def work(session: Session) -> str:
        keep(1)(session)
        try:
            with session.begin_nested():
                keep_and_fail(2)(session)
        except Refused:
            keep(3)(session)
            return "refused"
        return "done"

    assert units.submit(work).result(SOON) == "refused"
    assert kept(engine) == [1, 3]


def test_a_row_refused_by_the_database_in_an_inner_part_leaves_the_rest(units: Units, engine: Engine) -> None:
    units.submit(keep(1)).result(SOON)

    def work(session: Session) -> None:
        keep(2)(session)
        with pytest.raises(IntegrityError), session.begin_nested():
            keep(1)(session)
        keep(3)(session)

    units.submit(work).result(SOON)
    assert kept(engine) == [1, 2, 3]


def test_inner_parts_nest(units: Units, engine: Engine) -> None:
    def work(session: Session) -> None:
        with session.begin_nested():
            keep(1)(session)
            with pytest.raises(Refused), session.begin_nested():
                keep_and_fail(2)(session)
            with session.begin_nested():
                keep(3)(session)

    units.submit(work).result(SOON)
    assert kept(engine) == [1, 3]


def test_a_unit_cannot_end_itself_early(units: Units, engine: Engine) -> None:
    def commits(session: Session) -> None:
        keep(1)(session)
        session.commit()

    def rolls_back(session: Session) -> None:
        keep(2)(session)
        session.rollback()

    early, undone, fine = together(units, commits, rolls_back, keep(3))
    assert "committed when it returns" in str(early.exception())
    assert "undone by raising" in str(undone.exception())
    assert fine.result() == 3
    assert kept(engine) == [3]


def test_a_failed_flush_cannot_be_ignored(units: Units, engine: Engine) -> None:
    units.submit(keep(1)).result(SOON)

    def work(session: Session) -> None:
        keep(2)(session)
        session.flush()
        keep(1)(session)
        with pytest.raises(IntegrityError):
            session.flush()

    ignoring, after = together(units, work, keep(3))
    assert ignoring.exception() is not None
    assert after.result() == 3
    assert kept(engine) == [1, 3]


def test_a_unit_reads_what_units_before_it_wrote(units: Units) -> None:
    def change(session: Session) -> str:
        lease = session.exec(select(Lease)).one()
        seen, lease.holder = lease.holder, lease.holder + "!"
        return seen

    units.submit(lambda session: session.add(Lease(name="x", holder="a", until=NOON))).result(SOON)
    assert [units.submit(change).result(SOON) for _ in range(3)] == ["a", "a!", "a!!"]


def test_rows_that_a_unit_returns_can_still_be_read(units: Units) -> None:
    def work(session: Session) -> Lease:
        lease = Lease(name="x", holder="a", until=NOON)
        session.add(lease)
        return lease

    lease = units.submit(work).result(SOON)
    assert (lease.holder, lease.until) == ("a", NOON)


def test_a_unit_finds_the_key_store_in_its_session(units: Units, keys: KeyStore) -> None:
    owner = uuid4()
    key = units.submit(lambda session: session.info["keys"].create(owner)).result(SOON)
    assert keys.data_key(owner) == key


def test_what_one_unit_notes_in_its_session_no_other_sees(units: Units) -> None:
    def note(session: Session) -> bool:
        seen = "note" in session.info
        session.info["note"] = True
        return seen

    assert [future.result() for future in together(units, note, note)] == [False, False]


def owing(work: Callable[[Session], int]) -> Callable[[Session], int]:
    """The same, and it owes a delivery."""

    def unit(session: Session) -> int:
        session.info["owes"] = True
        return work(session)

    return unit


def test_a_commit_that_owes_something_wakes_whoever_pays(engine: Engine, keys: KeyStore) -> None:
    woken: SimpleQueue[list[int]] = SimpleQueue()
    units = Units(engine, keys=keys, after_commit=lambda: woken.put(kept(engine)))
    units.submit(owing(keep(1))).result(SOON)
    assert woken.get(timeout=SOON) == [1]  # it may come a little after the result
    units.submit(keep(2)).result(SOON)
    with pytest.raises(Refused):
        units.submit(owing(keep_and_fail(3))).result(SOON)
    units.close()
    assert woken.empty()


def test_a_waker_that_fails_harms_nobody(engine: Engine, keys: KeyStore, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise Refused

    units = Units(engine, keys=keys, after_commit=fail)
    with caplog.at_level(logging.ERROR):
        assert units.submit(owing(keep(1))).result(SOON) == 1
        assert units.submit(owing(keep(2))).result(SOON) == 2
        units.close()
    assert [record.message for record in caplog.records] == ["after_commit_failed"] * 2


def test_a_watcher_that_fails_leaves_nobody_waiting(engine: Engine, keys: KeyStore) -> None:
    def fail(name: str) -> None:
        if name == "after_commit":
            raise Refused

    units = Units(engine, keys=keys, point=fail)
    assert units.submit(keep(1)).exception(SOON) is not None
    units.close()


def test_a_unit_that_a_watcher_stops_leaves_nothing(engine: Engine, keys: KeyStore) -> None:
    def fail(name: str) -> None:
        if name == "in_batch" and not units_seen:
            units_seen.append(name)
            raise Refused

    units_seen: list[str] = []
    units = Units(engine, keys=keys, workers=1, point=fail)
    stopped, after = units.submit(keep(1)), units.submit(keep(2))
    assert isinstance(stopped.exception(SOON), Refused)
    assert after.result(SOON) == 2
    units.close()
    assert kept(engine) == [2]


def test_the_length_of_every_unit_is_told(engine: Engine, keys: KeyStore) -> None:
    seconds: list[float] = []
    units = Units(engine, keys=keys, observe=seconds.append)
    together(units, keep(1), keep_and_fail(2))
    units.close()
    assert len(seconds) == 3
    assert all(0 <= length < SOON for length in seconds)


def test_a_unit_that_was_called_off_while_it_waited_does_not_run(engine: Engine, keys: KeyStore) -> None:
    units = Units(engine, keys=keys, workers=1, most_together=1)
    go = threading.Event()
    opening = units.submit(lambda _: go.wait(SOON))
    called_off, after = units.submit(keep(1)), units.submit(keep(2))
    assert called_off.cancel()
    go.set()
    assert (opening.result(SOON), after.result(SOON)) == (True, 2)
    units.close()
    assert kept(engine) == [2]


def test_closing_runs_what_waits_and_takes_nothing_more(engine: Engine, keys: KeyStore) -> None:
    units = Units(engine, keys=keys)
    futures = [units.submit(keep(number)) for number in range(100)]
    units.close()
    units.close()
    assert [future.result(0) for future in futures] == list(range(100))
    with pytest.raises(RuntimeError, match="close"):
        units.submit(keep(100))


def test_many_threads_can_submit_at_once(units: Units, engine: Engine) -> None:
    def submit(start: int) -> None:
        for number in range(start, start + 25):
            units.submit(keep(number)).result(SOON)

    threads = [threading.Thread(target=submit, args=(start,)) for start in range(0, 200, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(engine) == list(range(200))


def test_what_is_erased_is_kept_erased_though_the_log_cannot_be_emptied(
    sqlite_engine: Engine, keys: KeyStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk breaks right after the commit; whoever waits is told what was committed."""

    def breaks(name: str) -> None:
        if name == "after_commit":
            sqlite_engine.dispose()
            (tmp_path / "rows.db").unlink()
            (tmp_path / "rows.db").mkdir()

    def erase(session: Session) -> int:
        session.info["erases"] = True
        return keep(1)(session)

    units = Units(sqlite_engine, keys=keys, point=breaks)
    with caplog.at_level(logging.ERROR):
        assert units.submit(erase).result(SOON) == 1
        units.close()
    assert "log_not_emptied" in caplog.text
