"""What the planner asks for each person whose time has come: statements built once."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import Answer, Checkin, Membership, Occasion, Person

_MINE, _THEIRS = aliased(Membership), aliased(Membership)
_COUPLE = (
    select(col(_MINE.couple_id), Person)
    .join(_THEIRS, and_(col(_THEIRS.couple_id) == col(_MINE.couple_id), col(_THEIRS.id) != col(_MINE.id)))
    .join(Person, col(Person.id) == col(_THEIRS.person_id))
    .where(col(_MINE.person_id) == bindparam("person_id"), col(_MINE.open))
)
_LEFT = select(col(Membership.couple_id)).where(
    col(Membership.person_id) == bindparam("person_id"), col(Membership.to_be_told)
)
_OCCASION = select(Occasion).where(
    col(Occasion.couple_id) == bindparam("couple_id"),
    col(Occasion.kind) == "daily",
    col(Occasion.on_date) == bindparam("on"),
)
_DAILY = select(col(Checkin.id)).where(
    col(Checkin.person_id) == bindparam("person_id"),
    col(Checkin.kind) == "daily",
    col(Checkin.on_date) == bindparam("on"),
)
_SEEN = (
    select(col(Checkin.on_date), col(Checkin.prompt_id), col(Checkin.passed))
    .where(col(Checkin.person_id).in_(bindparam("person_ids", expanding=True)))
    .where(col(Checkin.on_date) >= bindparam("since"))
    .order_by(col(Checkin.on_date).desc())
)
_LATEST = (
    select(Checkin, col(Answer.id))
    .outerjoin(Answer, col(Answer.checkin_id) == col(Checkin.id))
    .where(col(Checkin.person_id) == bindparam("person_id"), col(Checkin.kind) == "daily")
    .order_by(col(Checkin.turn).desc())
    .limit(bindparam("limit"))
)


def couple_of(session: Session, *, person_id: UUID) -> tuple[UUID, Person] | None:
    """The couple that a person is in, and their partner."""
    found = session.exec(_COUPLE, params={"person_id": person_id}).first()
    return (found[0], found[1]) if found else None


def left_couple_of(session: Session, *, person_id: UUID) -> UUID | None:
    """The couple whose end a person has not learned of."""
    return session.exec(_LEFT, params={"person_id": person_id}).first()


def occasion_on(session: Session, *, couple_id: UUID, on: date) -> Occasion | None:
    """The daily occasion that the couple has on this date."""
    return session.exec(_OCCASION, params={"couple_id": couple_id, "on": on}).first()


def daily_on(session: Session, *, person_id: UUID, on: date) -> bool:
    """Whether the person had a daily check-in on exactly this local date."""
    return session.exec(_DAILY, params={"person_id": person_id, "on": on}).first() is not None


def prompts_seen(session: Session, *, person_ids: Iterable[UUID], since: date) -> list[tuple[date, str, str]]:
    """What these people were asked since then, newest first: date, prompt, and the prompts they passed over."""
    found = session.exec(_SEEN, params={"person_ids": list(person_ids), "since": since})
    return [(on, prompt_id, passed) for on, prompt_id, passed in found]


def latest_daily(session: Session, *, person_id: UUID, limit: int) -> list[tuple[Checkin, bool]]:
    """The person's newest daily check-ins, newest first, and whether each is answered."""
    found = session.exec(_LATEST, params={"person_id": person_id, "limit": limit})
    return [(checkin, answer_id is not None) for checkin, answer_id in found]
