"""What was opened for two, and what became of it since."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.rows import find, is_there
from storage.tables import Answer, Checkin, Membership, Occasion, Person, Reaction, Reveal


@dataclass(frozen=True, slots=True)
class Side:
    """One person's part of an occasion."""

    person: Person
    checkin: Checkin
    answer: Answer


@dataclass(frozen=True, slots=True)
class Opened:
    """A reveal as one of the two sees it."""

    reveal: Reveal
    mine: Side
    theirs: Side | None  # None once they have deleted everything
    couple_id: UUID


def sides(session: Session, *, occasion_id: UUID) -> list[Side]:
    """Those who answered an occasion, lowest person's id first."""
    query = (
        select(Person, Checkin, Answer)
        .join(Checkin, col(Checkin.person_id) == col(Person.id))
        .join(Answer, col(Answer.checkin_id) == col(Checkin.id))
        .where(Checkin.occasion_id == occasion_id)
        .order_by(col(Person.id))
    )
    return [Side(*row) for row in session.exec(query)]


def reveal_of(session: Session, *, occasion_id: UUID | None) -> Reveal | None:
    """The reveal of an occasion, if it has come to that."""
    if occasion_id is None:
        return None
    return find(session, Reveal, occasion_id=occasion_id)


def is_revealed(session: Session, *, occasion_id: UUID | None) -> bool:
    """Whether an occasion has come to its reveal."""
    return occasion_id is not None and is_there(session, Reveal, occasion_id=occasion_id)


def add_reveal(session: Session, *, occasion_id: UUID) -> Reveal:
    """Open an occasion's answers for both."""
    new = Reveal(occasion_id=occasion_id)
    session.add(new)
    session.flush()
    return new


def opened(session: Session, *, reveal_id: UUID, person_id: UUID) -> Opened | None:
    """A reveal for one of its two people; None for everybody else."""
    reveal = session.get(Reveal, reveal_id)
    if reveal is None:
        return None
    both = sides(session, occasion_id=reveal.occasion_id)
    mine = [side for side in both if side.person.id == person_id]
    theirs = [side for side in both if side.person.id != person_id]
    if len(mine) != 1:
        return None
    return Opened(
        reveal, mine[0], theirs[0] if theirs else None, session.get_one(Occasion, reveal.occasion_id).couple_id
    )


def seems_linked(session: Session, *, couple_id: UUID, person_id: UUID) -> bool:
    """Whether the person is in this couple as far as they know: who left quietly is not given away by a card."""
    query = select(Membership.id).where(
        Membership.couple_id == couple_id,
        Membership.person_id == person_id,
        or_(col(Membership.open), col(Membership.to_be_told)),
    )
    return session.exec(query).first() is not None


def is_linked(session: Session, *, couple_id: UUID, person_id: UUID) -> bool:
    """Whether the person is in this couple now."""
    query = select(Membership.id).where(
        Membership.couple_id == couple_id, Membership.person_id == person_id, col(Membership.open)
    )
    return session.exec(query).first() is not None


def reaction(session: Session, *, reveal_id: UUID, person_id: UUID) -> Reaction | None:
    """How this person reacted to a reveal."""
    query = select(Reaction).where(Reaction.reveal_id == reveal_id, Reaction.person_id == person_id)
    return session.exec(query).first()


def reactions(session: Session, *, reveal_id: UUID) -> Mapping[UUID, str]:
    """The kinds of both reactions, by person."""
    found = session.exec(select(Reaction).where(Reaction.reveal_id == reveal_id))
    return {each.person_id: each.kind for each in found}


def newest_of(session: Session, *, person_id: UUID, limit: int) -> list[UUID]:
    """What has opened in the person's present couple, newest first."""
    query = (
        select(Reveal.id)
        .join(Checkin, col(Checkin.occasion_id) == col(Reveal.occasion_id))
        .join(Occasion, col(Occasion.id) == col(Reveal.occasion_id))
        .join(Membership, col(Membership.couple_id) == col(Occasion.couple_id))
        .where(Checkin.person_id == person_id, Membership.person_id == person_id, col(Membership.open))
        .order_by(col(Checkin.turn).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def closed_unopened(session: Session, *, person_id: UUID, couple_id: UUID, limit: int) -> list[bool]:
    """Of the person's closed shared questions since the last that opened, newest first: whether they shared."""
    query = (
        select(col(Answer.shared), col(Reveal.id).is_not(None))
        .select_from(Checkin)
        .join(Occasion, col(Occasion.id) == col(Checkin.occasion_id))
        .outerjoin(Answer, col(Answer.checkin_id) == col(Checkin.id))
        .outerjoin(Reveal, col(Reveal.occasion_id) == col(Occasion.id))
        .where(Checkin.person_id == person_id, Occasion.couple_id == couple_id, col(Checkin.closed))
        .order_by(col(Checkin.turn).desc())
        .limit(limit)
    )
    found: list[bool] = []
    for shared, is_open in session.exec(query):
        if is_open:
            break
        found.append(bool(shared))
    return found
