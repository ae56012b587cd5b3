"""How much room and closeness people had and wanted, day by day, under their own seal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from storage import sealing
from storage.tables import Pulse, SummaryPreview

PARTS = 4  # room now, room wanted, closeness now, closeness wanted


@dataclass(frozen=True, slots=True)
class Values:
    """One day's pulse: 1 (little) to 5 (plenty), None for what was not tapped."""

    room_now: int | None = None
    room_wanted: int | None = None
    closeness_now: int | None = None
    closeness_wanted: int | None = None

    @property
    def parts(self) -> tuple[int | None, ...]:
        """All four, in the order of PARTS."""
        return self.room_now, self.room_wanted, self.closeness_now, self.closeness_wanted

    @property
    def is_whole(self) -> bool:
        """Whether all four are there."""
        return None not in self.parts


def on_day(session: Session, *, person_id: UUID, on: date) -> Pulse | None:
    """The person's pulse of one local date."""
    return session.exec(select(Pulse).where(Pulse.person_id == person_id, Pulse.on_date == on)).first()


def between(session: Session, *, person_id: UUID, first: date, last: date) -> list[Pulse]:
    """The person's pulses of these local dates, both included, oldest first."""
    query = (
        select(Pulse)
        .where(Pulse.person_id == person_id, col(Pulse.on_date).between(first, last))
        .order_by(col(Pulse.on_date))
    )
    return list(session.exec(query))


def pulse(session: Session, *, pulse_id: UUID) -> Pulse | None:
    """The pulse with this id."""
    return session.get(Pulse, pulse_id)


def keep(session: Session, *, person_id: UUID, on: date, part: int, value: int) -> Pulse:
    """Keep one of the four values of a day, in the place of an earlier one."""
    row = on_day(session, person_id=person_id, on=on) or Pulse(person_id=person_id, on_date=on, values_sealed=b"")
    parts = list(values(session, row).parts if row.values_sealed else Values().parts)
    parts[part] = value
    sealing.seal(session, row, "values_sealed", json.dumps(parts), owner=person_id)
    session.add(row)
    session.flush()
    return row


def values(session: Session, of: Pulse) -> Values:
    """What was tapped on that day; raises KeyGone."""
    parts: Sequence[int | None] = json.loads(sealing.opened(session, of, "values_sealed", owner=of.person_id))
    return Values(*parts)


def is_approved(session: Session, of: Pulse) -> bool:
    """Whether it stands on a page that its person approved: then it is not rewritten."""
    query = select(SummaryPreview.id).where(SummaryPreview.pulse_id == of.id, SummaryPreview.state == "approved")
    return session.exec(query.limit(1)).first() is not None
