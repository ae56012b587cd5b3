"""Chats and persons: who is known, and the lock that keeps a couple's units apart."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage import sealing
from storage.keys import KeyGone
from storage.rows import due, find, insert_if_new, is_there
from storage.tables import Chat, Couple, Membership, Person

_KNOWN = (
    select(Chat, Person)
    .outerjoin(Person, col(Person.chat_id) == col(Chat.id))
    .where(Chat.lookup == bindparam("lookup"))
)


def known(session: Session, *, telegram_id: int) -> tuple[Chat, Person | None]:
    """The chat of a Telegram account, made at the first contact, and its person, locked with their couple."""
    found = session.execute(_KNOWN, {"lookup": session.info["keys"].lookup(telegram_id)}).first()
    if found is None:
        return chat_of(session, telegram_id=telegram_id), None
    chat, person = found
    if not chat.address_sealed:  # kept for a block when its person was erased, without the address
        sealing.seal(session, chat, "address_sealed", str(telegram_id), owner=session.info["keys"].system)
    if person is not None and person.id not in lock(session, person.id):
        person = None
    return chat, person


def chat_of(session: Session, *, telegram_id: int) -> Chat:
    """The chat of a Telegram account; made at the first contact."""
    keys = session.info["keys"]
    lookup = keys.lookup(telegram_id)
    return find(session, Chat, lookup=lookup) or _new_chat(session, lookup, telegram_id)


def _new_chat(session: Session, lookup: bytes, telegram_id: int) -> Chat:
    keys = session.info["keys"]
    chat = Chat(lookup=lookup, address_sealed=b"")
    sealing.seal(session, chat, "address_sealed", str(telegram_id), owner=keys.system)
    insert_if_new(session, Chat, id=chat.id, lookup=lookup, address_sealed=chat.address_sealed)
    return session.exec(select(Chat).where(Chat.lookup == lookup)).one()


def lock(session: Session, *person_ids: UUID) -> set[UUID]:
    """Let no other unit touch these people or their couples until this one ends; gives those who are still there.

    Only PostgreSQL needs it; the one writer of SQLite is alone by nature. Rows are locked lowest id first, couples
    before persons; what was read before is read again, since it may have changed while waiting.
    """
    if not person_ids or session.get_bind().dialect.name != "postgresql":
        return set(person_ids)
    couples: set[UUID] = set()
    while (found := _couples_of(session, person_ids)) - couples:
        couples |= found
        query = select(Couple.id).where(col(Couple.id).in_(couples)).order_by(col(Couple.id)).with_for_update()
        session.exec(query).all()
    locked = select(Person).where(col(Person.id).in_(person_ids)).order_by(col(Person.id)).with_for_update()
    there = {person.id for person in session.exec(locked.execution_options(populate_existing=True))}
    for gone in set(person_ids) - there:
        if (person := session.identity_map.get(session.identity_key(Person, gone))) is not None:
            session.expunge(person)
    return there


def _couples_of(session: Session, person_ids: tuple[UUID, ...]) -> set[UUID]:
    query = select(Membership.couple_id).where(col(Membership.person_id).in_(person_ids), col(Membership.open))
    return set(session.exec(query))


def add_person(session: Session, *, chat_id: UUID, name: str, language: str, on: date) -> Person:
    """Make the person of a chat; their key is durable before the row is."""
    new = Person(chat_id=chat_id, name_sealed=b"", language=language, agreed_on=on)
    session.info["keys"].create(new.id)
    sealing.seal(session, new, "name_sealed", name, owner=new.id)
    session.add(new)
    session.flush()
    return new


def person(session: Session, person_id: UUID) -> Person:
    """The person with this id; raises LookupError if they are gone."""
    found = session.get(Person, person_id)
    if found is None:
        raise LookupError("no such person")
    return found


def name(session: Session, of: Person) -> str:
    """The name a person goes by, as on their account when they agreed; empty for who has deleted everything."""
    try:
        return sealing.opened(session, of, "name_sealed", owner=of.id)
    except KeyGone:
        return ""


def partner_of(session: Session, *, person_id: UUID) -> Person | None:
    """The other one of the person's open couple."""
    mine = open_membership(session, person_id=person_id)
    if mine is None:
        return None
    query = (
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.couple_id == mine.couple_id, Person.id != person_id, col(Membership.open))
    )
    return session.exec(query).first()


def open_membership(session: Session, *, person_id: UUID) -> Membership | None:
    """The person's place in their present couple."""
    return find(session, Membership, person_id=person_id, open=True)


def was_linked(session: Session, *, person_id: UUID) -> bool:
    """Whether the person has ever been in a couple."""
    return is_there(session, Membership, person_id=person_id)


def planned_after(session: Session, *, at: datetime, limit: int) -> list[Person]:
    """People whose next daily question is planned for later than this instant."""
    return list(session.exec(select(Person).where(col(Person.next_question) > at).limit(limit)))


def with_question_due(session: Session, *, now: datetime, limit: int) -> list[Person]:
    """People whose next daily question is due, earliest first."""
    return due(session, Person, "next_question", now=now, limit=limit)
