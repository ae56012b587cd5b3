"""Claiming what is due: chats, not rows, so that one message at a time is on its way to each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, Select, and_, bindparam, exists, func, or_, select, union_all, update
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
    kept_until: datetime | None  # until when the chat stays the holder's own after it is released
    followed: bool  # whether more was due in its chat


class Claims(NamedTuple):
    """What was claimed, and whether another look at once may find more that is due in other chats."""

    found: list[Claimed]
    more: bool = False


_delivery, _chat = core(Delivery), core(Chat)
# no claim lasts longer; a later end is from a clock that went wrong
LONGEST_CLAIM = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=5)
TELEGRAM = "telegram"  # holds a chat that it wants to be left alone
_FREE = and_(
    or_(
        _chat.c.claimed_until.is_(None),
        _chat.c.claimed_until <= bindparam("now"),
        _chat.c.claimed_until > bindparam("longest"),
    ),
    or_(
        _chat.c.kept_until.is_(None),
        _chat.c.kept_for == bindparam("holder"),
        _chat.c.kept_until <= bindparam("now"),
        _chat.c.kept_until > bindparam("longest"),
    ),
)
_one, _next = _delivery.alias(), _delivery.alias()
_FOLLOWED = exists().where(
    _next.c.chat_id == _chat.c.id,
    _next.c.state == "waiting",
    _next.c.due <= bindparam("now"),
    _next.c.id != _delivery.c.id,
)
_FIRST_OF_CHATS = (
    select(_delivery, _chat.c.address_sealed, _FOLLOWED.label("followed"))
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
_RELEASE_AND_KEEP = _RELEASE.values(kept_for=bindparam("holder"), kept_until=bindparam("kept_until"))
_HOLD = (
    update(_chat)
    .where(_chat.c.id == bindparam("chat"), _chat.c.claimed_by == bindparam("holder"))
    .values(claimed_by=TELEGRAM, claimed_until=bindparam("until"))
)
_FORGET_KEPT = (
    update(_chat).where(_chat.c.id.in_(bindparam("chats", expanding=True))).values(kept_for=None, kept_until=None)
)
_CLAIM_CHATS = update(_chat).where(_chat.c.id.in_(bindparam("chats", expanding=True)))
_COUNT_ATTEMPTS = (
    update(_delivery)
    .where(_delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_delivery.c.attempts + 1)
)
_READERS = select(Person).where(core(Person).c.id.in_(bindparam("ids", expanding=True)))
_NEXT_DUE = select(  # one look at the index for each urgency
    *(
        select(func.min(_delivery.c.due))
        .where(_delivery.c.state == "waiting", _delivery.c.urgency == urgency, _delivery.c.due > bindparam("now"))
        .scalar_subquery()
        for urgency in URGENCIES
    )
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
    kept: timedelta | None = None,
) -> Claims:
    """Take up to `limit` chats that have something due, and the first delivery of each.

    They stay this holder's own for as long as they are `kept`, so that only one process writes to a chat in a while.
    """
    wanted, more = _due_chats(session, holder=holder, now=now, limit=limit, busy=busy, urgencies=urgencies)
    if not wanted:
        return Claims([])
    connection = session.connection()
    longest = now + LONGEST_CLAIM
    given = {"chats": wanted, "holder": holder, "now": now, "longest": longest, "urgencies": list(urgencies)}
    rows = connection.execute(_FIRST_OF_CHATS, given).all()
    if not rows:
        return Claims([], more)
    chats = [row.chat_id for row in rows]
    connection.execute(_CLAIM_CHATS, {"chats": chats, "claimed_by": holder, "claimed_until": until})
    connection.execute(_COUNT_ATTEMPTS, {"ids": [row.id for row in rows]})
    # Held by the session, where each card then finds its person without asking.
    session.info["readers"] = session.scalars(_READERS, {"ids": [row.person_id for row in rows if row.person_id]}).all()
    places = {chat: place for place, chat in enumerate(wanted)}
    found = apart.each(
        session,
        sorted(rows, key=lambda row: places[row.chat_id]),
        lambda row: _claimed(session, row, holder, until, now + kept if kept else None),
        failed=lambda row: _give_up(session, row),
    )
    return Claims(found, more or len(found) < len(wanted))


def _due_chats(
    session: Session, *, holder: str, now: datetime, limit: int, busy: Collection[UUID], urgencies: Sequence[int]
) -> tuple[list[UUID], bool]:
    """Chats that are free and have something due, the most urgent first, and whether there may be others."""
    given = {"holder": holder, "now": now, "longest": now + LONGEST_CLAIM, "limit": limit, "held": list(busy)}
    found = session.connection().execute(_due_by_urgency(tuple(urgencies)), given).all()
    in_order = sorted(found, key=lambda row: (row.urgency, row.due, row.id))
    return list(dict.fromkeys(row.chat_id for row in in_order))[:limit], len(found) >= limit


@cache
def _due_by_urgency(urgencies: Sequence[int]) -> CompoundSelect[Any]:
    """What is due first of each urgency, by the index; built once."""
    return union_all(*(_first_due(urgency).subquery().select() for urgency in urgencies))


def _first_due(urgency: int) -> Select[Any]:
    return (
        select(_delivery.c.chat_id, _delivery.c.urgency, _delivery.c.due, _delivery.c.id)
        .join(_chat, _chat.c.id == _delivery.c.chat_id)
        .where(
            _FREE,
            _delivery.c.state == "waiting",
            _delivery.c.urgency == urgency,
            _delivery.c.due <= bindparam("now"),
            _delivery.c.chat_id.not_in(bindparam("held", expanding=True)),
        )
        .order_by(_delivery.c.due, _delivery.c.id)
        .limit(bindparam("limit"))
    )


def _give_up(session: Session, row: Row[Any]) -> None:
    """A chat whose address does not open: nothing can ever be sent there."""
    change(session, Delivery, row.id, {"state": "failed"})
    change(session, Chat, row.chat_id, _NOBODY)


def _claimed(session: Session, row: Row[Any], holder: str, until: datetime, kept_until: datetime | None) -> Claimed:
    return Claimed(
        id=row.id,
        chat_id=row.chat_id,
        address=_address(session, row.chat_id, row.address_sealed),
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
        kept_until=kept_until,
        followed=row.followed,
    )


def address(session: Session, chat: Chat) -> int:
    """The Telegram id of a chat."""
    return _address(session, chat.id, chat.address_sealed)


def _address(session: Session, chat_id: UUID, sealed: bytes) -> int:
    keys = session.info["keys"]
    return int(sealing.opened_from(session, Chat, "address_sealed", chat_id, sealed, owner=keys.system))


def next_due(session: Session, *, after: datetime) -> datetime | None:
    """When the next waiting delivery is due, if that is after `after`."""
    times = session.connection().execute(_NEXT_DUE, {"now": after}).one()
    return min((at for at in times if at is not None), default=None)


def release(session: Session, claimed: Claimed) -> bool:
    """Let the chat be claimed again; False if somebody else holds it by now, which stays so."""
    session.flush()
    statement = _RELEASE if claimed.kept_until is None else _RELEASE_AND_KEEP
    return session.connection().execute(statement, _released(claimed)).rowcount == 1


def release_each(session: Session, claimed: Sequence[Claimed]) -> None:
    """The same for many; whether somebody else holds one of them by now is not told."""
    session.flush()
    for statement, some in (
        (_RELEASE, [each for each in claimed if each.kept_until is None]),
        (_RELEASE_AND_KEEP, [each for each in claimed if each.kept_until is not None]),
    ):
        if some:
            session.connection().execute(statement, [_released(each) for each in some])


def hold(session: Session, claimed: Claimed, *, until: datetime) -> bool:
    """Let nobody write to the chat before `until`, or for five minutes if that is sooner; False as for `release`."""
    session.flush()
    latest = min(until, claimed.until + LONGEST_HOLD)
    given: dict[str, Any] = {"chat": claimed.chat_id, "holder": claimed.holder, "until": latest}
    return session.connection().execute(_HOLD, given).rowcount == 1


def _released(claimed: Claimed) -> dict[str, Any]:
    given: dict[str, Any] = {"chat": claimed.chat_id, "holder": claimed.holder}
    return given if claimed.kept_until is None else {**given, "kept_until": claimed.kept_until}


def leave(session: Session, *, holder: str, but: Collection[UUID]) -> None:
    """Let others write at once to the chats that were kept for this holder, except these."""
    theirs = select(_chat.c.id).where(_chat.c.kept_for == holder, _chat.c.id.not_in(but))
    _forget_kept(session, theirs)


def forget_kept(session: Session, *, now: datetime, limit: int = 1000) -> bool:
    """Forget which process wrote to a chat, where that is over; tells whether more may remain."""
    over = select(_chat.c.id).where(_chat.c.kept_for.is_not(None), _chat.c.kept_until <= now).limit(limit)
    return _forget_kept(session, over) == limit


def _forget_kept(session: Session, chats: Select[tuple[UUID]]) -> int:
    free = chats.with_for_update(skip_locked=True)
    ids = session.connection().execute(free).scalars().all()
    if ids:
        session.connection().execute(_FORGET_KEPT, {"chats": ids})
    return len(ids)


def release_all(session: Session) -> None:
    """Forget all claims, but not what Telegram asked for: for a process that has the database to itself and starts."""
    session.execute(update(_chat).where(_chat.c.claimed_by != TELEGRAM).values(claimed_by=None, claimed_until=None))
