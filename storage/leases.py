"""What several processes on one PostgreSQL share, by the clock of the database: their own may differ from each other.

SQLite has one process by nature and needs none of this.
"""

from dataclasses import dataclass
from time import monotonic

from sqlalchemy import text
from sqlmodel import Session

POLLER = "poller"  # the row of whoever asks Telegram for updates
PACE = "pace"  # `until` in its row is the first moment that nobody has booked

# A lease, or a booking, that ends later than is possible was made while the clock of the database was wrong.
_TAKE = text(
    """
    INSERT INTO lease AS held (name, holder, until)
    VALUES (:name, :holder, clock_timestamp() + :seconds * interval '1 second')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE held.holder = excluded.holder
       OR held.until <= clock_timestamp()
       OR held.until > clock_timestamp() + interval '1 minute'
    RETURNING name
    """
)
_GIVE_BACK = text("DELETE FROM lease WHERE name = :name AND holder = :holder")
_BOOK = text(
    """
    INSERT INTO lease AS booked (name, holder, until)
    VALUES (:name, '', clock_timestamp() + (:lead + :seconds) * interval '1 second')
    ON CONFLICT (name) DO UPDATE SET until = :seconds * interval '1 second' + CASE
        WHEN booked.until <= clock_timestamp() + interval '20 seconds'
        THEN greatest(booked.until, clock_timestamp() + :lead * interval '1 second')
        ELSE clock_timestamp() + :lead * interval '1 second'
    END
    RETURNING extract(epoch FROM until) AS until, extract(epoch FROM clock_timestamp()) AS now
    """
)
_BOOKED = text("SELECT extract(epoch FROM until - clock_timestamp()) FROM lease WHERE name = :name")
_FARTHEST = 20.0
_TURN = text("SELECT pg_advisory_xact_lock(:number)")
_JOBS = 5_115_020_260  # any number that nobody else uses


@dataclass(frozen=True, slots=True)
class Places:
    """Moments in which this process alone may write a message, `apart` seconds from each other.

    `first` and `now` are seconds of the database's clock; it was `now` there at some time between `before` and `after`
    on this process's monotonic clock.
    """

    count: int
    apart: float
    first: float
    now: float
    before: float
    after: float


def take(session: Session, *, name: str, holder: str, seconds: float) -> bool:
    """Take a lease that is free, or hold one's own for longer; tells whether it is this holder's now."""
    given = {"name": name, "holder": holder, "seconds": seconds}
    return session.connection().execute(_TAKE, given).first() is not None


def give_back(session: Session, *, name: str, holder: str) -> None:
    """Let the next one have it at once."""
    session.connection().execute(_GIVE_BACK, {"name": name, "holder": holder})


def booked(session: Session) -> float:
    """For how many seconds from now all places are taken."""
    found = session.connection().execute(_BOOKED, {"name": PACE}).scalar()
    ahead = float(found) if found is not None else 0.0
    return ahead if 0.0 < ahead <= _FARTHEST else 0.0


def book(session: Session, *, count: int, apart: float, lead: float) -> Places:
    """The next free places, from `lead` seconds on. Others wait for this unit's end: let it be the last statement."""
    before = monotonic()
    given = {"name": PACE, "seconds": count * apart, "lead": lead}
    row = session.connection().execute(_BOOK, given).one()
    return Places(count, apart, float(row.until) - count * apart, float(row.now), before, monotonic())


def await_turn(session: Session) -> None:
    """Let only one unit at a time, of all processes, come past here, until that one ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_TURN, {"number": _JOBS})
