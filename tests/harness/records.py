"""What the database says in the end, read after the process is gone."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage.database import connect, is_sqlite
from storage.tables import Delivery, JournalNote, Message, ParkedUpdate, ProcessedUpdate
from tests.harness.places import Place

UNSEEN = "unseen"  # it waited, and when the rows were read again it was gone


@dataclass(frozen=True)
class Owed:
    """A delivery, as it was seen last."""

    key: str
    card: str
    mode: str
    state: str
    attempts: int
    message_id: int | None
    due: datetime

    @property
    def update_id(self) -> int | None:
        """The update that caused it, if one did."""
        name = self.key.partition(":")[0]
        return int(name[1:]) if name[:1] == "u" and name[1:].isdigit() else None


@dataclass
class Records:
    """Everything ever seen of the operational rows, which are pruned after 48 hours: read them more often."""

    owed: dict[str, Owed] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)  # messages of the bot that it knows of
    done: set[int] = field(default_factory=set)  # updates
    parked: set[int] = field(default_factory=set)
    notes: int = 0  # private ones, of all people

    def read(self, place: Place) -> None:
        """Look into the database; on SQLite nobody else may have it open."""
        engine = connect(place.database)
        try:
            check_whole(engine)
            with Session(engine) as session:
                self._read(session)
        finally:
            engine.dispose()

    def _read(self, session: Session) -> None:
        there = set(session.exec(select(Delivery.key)))
        for owed in [each for each in self.owed.values() if each.state == "waiting" and each.key not in there]:
            self.owed[owed.key] = replace(owed, state=UNSEEN)
        for row in session.exec(select(Delivery).order_by(col(Delivery.id))):
            self.owed[row.key] = Owed(
                row.key, row.card, row.mode, row.state, row.attempts, row.message_id or row.nudge_id, row.due
            )
            self.known |= {one for one in (row.message_id, row.nudge_id) if one is not None}
        self.known.update(session.exec(select(Message.message_id)))
        self.done.update(session.exec(select(ProcessedUpdate.update_id)))
        self.notes = len(session.exec(select(JournalNote.id)).all())
        self.parked.update(session.exec(select(ParkedUpdate.update_id)))


def check_whole(engine: Engine) -> None:
    """After whatever happened, the file is sound and no row points at nothing."""
    if is_sqlite(engine):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
