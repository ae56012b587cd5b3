"""Weekly conversations: who is invited to which, where each person is, and whom they thank for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from storage import sealing
from storage.rows import due, is_not
from storage.tables import Appreciation, BoundaryCard, Conversation, Membership, Participation, Person, SavedTopic

_RECENT = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in a conversation."""

    person: Person
    participation: Participation


@dataclass(frozen=True, slots=True)
class Both:
    """A conversation that both were invited to, as one of the two sees it."""

    conversation: Conversation
    mine: Part
    theirs: Part


def with_weekly_due(session: Session, *, now: datetime, limit: int) -> list[Person]:
    """People whose weekly time has come, earliest first."""
    return due(session, Person, "next_weekly", now=now, limit=limit)


def planned_after(session: Session, *, at: datetime, limit: int) -> list[Person]:
    """People whose next weekly time is planned for later than this instant."""
    return list(session.exec(select(Person).where(col(Person.next_weekly) > at).limit(limit)))


def conversation(session: Session, *, conversation_id: UUID) -> Conversation:
    """The conversation with this id."""
    return session.get_one(Conversation, conversation_id)


def participation(session: Session, *, participation_id: UUID) -> Participation | None:
    """The participation with this id."""
    return session.get(Participation, participation_id)


def to_join(session: Session, *, couple_id: UUID, person_id: UUID, since: datetime) -> Conversation | None:
    """The couple's newest conversation, if it began after that and this person is not invited to it yet."""
    query = (
        select(Conversation)
        .where(Conversation.couple_id == couple_id, col(Conversation.begins) >= since)
        .order_by(col(Conversation.begins).desc())
        .limit(1)
    )
    newest = session.exec(query).first()
    return None if newest is None or part_of(session, newest.id, person_id) else newest


def part_of(session: Session, conversation_id: UUID, person_id: UUID) -> Participation | None:
    """The person's part in a conversation."""
    query = select(Participation).where(
        Participation.conversation_id == conversation_id, Participation.person_id == person_id
    )
    return session.exec(query).first()


def other_part(session: Session, conversation_id: UUID, person_id: UUID) -> Participation | None:
    """The part of the other one, if they are invited already."""
    query = select(Participation).where(
        Participation.conversation_id == conversation_id, Participation.person_id != person_id
    )
    return session.exec(query).first()


def add_conversation(
    session: Session, *, couple_id: UUID, topic: str, begins: datetime, closes: datetime
) -> Conversation:
    """Begin a couple's conversation."""
    new = Conversation(couple_id=couple_id, topic=topic, begins=begins, closes=closes)
    session.add(new)
    session.flush()
    return new


def invite(session: Session, to: Conversation, *, person_id: UUID, topic: str, closes: datetime) -> Participation:
    """Begin a person's part."""
    newest = session.exec(select(func.max(Participation.number)).where(Participation.person_id == person_id)).one()
    new = Participation(
        conversation_id=to.id, person_id=person_id, number=(newest or 0) + 1, topic=topic, closes=closes
    )
    session.add(new)
    session.flush()
    return new


def recent_topics(session: Session, *, couple_id: UUID) -> list[str]:
    """What the couple's latest conversations were about, newest first."""
    query = (
        select(Conversation.topic)
        .where(Conversation.couple_id == couple_id)
        .order_by(col(Conversation.begins).desc())
        .limit(_RECENT)
    )
    return list(session.exec(query))


def newest_part(session: Session, *, person_id: UUID) -> Participation | None:
    """The person's part in the newest conversation that they were invited to."""
    query = select(Participation).where(Participation.person_id == person_id)
    return session.exec(query.order_by(col(Participation.number).desc()).limit(1)).first()


