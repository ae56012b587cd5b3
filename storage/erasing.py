"""What becomes of every table when a person deletes everything. A new table needs a row here; a guard looks for it.

A person's key goes first, so nothing that is still here for a moment can be read. Then the rows go, in chunks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from os import urandom
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Column, ColumnElement, bindparam, func, or_, update
from sqlalchemy import Table as CoreTable
from sqlmodel import Session, col, delete, select

from storage import tables
from storage.rows import core
from storage.tables import (
    Answer,
    Block,
    Chat,
    Couple,
    Delivery,
    Erasure,
    Invite,
    Membership,
    Message,
    Opening,
    Person,
    Table,
)

CHUNK = 100
_UNDER_WAY = select(Erasure).order_by(col(Erasure.id)).limit(bindparam("limit"))  # looked at every other second


@dataclass(frozen=True, slots=True)
class Goes:
    """The person's rows go, and whatever cannot be without them; `by` is the column that says whose they are."""

    by: str = "person_id"


@dataclass(frozen=True, slots=True)
class GoesLast:
    """The same, when the chats have been seen to."""

    by: str = "person_id"


@dataclass(frozen=True, slots=True)
class GoesAtOnce:
    """The rows of the person's chat go with the key, in the same unit."""

    by: str = "chat_id"


@dataclass(frozen=True, slots=True)
class GoesWith:
    """The rows go with those that they point at by this column, and have no person of their own."""

    by: str


@dataclass(frozen=True, slots=True)
class Joint:
    """What two agreed on ends and goes with either; `couple` leads to the couple, over tables where needed."""

    couple: tuple[str, ...] = ("couple_id",)


@dataclass(frozen=True, slots=True)
class Shared:
    """What both need to see their own part; goes with the last of the two. `couple` is as in Joint."""

    couple: tuple[str, ...] = ("couple_id",)


@dataclass(frozen=True, slots=True)
class Stays:
    """Nothing in it is a person's."""

    why: str


Fate: TypeAlias = Goes | GoesLast | GoesAtOnce | GoesWith | Joint | Shared | Stays

ERASED: Mapping[type[Table], Fate] = MappingProxyType(
    {
        tables.Answer: Goes(),
        tables.Checkin: Goes(),
        tables.Reaction: Goes(),
        tables.JournalNote: Goes(),
        tables.Expectation: Goes(),
        tables.Export: Goes(),
        tables.Invite: Goes("inviter_id"),
        tables.Participation: Goes(),
        tables.Appreciation: Goes(),
        tables.BoundaryCard: Goes(),
        tables.Response: Goes(),
        tables.PrivateMark: Goes(),
        tables.SavedTopic: Goes(),
        tables.Acceptance: Goes(),
        tables.ReviewWish: Goes(),
        tables.AgreementVersion: Joint(("agreement_id", "couple_id")),
        tables.Agreement: Joint(),
        tables.Conversation: Shared(),
        tables.Pulse: Goes(),
        tables.SummaryWish: Goes(),
        tables.SummaryPreview: Goes(),
        tables.SummaryLine: GoesWith("preview_id"),
        tables.Summary: Joint(),
        tables.MemorySearch: Goes(),
        tables.Delivery: Goes(),
        tables.Message: GoesLast(),
        tables.Membership: GoesLast(),
        tables.Person: GoesLast("id"),
        tables.Opening: GoesAtOnce(),
        tables.FailedAttempt: GoesAtOnce(),
        tables.Block: GoesAtOnce(),  # by whom it was; that somebody blocked this person is the other's, and stays
        tables.Occasion: Shared(),
        tables.Reveal: Shared(("occasion_id", "couple_id")),
        tables.Couple: Shared(("id",)),
        tables.Chat: Stays("an account's fingerprint; the last step removes it unless somebody has blocked it"),
        tables.ProcessedUpdate: Stays("numbers of updates, for 48 hours"),
        tables.ParkedUpdate: Stays("numbers of updates, for 48 hours"),
        tables.Lease: Stays("who polls"),
        tables.BotAccount: Stays("which bot this is"),
        tables.Erasure: Stays("this very work; goes with its last step"),
    }
)


# -- the beginning, in the unit of the last tap


