"""Claiming what is due: chats, not rows, so that one message at a time is on its way to each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlmodel import Session

from storage import apart, sealing
from storage.rows import change, core
from storage.tables import Chat, Delivery, Person

REPLY, REVEAL, SCHEDULED = range(3)
URGENCIES = (REPLY, REVEAL, SCHEDULED)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process may send until `until` (UTC)."""

    id: int
    chat_id: UUID
    address: int  # Telegram's chat id
    person_id: UUID | None
    language: str
    card: str
    about: str
    mode: str
    message_id: int | None
    nudge_id: int | None
    urgency: int
    attempts: int  # this one included
    expires: datetime | None
    until: datetime
    holder: str  # who claimed it


_delivery, _chat = core(Delivery), core(Chat)
# no claim lasts longer; a later end is from a clock that went wrong
LONGEST_CLAIM = timedelta(minutes=10)
_FREE = or_(
    _chat.c.claimed_until.is_(None),
    _chat.c.claimed_until <= bindparam("now"),
    _chat.c.claimed_until > bindparam("longest"),
)
_DUE_CHATS = (
    select(_delivery.c.chat_id)
    .join(_chat, _chat.c.id == _delivery.c.chat_id)
    .where(
        _FREE,
        _delivery.c.state == "waiting",
        _delivery.c.urgency == bindparam("urgency"),
        _delivery.c.due <= bindparam("now"),
        _delivery.c.chat_id.not_in(bindparam("held", expanding=True)),
    )
    .order_by(_delivery.c.due, _delivery.c.id)
    .limit(bindparam("limit"))
)
_one = _delivery.alias()
_FIRST_OF_CHATS = (
    select(_delivery, _chat.c.address_sealed)
    .join(_chat, _chat.c.id == _delivery.c.chat_id)
    .where(
        _chat.c.id.in_(bindparam("chats", expanding=True)),
        _FREE,
        _delivery.c.id
        == select(_one.c.id)
        .where(
            _one.c.chat_id == _chat.c.id,
            _one.c.state == "waiting",
            _one.c.due <= bindparam("now"),
            _one.c.urgency.in_(bindparam("urgencies", expanding=True)),
        )
        .order_by(_one.c.due, _one.c.id)
        .limit(1)
        .scalar_subquery(),
    )
    .with_for_update(of=_chat, skip_locked=True)
)
_NOBODY: Mapping[str, Any] = MappingProxyType({"claimed_by": None, "claimed_until": None})
_RELEASE = (
    update(_chat)
    .where(_chat.c.id == bindparam("chat"), _chat.c.claimed_by == bindparam("holder"))
    .values(claimed_by=None, claimed_until=None)
)
_CLAIM_CHATS = update(_chat).where(_chat.c.id.in_(bindparam("chats", expanding=True)))
_COUNT_ATTEMPTS = (
    update(_delivery)
    .where(_delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_delivery.c.attempts + 1)
)
_READERS = select(Person).where(core(Person).c.id.in_(bindparam("ids", expanding=True)))
_NEXT_DUE = select(func.min(_delivery.c.due)).where(
    _delivery.c.state == "waiting", _delivery.c.urgency == bindparam("urgency"), _delivery.c.due > bindparam("now")
)


def claim(
    session: Session,
    *,
    holder: str,
    now: datetime,
    until: datetime,
    limit: int,
    busy: Collection[UUID],
    urgencies: Sequence[int],
) -> list[Claimed]:
    """Take up to `limit` chats that have something due, and the first delivery of each."""
    wanted = _due_chats(session, now=now, limit=limit, busy=busy, urgencies=urgencies)
    if not wanted:
        return []
    connection = session.connection()
    given = {"chats": wanted, "now": now, "longest": now + LONGEST_CLAIM, "urgencies": list(urgencies)}
    rows = connection.execute(_FIRST_OF_CHATS, given).all()
    if not rows:
        return []
    chats = [row.chat_id for row in rows]
    connection.execute(_CLAIM_CHATS, {"chats": chats, "claimed_by": holder, "claimed_until": until})
    connection.execute(_COUNT_ATTEMPTS, {"ids": [row.id for row in rows]})
    # Held by the session, where each card then finds its person without asking.
    session.info["readers"] = session.scalars(_READERS, {"ids": [row.person_id for row in rows if row.person_id]}).all()
    places = {chat: place for place, chat in enumerate(wanted)}
    return apart.each(
        session,
        sorted(rows, key=lambda row: places[row.chat_id]),
        lambda row: _claimed(session, row, holder, until),
        failed=lambda row: _give_up(session, row),
    )


def _due_chats(
    session: Session, *, now: datetime, limit: int, busy: Collection[UUID], urgencies: Sequence[int]
) -> list[UUID]:
    found: dict[UUID, None] = {}
    for urgency in urgencies:
        held = [*busy, *found]
        given = {"urgency": urgency, "now": now, "longest": now + LONGEST_CLAIM, "held": held, "limit": limit}
        found.update(dict.fromkeys(session.connection().execute(_DUE_CHATS, given).scalars()))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _give_up(session: Session, row: Row[Any]) -> None:
    """A chat whose address does not open: nothing can ever be sent there."""
    change(session, Delivery, row.id, {"state": "failed"})
    change(session, Chat, row.chat_id, _NOBODY)


def _claimed(session: Session, row: Row[Any], holder: str, until: datetime) -> Claimed:
    chat = Chat(id=row.chat_id, lookup=b"", address_sealed=row.address_sealed)
    return Claimed(
        id=row.id,
        chat_id=row.chat_id,
        address=address(session, chat),
        person_id=row.person_id,
        language=row.language,
        card=row.card,
        about=row.about,
        mode=row.mode,
        message_id=row.message_id,
        nudge_id=row.nudge_id,
        urgency=row.urgency,
        attempts=row.attempts + 1,
        expires=row.expires,
        until=until,
        holder=holder,
    )


def address(session: Session, chat: Chat) -> int:
    """The Telegram id of a chat."""
    keys = session.info["keys"]
    return int(sealing.opened(session, chat, "address_sealed", owner=keys.system))


def next_due(session: Session, *, after: datetime) -> datetime | None:
    """When the next waiting delivery is due, if that is after `after`."""
    connection = session.connection()
    times = [connection.execute(_NEXT_DUE, {"urgency": urgency, "now": after}).scalar() for urgency in URGENCIES]
    return min((at for at in times if at is not None), default=None)


def release(session: Session, claimed: Claimed) -> bool:
    """Let the chat be claimed again; False if somebody else holds it by now, which stays so."""
    session.flush()
    given = {"chat": claimed.chat_id, "holder": claimed.holder}
    return session.connection().execute(_RELEASE, given).rowcount == 1


def release_all(session: Session) -> None:
    """Forget all claims: for a process that has the database to itself and starts."""
    session.execute(update(_chat).where(_chat.c.claimed_by.is_not(None)).values(claimed_by=None, claimed_until=None))
