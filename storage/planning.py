"""What the planner reads about all those whose time has come at once, and what it writes of their questions."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Select, String, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.rows import core, insert_each
from storage.tables import Checkin, Membership, Occasion, Person

_MINE, _THEIRS = aliased(Membership), aliased(Membership)
_PAIR = and_(col(_THEIRS.couple_id) == col(_MINE.couple_id), col(_THEIRS.id) != col(_MINE.id))
_COUPLE = (
    select(col(_MINE.couple_id), Person)
    .join(_THEIRS, _PAIR)
    .join(Person, col(Person.id) == col(_THEIRS.person_id))
    .where(col(_MINE.person_id) == bindparam("person_id"), col(_MINE.open))
)
_LEFT = select(col(Membership.couple_id)).where(
    col(Membership.person_id) == bindparam("person_id"), col(Membership.to_be_told)
)
_SEEN = (
    select(col(Checkin.on_date), col(Checkin.prompt_id), col(Checkin.passed))
    .where(col(Checkin.person_id).in_(bindparam("person_ids", expanding=True)))
    .where(col(Checkin.on_date) >= bindparam("since"))
    .order_by(col(Checkin.on_date).desc())
)
# the same for many, without objects
_mine, _theirs = core(Membership).alias("mine"), core(Membership).alias("theirs")
_person, _occasion, _checkin = core(Person), core(Occasion), core(Checkin)
_ANY_OF: Any = bindparam("any_of", expanding=True)
_COUPLES: Select[Any] = (
    select(_mine.c.person_id, _mine.c.couple_id, _person.c.id, _person.c.depth, _person.c.themes_off)
    .join_from(_mine, _theirs, and_(_theirs.c.couple_id == _mine.c.couple_id, _theirs.c.id != _mine.c.id))
    .join(_person, _person.c.id == _theirs.c.person_id)
    .where(_mine.c.person_id.in_(_ANY_OF), _mine.c.open)
)
_LEFT_BY = select(_mine.c.person_id, _mine.c.couple_id).where(_mine.c.person_id.in_(_ANY_OF), _mine.c.to_be_told)
_DAYS: Select[Any] = (
    select(_occasion.c.couple_id, _occasion.c.on_date, _occasion.c.id, _occasion.c.prompt_id, _occasion.c.closes)
    .where(_occasion.c.couple_id.in_(_ANY_OF), _occasion.c.kind == "daily")
    .where(_occasion.c.on_date.in_(bindparam("dates", expanding=True)))
)
# a line for each check-in, since half a year of rows for each of two people takes long to be made objects of
_LINE = (
    cast(_checkin.c.on_date, String),
    cast(_checkin.c.turn + 1_000_000, String),  # so that lines are in order
    _checkin.c.kind,
    case((or_(_checkin.c.skipped, _checkin.c.snoozes > 0, _checkin.c.passed != ""), "touched"), else_=""),
    cast(_checkin.c.id, String),
    _checkin.c.prompt_id,
    _checkin.c.passed,
)
_ASKED = (
    select(_checkin.c.person_id, func.aggregate_strings(reduce(lambda line, part: line + "|" + part, _LINE), "\n"))
    .where(_checkin.c.person_id.in_(_ANY_OF), _checkin.c.on_date >= bindparam("since"))
    .group_by(_checkin.c.person_id)
)
_NEWEST = select(func.max(_checkin.c.turn)).where(_checkin.c.person_id == _person.c.id).scalar_subquery()
_TURNS = select(_person.c.id, func.coalesce(_NEWEST, 0)).where(_person.c.id.in_(_ANY_OF))


class Taste(NamedTuple):
    """What somebody may be asked."""

    id: UUID
    depth: int
    themes_off: str


class Shared(NamedTuple):
    """What a couple is asked on a date."""

    id: UUID
    prompt_id: str
    closes: datetime


class Asked(NamedTuple):
    """What somebody was asked on a date."""

    on_date: date
    kind: str
    touched: bool  # skipped, put off or replaced
    id: str
    prompt_id: str
    passed: str = ""


@dataclass(slots=True)
class Sheet:
    """What has to be known of people who are asked together, each on a date, and what they are asked.

    Two of a couple may be among them: what the one is asked is known when it is the other's turn. `write` keeps it.
    """

    couples: Mapping[UUID, tuple[UUID, Taste]]  # of those who are in one, with their partner
    left: Mapping[UUID, UUID]  # the couples whose end somebody has not learned of
    _shared: dict[tuple[UUID, date], Shared]
    _asked: dict[UUID, list[Asked]]  # newest first
    _turns: dict[UUID, int]
    _occasions: list[Mapping[str, Any]] = field(default_factory=list)
    _checkins: list[Mapping[str, Any]] = field(default_factory=list)

    def shared(self, couple_id: UUID, on: date) -> Shared | None:
        """What the couple is asked on this date, if either has been."""
        return self._shared.get((couple_id, on))

    def asked(self, person_id: UUID) -> Sequence[Asked]:
        """What the person, or partner, was asked since then, newest first."""
        return self._asked.get(person_id, ())

    def begin(self, couple_id: UUID, on: date, prompt_id: str, *, closes: datetime) -> Shared:
        """Give a couple its question."""
        new = Shared(uuid4(), prompt_id, closes)
        self._shared[couple_id, on] = new
        row = {"id": new.id, "couple_id": couple_id, "kind": "daily", "on_date": on}
        self._occasions.append({**row, "prompt_id": prompt_id, "closes": closes})
        return new

    def ask(self, person_id: UUID, on: date, prompt_id: str, *, shared: Shared | None, closes: datetime) -> UUID:
        """Begin a person's newest check-in; gives its id."""
        checkin_id = uuid4()
        self._asked[person_id].insert(0, Asked(on, "daily", touched=False, id=checkin_id.hex, prompt_id=prompt_id))
        self._turns[person_id] = turn = self._turns[person_id] + 1
        row = {"id": checkin_id, "person_id": person_id, "kind": "daily", "on_date": on, "turn": turn, "closes": closes}
        self._checkins.append({**row, "prompt_id": prompt_id, "occasion_id": shared.id if shared else None})
        return checkin_id

    def write(self, session: Session) -> None:
        """Keep what is new."""
        insert_each(session, Occasion, self._occasions)
        insert_each(session, Checkin, self._checkins)