def begin(session: Session, person: Person, *, to_clean: bool) -> Erasure:
    """Detach the person from their chat, where a stranger is from now on; with `to_clean`, chats are seen to."""
    chat_id = person.chat_id
    for table, fate in ERASED.items():
        if isinstance(fate, GoesAtOnce):
            session.execute(delete(core(table)).where(core(table).c[fate.by] == chat_id))
    _leave_invites(session, person)
    session.execute(delete(Delivery).where(col(Delivery.person_id) == person.id, col(Delivery.state) == "waiting"))
    nowhere = Chat(lookup=urandom(32), address_sealed=b"")
    session.add(nowhere)
    session.flush()
    person.chat_id, person.unreachable, person.next_question = nowhere.id, True, None
    person.name_sealed = b""
    session.add(person)
    work = Erasure(person_id=person.id, chat_id=chat_id, phase="rows" if to_clean else "silent")
    session.add(work)
    session.flush()
    return work


def _leave_invites(session: Session, person: Person) -> None:
    """Nobody waits for this person any more; to an inviter it looks as if they had never accepted."""
    mine = select(Invite.id).where(Invite.inviter_id == person.id)
    session.execute(delete(Opening).where(col(Opening.invite_id).in_(mine)))
    session.execute(update(Invite).where(col(Invite.inviter_id) == person.id).values(state="cancelled"))
    session.execute(
        update(Invite).where(col(Invite.invitee_id) == person.id).values(invitee_id=None, state="withdrawn")
    )


def is_erasing(session: Session, *, person_id: UUID) -> bool:
    """Whether this person's rows are being removed already."""
    return session.exec(select(Erasure.id).where(Erasure.person_id == person_id)).first() is not None


def under_way(session: Session, *, limit: int = 4) -> list[Erasure]:
    """Erasures that are not done."""
    return list(session.scalars(_UNDER_WAY, {"limit": limit}))


def still_here(session: Session, *, person_ids: Sequence[UUID]) -> list[Person]:
    """Those of these people who have a row."""
    return list(session.exec(select(Person).where(col(Person.id).in_(person_ids))))


# -- rows


def remove_rows(session: Session, *, person_id: UUID, limit: int = CHUNK) -> bool:
    """Remove a chunk of the rows that go; tells whether any were left."""
    for table, fate in ERASED.items():
        if isinstance(fate, Goes) and _remove(session, table, core(table).c[fate.by] == person_id, limit):
            return True
        if isinstance(fate, Joint) and _remove(session, table, _joint(session, table, fate, person_id), limit):
            return True
    return False


def remove_last_rows(session: Session, *, person_id: UUID) -> bool:
    """Remove a chunk of what remained; the person's own row goes when nothing else is left. Tells as `remove_rows`."""
    if remove_rows(session, person_id=person_id):
        return True
    couples = couples_of(session, person_id=person_id)
    for table, fate in ERASED.items():
        if not isinstance(fate, GoesLast) or table is Person:
            continue
        if _remove(session, table, core(table).c[fate.by] == person_id, CHUNK):
            _remove_empty(session, couples)
            return True
    person = session.get(Person, person_id)
    if person is not None:
        nowhere = person.chat_id
        session.delete(person)
        session.flush()
        session.execute(delete(Chat).where(col(Chat.id) == nowhere))
    return False


def couples_of(session: Session, *, person_id: UUID) -> list[UUID]:
    """Every couple that a person ever was part of."""
    return list(session.exec(select(Membership.couple_id).where(Membership.person_id == person_id)))


def _remove_empty(session: Session, couples: Iterable[UUID]) -> None:
    """Remove what two shared when neither is there any more."""
    for couple_id in couples:
        if session.exec(select(Membership.id).where(Membership.couple_id == couple_id)).first() is None:
            _remove(session, Couple, core(Couple).c.id == couple_id, CHUNK)


def _joint(session: Session, table: type[Table], fate: Joint, person_id: UUID) -> ColumnElement[bool]:
    return _leads_to(core(table).c[fate.couple[0]], fate.couple[1:], couples_of(session, person_id=person_id))


def _leads_to(column: Column[Any], path: tuple[str, ...], couples: list[UUID]) -> ColumnElement[bool]:
    """Whether a column leads to one of these couples, over the tables that the path's columns stand in."""
    if not path:
        return column.in_(couples)
    parent = next(iter(column.foreign_keys)).column.table
    return column.in_(select(parent.c.id).where(_leads_to(parent.c[path[0]], path[1:], couples)))


def _remove(session: Session, table: type[Table], which: ColumnElement[bool], limit: int) -> int:
    """Remove some rows with all that cannot be without them; gives how many."""
    plain = core(table)
    ids = list(session.connection().execute(select(plain.c.id).where(which).limit(limit)).scalars())
    if ids:
        _free(session, plain, ids)
        session.connection().execute(plain.delete().where(plain.c.id.in_(ids)))
    return len(ids)