def newest_opened(session: Session, *, person_id: UUID, since: datetime, limit: int) -> list[UUID]:
    """The conversations that have opened in the person's present couple, newest first.

    Without those that the person has closed, or whose week was over, for them, before `since`.
    """
    query = (
        select(Conversation.id)
        .join(Participation, col(Participation.conversation_id) == col(Conversation.id))
        .join(Membership, col(Membership.couple_id) == col(Conversation.couple_id))
        .where(Participation.person_id == person_id, Membership.person_id == person_id)
        .where(col(Membership.open), col(Conversation.opened))
        .where(Participation.step != "closed", col(Participation.closes) > since)
        .order_by(col(Participation.number).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def parts(session: Session, *, conversation_id: UUID) -> list[Part]:
    """Those who are invited and still linked with each other, lowest person's id first."""
    query = (
        select(Person, Participation)
        .join(Participation, col(Participation.person_id) == col(Person.id))
        .join(Conversation, col(Conversation.id) == col(Participation.conversation_id))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Participation.conversation_id == conversation_id)
        .where(Membership.couple_id == Conversation.couple_id, col(Membership.open))
        .order_by(col(Person.id))
    )
    return [Part(*row) for row in session.exec(query)]


def both(session: Session, *, conversation_id: UUID, person_id: UUID) -> Both | None:
    """A conversation of two who are linked; None for everybody else, and as long as only one is invited."""
    found = session.get(Conversation, conversation_id)
    there = parts(session, conversation_id=conversation_id) if found else []
    mine = [each for each in there if each.person.id == person_id]
    theirs = [each for each in there if each.person.id != person_id]
    return Both(found, mine[0], theirs[0]) if found and mine and theirs else None


def closing(session: Session, *, now: datetime, limit: int) -> list[Participation]:
    """Parts whose week is over and that nobody has closed yet, earliest first."""
    query = (
        select(Participation)
        .where(is_not(Participation.closed), col(Participation.closes) <= now)
        .order_by(col(Participation.closes))
        .limit(limit)
    )
    return list(session.exec(query))


# -- appreciation


def appreciation(session: Session, *, conversation_id: UUID, person_id: UUID) -> Appreciation | None:
    """What this person thanks for."""
    query = select(Appreciation).where(
        Appreciation.conversation_id == conversation_id, Appreciation.person_id == person_id
    )
    return session.exec(query).first()


def keep_appreciation(session: Session, *, conversation_id: UUID, person_id: UUID, words: str) -> None:
    """Keep a thank-you under its author's seal, in the place of an earlier one."""
    row = appreciation(session, conversation_id=conversation_id, person_id=person_id)
    row = row or Appreciation(conversation_id=conversation_id, person_id=person_id, words_sealed=b"")
    sealing.seal(session, row, "words_sealed", words, owner=person_id)
    row.taken_back = False
    session.add(row)
    session.flush()


def drop_appreciation(session: Session, *, conversation_id: UUID, person_id: UUID) -> None:
    """Forget a thank-you that is not open."""
    session.execute(
        delete(Appreciation).where(
            col(Appreciation.conversation_id) == conversation_id, col(Appreciation.person_id) == person_id
        )
    )


def thanks_of(session: Session, of: Appreciation) -> str:
    """Its words."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id)


# -- topics in a person's own words


def keep_own_topic(session: Session, of: Participation, words: str) -> None:
    """Give the conversation a topic in this person's own words."""
    sealing.seal(session, of, "topic_sealed", words, owner=of.person_id)
    of.topic_taken_back = False
    session.add(of)
    session.flush()


def own_topic(session: Session, of: Participation) -> str | None:
    """The topic in this person's own words, if they gave one."""
    return sealing.opened(session, of, "topic_sealed", owner=of.person_id) if of.topic_sealed else None


def save_topic(session: Session, *, person_id: UUID, words: str) -> SavedTopic:
    """Put a topic on a person's own agenda."""
    row = SavedTopic(person_id=person_id, words_sealed=b"")
    sealing.seal(session, row, "words_sealed", words, owner=person_id)
    session.add(row)
    session.flush()
    return row


def saved_topics(session: Session, *, person_id: UUID) -> Sequence[SavedTopic]:
    """What is on a person's agenda."""
    return session.exec(select(SavedTopic).where(SavedTopic.person_id == person_id).order_by(col(SavedTopic.id))).all()


def saved_topic(session: Session, *, saved_id: UUID, person_id: UUID) -> SavedTopic | None:
    """One of them; None for somebody else's."""
    found = session.get(SavedTopic, saved_id)
    return found if found is not None and found.person_id == person_id else None


def saved_words(session: Session, of: SavedTopic) -> str:
    """The words of a saved topic."""
    return sealing.opened(session, of, "words_sealed", owner=of.person_id)


def drop_saved(session: Session, *, saved_id: UUID) -> None:
    """Take a topic off the agenda."""
    session.execute(delete(SavedTopic).where(col(SavedTopic.id) == saved_id))


def cards_of(session: Session, *, conversation_id: UUID, person_id: UUID) -> list[BoundaryCard]:
    """A person's own cards, in their order."""
    query = (
        select(BoundaryCard)
        .where(BoundaryCard.conversation_id == conversation_id, BoundaryCard.person_id == person_id)
        .order_by(col(BoundaryCard.number))
    )
    return list(session.exec(query))
