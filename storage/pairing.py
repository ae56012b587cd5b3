"""Invites, who opened them, who is not wanted, and the couples that come of them.

Whoever changes an invite locks its inviter first (see `storage.people.lock`) and reads it with `invite` afterwards.
"""

from collections.abc import Collection
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlmodel import Session, col, delete, select

from storage import sealing
from storage.rows import delete_some, insert_if_new, insert_or_update, is_there
from storage.tables import Block, Couple, FailedAttempt, Invite, Membership, Opening, Person

SEEMS_OPEN = ("open", "declined")  # its inviter does not learn that somebody declined
SEEMS_ACCEPTED = ("accepted", "refused", "cancelled")  # its invitee does not learn how the inviter decided


def invite(session: Session, *, invite_id: UUID) -> Invite | None:
    """The invite as the database has it now, not as it was read before."""
    return session.get(Invite, invite_id, populate_existing=True)


def invite_by_token(session: Session, *, token: str) -> Invite | None:
    """The invite of a link."""
    return session.exec(select(Invite).where(Invite.token_hash == _hash(token))).first()


def add_invite(session: Session, *, inviter_id: UUID, token: str, expires: datetime) -> Invite:
    """Keep a new invite; the token as a hash, and sealed for its inviter."""
    new = Invite(token_hash=_hash(token), token_sealed=b"", inviter_id=inviter_id, expires=expires)
    sealing.seal(session, new, "token_sealed", token, owner=inviter_id)
    session.add(new)
    session.flush()
    return new


def token(session: Session, of: Invite) -> str:
    """The token of an invite, for its inviter's own eyes."""
    return sealing.opened(session, of, "token_sealed", owner=of.inviter_id)


def invite_from(session: Session, *, person_id: UUID, now: datetime) -> Invite | None:
    """The invite that a person has out, as far as they know: somebody may be on it already, or have declined."""
    query = (
        select(Invite)
        .where(Invite.inviter_id == person_id, col(Invite.expires) > now)
        .where(col(Invite.state).in_((*SEEMS_OPEN, "accepted")))
    )
    return session.exec(query).first()


def invite_waited_for(session: Session, *, person_id: UUID, now: datetime) -> Invite | None:
    """The invite that a person accepted and that, as far as they know, is still to be confirmed."""
    query = (
        select(Invite)
        .where(Invite.invitee_id == person_id, col(Invite.expires) > now)
        .where(col(Invite.state).in_(SEEMS_ACCEPTED))
    )
    return session.exec(query).first()


def withdraw(session: Session, *, person_id: UUID, but: UUID | None = None) -> bool:
    """Take back a person's acceptance of any other invite; tells whether there was one."""
    result = session.execute(
        update(Invite)
        .where(col(Invite.invitee_id) == person_id, col(Invite.state).in_(SEEMS_ACCEPTED), _is_not(but))
        .values(state="withdrawn")
    )
    return bool(getattr(result, "rowcount", 0))


def cancel(session: Session, *, inviter_ids: Collection[UUID], but: UUID) -> None:
    """End every other invite that these people have out."""
    session.execute(
        update(Invite)
        .where(col(Invite.inviter_id).in_(inviter_ids), _is_not(but))
        .where(col(Invite.state).in_((*SEEMS_OPEN, "accepted")))
        .values(state="cancelled")
    )


def _is_not(invite_id: UUID | None) -> ColumnElement[bool]:
    return col(Invite.id).is_distinct_from(invite_id)


def expired(session: Session, *, now: datetime, limit: int) -> list[Invite]:
    """Invites whose time is over, earliest first."""
    query = select(Invite).where(col(Invite.expires) <= now).order_by(col(Invite.expires)).limit(limit)
    return list(session.exec(query))


def remove(session: Session, *, invite_id: UUID) -> None:
    """Forget an invite and who opened it."""
    session.execute(delete(Opening).where(col(Opening.invite_id) == invite_id))
    session.execute(delete(Invite).where(col(Invite.id) == invite_id))


def note_opening(session: Session, *, chat_id: UUID, invite_id: UUID) -> None:
    """A chat has opened the link of this invite."""
    insert_if_new(session, Opening, id=uuid4(), chat_id=chat_id, invite_id=invite_id, wanted=False)


def has_opened(session: Session, *, chat_id: UUID, invite_id: UUID) -> bool:
    """Whether a chat has opened the link of this invite."""
    query = select(Opening.id).where(Opening.chat_id == chat_id, Opening.invite_id == invite_id)
    return session.exec(query).first() is not None