def _free(session: Session, plain: CoreTable, ids: Sequence[object]) -> None:
    """Let nothing point at these rows: what may be without them stays, the rest goes."""
    for other in Table.metadata.sorted_tables:
        for column in other.columns:
            if not any(key.column.table is plain for key in column.foreign_keys):
                continue
            points = column.in_(ids)
            if column.nullable:
                session.connection().execute(other.update().where(points).values({column.name: None}))
                continue
            children = list(session.connection().execute(select(other.c.id).where(points)).scalars())
            if children:
                _free(session, other, children)
                session.connection().execute(other.delete().where(other.c.id.in_(children)))


# -- messages


def messages_of_partners(
    session: Session, *, person_id: UUID, cards: Iterable[str], after: UUID | None, limit: int
) -> list[Message]:
    """Messages in the chats of those this person was linked with that show one of these cards, in order of id."""
    mine, theirs = core(Membership).alias(), core(Membership).alias()
    partners = (
        select(theirs.c.person_id)
        .join(mine, mine.c.couple_id == theirs.c.couple_id)
        .where(mine.c.person_id == person_id, theirs.c.person_id != person_id)
    )
    query = select(Message).where(col(Message.person_id).in_(partners), col(Message.card).in_(tuple(cards)))
    if after is not None:
        query = query.where(col(Message.id) > after)
    return list(session.exec(query.order_by(col(Message.id)).limit(limit)))


def messages_about(session: Session, *, cards: Iterable[str], about: Iterable[str]) -> list[Message]:
    """Messages that show one of these cards about one of these things."""
    query = select(Message).where(col(Message.card).in_(tuple(cards)), col(Message.about).in_(tuple(about)))
    return list(session.exec(query))


def invites_of(session: Session, *, person_id: UUID) -> list[UUID]:
    """The invites that this person sent or accepted."""
    query = select(Invite.id).where(or_(col(Invite.inviter_id) == person_id, col(Invite.invitee_id) == person_id))
    return list(session.exec(query))


def messages_of(session: Session, *, person_id: UUID, limit: int) -> list[Message]:
    """Messages of the bot in this person's own chat."""
    return list(session.exec(select(Message).where(Message.person_id == person_id).limit(limit)))


def strays(session: Session, *, chat_id: UUID, wordless: Iterable[str]) -> list[Message]:
    """Messages that reached a stranger's chat though only a person is sent such: they were on their way."""
    query = select(Message).where(
        Message.chat_id == chat_id, col(Message.person_id).is_(None), col(Message.card).not_in(tuple(wordless))
    )
    return list(session.exec(query))


def typed_of(session: Session, *, person_id: UUID) -> list[str]:
    """What the bot knows of the person's own messages: comma-separated ids."""
    query = select(Answer.typed).where(Answer.person_id == person_id, col(Answer.typed) != "")
    return list(session.exec(query))


def waiting_in(session: Session, *, chat_id: UUID) -> int:
    """How many deliveries are still to be made to a chat."""
    query = select(func.count()).where(col(Delivery.chat_id) == chat_id, col(Delivery.state) == "waiting")
    return session.exec(query).one()


# -- the end


def leave_chat(session: Session, work: Erasure, *, now: datetime) -> bool:
    """Forget the chat as well, when nothing is on its way to it; tells whether the erasure is done.

    A chat that somebody has blocked keeps the account's fingerprint, or the block would end with it. A chat in which
    the same account has begun anew stays.
    """
    chat = session.get_one(Chat, work.chat_id, populate_existing=True)
    if waiting_in(session, chat_id=chat.id) or (chat.claimed_until is not None and chat.claimed_until > now):
        return False
    lives = session.exec(select(Person.id).where(Person.chat_id == chat.id)).first() is not None
    session.delete(work)
    session.flush()
    if lives:
        return True
    session.execute(delete(Delivery).where(col(Delivery.chat_id) == chat.id))
    session.execute(delete(Message).where(col(Message.chat_id) == chat.id))
    for table, fate in ERASED.items():
        if isinstance(fate, GoesAtOnce):
            session.execute(delete(core(table)).where(core(table).c[fate.by] == chat.id))
    other = session.exec(select(Erasure.id).where(Erasure.chat_id == chat.id)).first()
    if other is None and session.exec(select(Block.id).where(Block.blocked_id == chat.id)).first() is None:
        session.delete(chat)
    elif other is None:
        chat.address_sealed = b""
        session.add(chat)
    session.flush()
    return True
