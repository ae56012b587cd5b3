"""The agreement book: agreements, their frozen versions, who accepted them, and what each wishes for at a review."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from storage import sealing
from storage.tables import Acceptance, Agreement, AgreementVersion, Person, ReviewWish


def agreement(session: Session, *, agreement_id: UUID) -> Agreement | None:
    """The agreement with this id."""
    return session.get(Agreement, agreement_id)


def add_agreement(session: Session, *, couple_id: UUID, weeks: int, review_on: date) -> Agreement:
    """Begin an agreement; it needs a version that both accepted."""
    new = Agreement(couple_id=couple_id, weeks=weeks, review_on=review_on)
    session.add(new)
    session.flush()
    return new


def add_version(
    session: Session, of: Agreement, *, words: str, since: date, accepted_by: Sequence[Person]
) -> AgreementVersion:
    """Freeze a wording that these people accepted; the couple's key is durable before the row is."""
    session.info["keys"].create(of.couple_id)
    number = version_count(session, agreement_id=of.id) + 1
    new = AgreementVersion(agreement_id=of.id, number=number, since=since, words_sealed=b"")
    sealing.seal(session, new, "words_sealed", words, owner=of.couple_id)
    session.add(new)
    session.flush()
    session.add_all(Acceptance(version_id=new.id, person_id=person.id) for person in accepted_by)
    session.flush()
    return new


def version(session: Session, *, version_id: UUID) -> AgreementVersion | None:
    """The version with this id."""
    return session.get(AgreementVersion, version_id)


def version_count(session: Session, *, agreement_id: UUID) -> int:
    """How many versions there are."""
    query = select(func.count()).where(col(AgreementVersion.agreement_id) == agreement_id)
    return session.exec(query).one()


def versions(session: Session, *, agreement_id: UUID) -> list[AgreementVersion]:
    """Its wordings, newest first."""
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id)
    return list(session.exec(query.order_by(col(AgreementVersion.number).desc())))


def words_of(session: Session, of: Agreement, version: AgreementVersion) -> str:
    """The wording of a version."""
    return sealing.opened(session, version, "words_sealed", owner=of.couple_id)


def of_couple(session: Session, *, couple_id: UUID) -> list[Agreement]:
    """All agreements of a couple: current ones first, then by their review dates, latest first."""
    query = (
        select(Agreement)
        .where(Agreement.couple_id == couple_id)
        .order_by(col(Agreement.state), col(Agreement.review_on).desc(), col(Agreement.id))
    )
    return list(session.exec(query))


def current_of(session: Session, *, couple_id: UUID) -> list[Agreement]:
    """Those that hold now."""
    return [each for each in of_couple(session, couple_id=couple_id) if each.state == "current"]


def to_review(session: Session, *, before: date, limit: int) -> list[Agreement]:
    """Current agreements whose review date lies before that date, earliest first."""
    query = (
        select(Agreement)
        .where(Agreement.state == "current", col(Agreement.review_on) < before)
        .order_by(col(Agreement.review_on), col(Agreement.id))
        .limit(limit)
    )
    return list(session.exec(query))


def with_unasked(session: Session, *, until: date, limit: int) -> list[Agreement]:
    """Current agreements with a review date up to that one about which somebody was not asked, earliest first."""
    asked = select(func.count()).where(col(ReviewWish.agreement_id) == col(Agreement.id)).scalar_subquery()
    query = (
        select(Agreement)
        .where(Agreement.state == "current", col(Agreement.review_on) <= until, asked < 2)
        .order_by(col(Agreement.review_on), col(Agreement.id))
        .limit(limit)
    )
    return list(session.exec(query))


def wishes(session: Session, *, agreement_id: UUID) -> dict[UUID, str]:
    """What both wish for, by person, empty as long as they were only asked; for the use case that decides alone."""
    found = session.exec(select(ReviewWish).where(ReviewWish.agreement_id == agreement_id))
    return {each.person_id: each.wish for each in found}


def wish(session: Session, *, agreement_id: UUID, person_id: UUID, wish: str) -> None:
    """Note what a person wishes for; the last word counts."""
    query = select(ReviewWish).where(ReviewWish.agreement_id == agreement_id, ReviewWish.person_id == person_id)
    row = session.exec(query).first() or ReviewWish(agreement_id=agreement_id, person_id=person_id, wish=wish)
    row.wish = wish
    session.add(row)
    session.flush()


def forget_wishes(session: Session, *, agreement_id: UUID) -> None:
    """After the outcome nobody can look up who wished for what."""
    session.execute(delete(ReviewWish).where(col(ReviewWish.agreement_id) == agreement_id))