def sheet(session: Session, person_ids: Collection[UUID], *, dates: Collection[date], since: date) -> Sheet:
    """What has to be known to ask these people on these local dates; what they were asked since then."""
    session.flush()
    connection, people = session.connection(), list(person_ids)

    def rows(statement: Any, any_of: Collection[UUID], **given: object) -> Iterator[Any]:
        return iter(connection.execute(statement, {"any_of": list(any_of), **given}) if any_of else ())

    couples = {one: (couple, Taste(*taste)) for one, couple, *taste in rows(_COUPLES, people)}
    left = dict(map(tuple, rows(_LEFT_BY, set(people) - set(couples))))
    shared = rows(_DAYS, {*(couple_id for couple_id, _ in couples.values()), *left.values()}, dates=list(dates))
    both = {*people, *(partner.id for _, partner in couples.values())}
    asked = defaultdict(list, {one: _read(lines) for one, lines in rows(_ASKED, both, since=since)})
    return Sheet(
        couples,
        left,
        {(couple_id, on): Shared(*what) for couple_id, on, *what in shared},
        asked,
        dict(tuple(each) for each in rows(_TURNS, people)),
    )


def _read(lines: str) -> list[Asked]:
    """What somebody was asked, newest first."""
    parts = (line.split("|") for line in sorted(lines.split("\n"), reverse=True))
    return [
        Asked(date.fromisoformat(on), kind, bool(touched), row_id, prompt_id, passed)
        for on, _turn, kind, touched, row_id, prompt_id, passed in parts
    ]


def couple_of(session: Session, *, person_id: UUID) -> tuple[UUID, Person] | None:
    """The couple that a person is in, and their partner."""
    found = session.execute(_COUPLE, {"person_id": person_id}).first()
    return (found[0], found[1]) if found else None


def left_couple_of(session: Session, *, person_id: UUID) -> UUID | None:
    """The couple whose end a person has not learned of."""
    return session.execute(_LEFT, {"person_id": person_id}).scalar()


def prompts_seen(session: Session, *, person_ids: Collection[UUID], since: date) -> list[tuple[date, str, str]]:
    """What these people were asked since then, newest first: date, prompt, and the prompts they passed over."""
    found = session.execute(_SEEN, {"person_ids": list(person_ids), "since": since})
    return [(on, prompt_id, passed) for on, prompt_id, passed in found]
