"""Weekly previews, their lines, and the pages that came of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from storage.rows import due
from storage.tables import (
    Answer,
    Appreciation,
    Checkin,
    Conversation,
    Membership,
    Occasion,
    Participation,
    Person,
    Reveal,
    Summary,
    SummaryLine,
    SummaryPreview,
    SummaryWish,
)


def wish(session: Session, *, person_id: UUID) -> SummaryWish | None:
    """The person's wish for weekly previews, if they have it."""
    return session.exec(select(SummaryWish).where(SummaryWish.person_id == person_id)).first()


def keep_wish(session: Session, *, person_id: UUID, next_preview: datetime) -> None:
    """Have a preview come at this instant, UTC."""
    row = wish(session, person_id=person_id) or SummaryWish(person_id=person_id, next_preview=next_preview)
    row.next_preview = next_preview
    session.add(row)
    session.flush()


def forget_wish(session: Session, *, person_id: UUID) -> None:
    """Have no more previews."""
    session.execute(delete(SummaryWish).where(col(SummaryWish.person_id) == person_id))


def wishes_due(session: Session, *, now: datetime, limit: int) -> list[SummaryWish]:
    """Wishes whose preview is due, earliest first."""
    return due(session, SummaryWish, "next_preview", now=now, limit=limit)


def seeming_couple(session: Session, *, person_id: UUID) -> UUID | None:
    """The couple that a person is in as far as they know: what does not come must not give away who left quietly."""
    query = select(Membership.couple_id).where(
        Membership.person_id == person_id, or_(col(Membership.open), col(Membership.to_be_told))
    )
    return session.exec(query.order_by(col(Membership.open).desc())).first()


# -- previews and their lines


def preview(session: Session, *, preview_id: UUID) -> SummaryPreview | None:
    """The preview with this id."""
    return session.get(SummaryPreview, preview_id)


def preview_of(session: Session, *, person_id: UUID, week: date) -> SummaryPreview | None:
    """The person's preview of a week."""
    query = select(SummaryPreview).where(SummaryPreview.person_id == person_id, SummaryPreview.week == week)
    return session.exec(query).first()


def newest_preview(session: Session, *, person_id: UUID) -> SummaryPreview | None:
    """The person's latest preview that still exists."""
    query = select(SummaryPreview).where(SummaryPreview.person_id == person_id)
    return session.exec(query.order_by(col(SummaryPreview.week).desc())).first()


def previews_of(session: Session, *, couple_id: UUID, week: date) -> list[SummaryPreview]:
    """Both people's previews of a week, as far as there are any, lowest person's id first."""
    query = select(SummaryPreview).where(SummaryPreview.couple_id == couple_id, SummaryPreview.week == week)
    return list(session.exec(query.order_by(col(SummaryPreview.person_id))))


def add_preview(
    session: Session,
    *,
    person_id: UUID,
    couple_id: UUID,
    week: date,
    closes: datetime,
    lines: Sequence[tuple[str, UUID]],
) -> SummaryPreview:
    """Begin a preview with these lines, each a source and what it is about."""
    new = SummaryPreview(person_id=person_id, couple_id=couple_id, week=week, closes=closes)
    session.add(new)
    session.flush()
    session.add_all(
        SummaryLine(preview_id=new.id, place=place, source=source, about=about)
        for place, (source, about) in enumerate(lines)
    )
    session.flush()
    return new


def lines_of(session: Session, *, preview_id: UUID) -> list[SummaryLine]:
    """All lines of a preview in their order, removed ones too."""
    query = select(SummaryLine).where(SummaryLine.preview_id == preview_id)
    return list(session.exec(query.order_by(col(SummaryLine.place))))


def kept_lines(session: Session, *, preview_id: UUID) -> list[SummaryLine]:
    """The lines that are to stand on the page, in their order."""
    return [each for each in lines_of(session, preview_id=preview_id) if not each.removed]


def line(session: Session, *, line_id: UUID) -> SummaryLine | None:
    """The line with this id."""
    return session.get(SummaryLine, line_id)


def over(session: Session, *, now: datetime, limit: int) -> list[SummaryPreview]:
    """Previews whose time is over and that did not become a page, earliest first."""
    page = select(Summary.id).where(
        col(Summary.couple_id) == col(SummaryPreview.couple_id), col(Summary.week) == col(SummaryPreview.week)
    )
    query = select(SummaryPreview).where(col(SummaryPreview.closes) <= now, ~page.exists())
    return list(session.exec(query.order_by(col(SummaryPreview.closes)).limit(limit)))


def remove_preview(session: Session, of: SummaryPreview) -> None:
    """Forget a preview with its lines."""
    session.execute(delete(SummaryLine).where(col(SummaryLine.preview_id) == of.id))
    session.delete(of)
    session.flush()


# -- what lines are about


