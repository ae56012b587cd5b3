"""An update is done once: who takes it a second time is told so, on either database."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from storage import updates
from storage.tables import ParkedUpdate
from storage.units import Units

NOW = datetime(2030, 5, 7, 9, tzinfo=UTC)


def take(units: Units, update_id: int, *, now: datetime = NOW) -> bool:
    return units.submit(lambda session: updates.take(session, update_id=update_id, now=now)).result(60)


def test_an_update_is_taken_once(units: Units) -> None:
    assert [take(units, number) for number in (7, 8, 7, 8, 7)] == [True, True, False, False, False]


def test_an_update_whose_unit_was_undone_can_be_taken_again(units: Units) -> None:
    def fail(session: Session) -> None:
        assert updates.take(session, update_id=7, now=NOW)
        raise RuntimeError("the handler failed")

    assert isinstance(units.submit(fail).exception(10), RuntimeError)
    assert take(units, 7)


def test_what_is_older_than_asked_for_is_forgotten(units: Units) -> None:
    take(units, 7)
    take(units, 8, now=NOW + timedelta(hours=2))
    units.submit(lambda session: updates.park(session, update_id=9, failure="x" * 100, now=NOW)).result(60)
    before = NOW + timedelta(hours=1)
    assert units.submit(lambda session: updates.prune(session, before=before)).result(60) is False
    assert units.submit(lambda session: session.exec(select(ParkedUpdate)).all()).result(60) == []
    assert [take(units, 7), take(units, 8)] == [True, False]