def want(session: Session, *, chat_id: UUID, invite_id: UUID) -> None:
    """A chat accepts this invite, and no other, once its person is set up."""
    forget_wish(session, chat_id=chat_id)
    insert_or_update(
        session, Opening, ("chat_id", "invite_id"), id=uuid4(), chat_id=chat_id, invite_id=invite_id, wanted=True
    )


def wanted(session: Session, *, chat_id: UUID) -> UUID | None:
    """The invite that a chat wants to accept."""
    return session.exec(select(Opening.invite_id).where(Opening.chat_id == chat_id, col(Opening.wanted))).first()


def forget_wish(session: Session, *, chat_id: UUID) -> bool:
    """A chat does not want to accept anything after all; tells whether it wanted to."""
    result = session.execute(
        update(Opening).where(col(Opening.chat_id) == chat_id, col(Opening.wanted)).values(wanted=False)
    )
    return bool(getattr(result, "rowcount", 0))


def failed_attempts(session: Session, *, chat_id: UUID, since: datetime) -> int:
    """How many dead links a chat has tried since then."""
    query = select(func.count()).where(col(FailedAttempt.chat_id) == chat_id, col(FailedAttempt.at) > since)
    return session.exec(query).one()


def note_failed_attempt(session: Session, *, chat_id: UUID, now: datetime) -> None:
    """A chat has tried a dead link."""
    session.add(FailedAttempt(chat_id=chat_id, at=now))


def prune_attempts(session: Session, *, before: datetime, limit: int = 500) -> bool:
    """Forget attempts older than that; tells whether more may remain."""
    return delete_some(session, FailedAttempt, col(FailedAttempt.at) <= before, limit=limit)


def block(session: Session, *, chat_id: UUID, blocked_id: UUID) -> None:
    """A chat wants no more invites from another one."""
    insert_if_new(session, Block, id=uuid4(), chat_id=chat_id, blocked_id=blocked_id)


def unblock(session: Session, *, chat_id: UUID, block_id: UUID) -> bool:
    """Take one of a chat's blocks back; tells whether it was theirs and there."""
    result = session.execute(delete(Block).where(col(Block.id) == block_id, col(Block.chat_id) == chat_id))
    return bool(getattr(result, "rowcount", 0))


def blocks_of(session: Session, *, chat_id: UUID, limit: int) -> list[tuple[UUID, Person | None]]:
    """A chat's blocks, and whom each is against, as far as they are still here."""
    query = (
        select(col(Block.id), Person)
        .outerjoin(Person, col(Person.chat_id) == col(Block.blocked_id))
        .where(Block.chat_id == chat_id)
        .order_by(col(Block.id))
        .limit(limit)
    )
    return [(block_id, person) for block_id, person in session.exec(query)]


def is_blocked(session: Session, *, one: UUID, other: UUID) -> bool:
    """Whether either of two chats has blocked the other."""
    query = select(Block.id).where(
        or_(
            and_(col(Block.chat_id) == one, col(Block.blocked_id) == other),
            and_(col(Block.chat_id) == other, col(Block.blocked_id) == one),
        )
    )
    return session.exec(query).first() is not None


def add_couple(session: Session, *, first: Person, second: Person, on: date) -> Couple:
    """Link two people."""
    couple = Couple(linked_on=on)
    session.add(couple)
    session.flush()
    session.add_all(Membership(couple_id=couple.id, person_id=person.id) for person in (first, second))
    session.flush()
    return couple


def couple(session: Session, *, couple_id: UUID) -> Couple | None:
    """The couple with this id, ended or not."""
    return session.get(Couple, couple_id)


def memberships(session: Session, *, couple_id: UUID) -> list[Membership]:
    """Both places of a couple."""
    return list(session.exec(select(Membership).where(Membership.couple_id == couple_id)))


def untold_endings(session: Session, *, person_id: UUID) -> list[Membership]:
    """Places that ended quietly and whose person has not learned it yet."""
    # asked with every update, and there is hardly ever one: a look without objects costs less
    if not is_there(session, Membership, person_id=person_id, to_be_told=True):
        return []
    query = select(Membership).where(Membership.person_id == person_id, col(Membership.to_be_told))
    return list(session.exec(query))


def to_tell(session: Session, *, now: datetime, limit: int) -> list[Membership]:
    """Places that ended and whose person is to be told now, as they stand now, earliest first."""
    query = select(Membership).where(col(Membership.tell_at) <= now).order_by(col(Membership.tell_at)).limit(limit)
    return list(session.exec(query.execution_options(populate_existing=True)))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