def opened_answers(
    session: Session, *, person_id: UUID, couple_id: UUID, first: date, last: date, fresh: bool
) -> list[UUID]:
    """The person's own answers of these local dates that opened in a couple, oldest first.

    `fresh` ones stand in no preview yet.
    """
    query = (
        select(Answer.id)
        .join(Checkin, col(Checkin.id) == col(Answer.checkin_id))
        .join(Reveal, col(Reveal.occasion_id) == col(Checkin.occasion_id))
        .join(Occasion, col(Occasion.id) == col(Checkin.occasion_id))
        .where(Checkin.person_id == person_id, col(Checkin.on_date).between(first, last))
        .where(Occasion.couple_id == couple_id)
        .where(col(Answer.taken_back).is_(False))
        .order_by(col(Checkin.turn))
    )
    if fresh:
        query = query.where(_stands_in_no_preview(col(Answer.id)))
    return list(session.exec(query))


def opened_thanks(session: Session, *, person_id: UUID, couple_id: UUID, since: datetime, fresh: bool) -> list[UUID]:
    """The person's own appreciations in opened conversations of a couple that last, for them, beyond `since`."""
    query = (
        select(Appreciation.id)
        .join(Conversation, col(Conversation.id) == col(Appreciation.conversation_id))
        .join(Participation, col(Participation.conversation_id) == col(Conversation.id))
        .where(Appreciation.person_id == person_id, Participation.person_id == person_id)
        .where(Conversation.couple_id == couple_id, col(Conversation.opened), col(Participation.closes) >= since)
        .where(col(Appreciation.taken_back).is_(False))
        .order_by(col(Participation.number))
    )
    if fresh:
        query = query.where(_stands_in_no_preview(col(Appreciation.id)))
    return list(session.exec(query))


def _stands_in_no_preview(about: Any) -> Any:
    return ~select(SummaryLine.id).where(col(SummaryLine.about) == about).exists()


def thanks(session: Session, *, thanks_id: UUID) -> Appreciation | None:
    """The appreciation with this id."""
    return session.get(Appreciation, thanks_id)


def answer(session: Session, *, answer_id: UUID) -> tuple[Answer, Checkin] | None:
    """An answer with its check-in."""
    query = select(Answer, Checkin).join(Checkin, col(Checkin.id) == col(Answer.checkin_id))
    found = session.exec(query.where(Answer.id == answer_id)).first()
    return (found[0], found[1]) if found else None


# -- pages


def page(session: Session, *, summary_id: UUID) -> Summary | None:
    """The page with this id."""
    return session.get(Summary, summary_id)


def page_of(session: Session, *, couple_id: UUID, week: date) -> Summary | None:
    """The page that a week came to."""
    return session.exec(select(Summary).where(Summary.couple_id == couple_id, Summary.week == week)).first()


def add_page(session: Session, *, couple_id: UUID, week: date) -> Summary:
    """Open a week's page for both."""
    new = Summary(couple_id=couple_id, week=week)
    session.add(new)
    session.flush()
    return new


def pages_with(session: Session, *, about: UUID) -> list[Summary]:
    """The pages on which this stands."""
    query = (
        select(Summary)
        .join(
            SummaryPreview,
            (col(SummaryPreview.couple_id) == col(Summary.couple_id)) & (col(SummaryPreview.week) == col(Summary.week)),
        )
        .join(SummaryLine, col(SummaryLine.preview_id) == col(SummaryPreview.id))
        .where(SummaryLine.about == about, col(SummaryLine.removed).is_(False))
    )
    return list(session.exec(query))


def newest_page(session: Session, *, person_id: UUID) -> Summary | None:
    """The latest page of this person that is still shown."""
    query = (
        select(Summary)
        .join(
            SummaryPreview,
            (col(SummaryPreview.couple_id) == col(Summary.couple_id)) & (col(SummaryPreview.week) == col(Summary.week)),
        )
        .where(SummaryPreview.person_id == person_id, col(Summary.withdrawn).is_(False))
        .order_by(col(Summary.week).desc())
    )
    return session.exec(query).first()


def people_of(session: Session, of: Summary) -> list[Person]:
    """Both people of a page, lowest id first."""
    query = (
        select(Person)
        .join(SummaryPreview, col(SummaryPreview.person_id) == col(Person.id))
        .where(SummaryPreview.couple_id == of.couple_id, SummaryPreview.week == of.week)
    )
    return list(session.exec(query.order_by(col(Person.id))))


def shared_pulses(
    session: Session, *, couple_id: UUID, until: date, weeks: int
) -> list[tuple[date, UUID, UUID, UUID, UUID]]:
    """Pages on which both pulses stand, newest first: the week, then person and pulse of each of the two."""
    one, other = aliased(SummaryPreview), aliased(SummaryPreview)
    query = (
        columns(col(Summary.week), col(one.person_id), col(one.pulse_id), col(other.person_id), col(other.pulse_id))
        .join(one, (col(one.couple_id) == col(Summary.couple_id)) & (col(one.week) == col(Summary.week)))
        .join(other, (col(other.couple_id) == col(Summary.couple_id)) & (col(other.week) == col(Summary.week)))
        .where(col(Summary.couple_id) == couple_id, col(Summary.withdrawn).is_(False), col(Summary.week) <= until)
        .where(col(one.person_id) < col(other.person_id))
        .where(col(one.pulse_id).is_not(None), col(other.pulse_id).is_not(None))
        .order_by(col(Summary.week).desc())
        .limit(weeks)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(query)]
