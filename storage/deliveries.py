"""What the bot owes: rows for the sender, and the messages that stand in chats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, delete, select

from storage import claiming, holding
from storage.claiming import REPLY, Claimed, release
from storage.rows import change, change_each, core, delete_some, insert_each, insert_if_new, insert_into
from storage.tables import Delivery, Message, Person

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # due when somebody says so
FEW = 3  # times that something is sent, if nobody knows whether it arrived
# what takes words away may not wait for an edit that is held for later
_TAKES_THE_PLACE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({"edit": ("edit",), "wipe": ("edit", "wipe")})
_delivery = core(Delivery)
_SUPERSEDE = (
    update(_delivery)
    .where(
        _delivery.c.chat_id == bindparam("chat"),
        _delivery.c.message_id == bindparam("message"),
        _delivery.c.mode.in_(bindparam("modes", expanding=True)),
        _delivery.c.state == "waiting",
        _delivery.c.key != bindparam("new"),
    )
    .values(state="expired")
)


def add(session: Session, **values: object) -> bool:
    """Owe a delivery unless one with this key was owed before; tells whether it is new.

    An edit takes the place of those that still wait for the same message: only the last one matters.
    """
    session.info["owes"] = True
    is_new = insert_if_new(session, Delivery, **values)
    modes = _TAKES_THE_PLACE_OF.get(str(values.get("mode")))
    if is_new and modes is not None:
        older = {"chat": values["chat_id"], "message": values["message_id"], "new": values["key"], "modes": modes}
        session.connection().execute(_SUPERSEDE, older)
    return is_new


def add_each(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Owe many that are sent, each unless one with its key was owed before; all with values for the same columns."""
    session.info["owes"] = True
    insert_each(session, Delivery, rows, if_new=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery that has become a message, or has changed or removed one; `since` is UTC."""

    claimed: Claimed
    message_id: int
    since: datetime


def mark_sent(session: Session, *arrived: Standing) -> None:
    """These stand in their chats; at least one does."""
    holding.hold(session, *(each.claimed.chat_id for each in arrived))
    change_each(session, Delivery, [_as_sent(each) for each in arrived])
    claiming.release_each(session, [each.claimed for each in arrived])
    shown = [each for each in arrived if each.claimed.mode != "delete"]
    _note_standing(session, [_as_message(each) for each in shown])


def not_held(session: Session, arrived: Sequence[Standing]) -> Sequence[Standing]:
    """Those of these that can be marked in this unit without waiting for another one."""
    people = {person for each in arrived if (person := each.claimed.person_id) is not None}
    ids, there = holding.not_held(session, [each.claimed.id for each in arrived], people)
    return [each for each in arrived if each.claimed.id in ids and each.claimed.person_id in {None, *there}]


def _as_sent(standing: Standing) -> Mapping[str, Any]:
    return {"row_id": standing.claimed.id, "state": "sent", "message_id": standing.message_id}


def _as_message(standing: Standing) -> Mapping[str, Any]:
    claimed = standing.claimed
    return {
        "id": uuid4(),
        "chat_id": claimed.chat_id,
        "message_id": standing.message_id,
        "reader": claimed.person_id,
        "card": claimed.card,
        "about": claimed.about,
        "sent_at": standing.since,
    }


def note_standing(
    session: Session,
    *,
    chat_id: UUID,
    message_id: int,
    person_id: UUID | None,
    card: str,
    about: str = "",
    now: datetime,
) -> None:
    """Remember what a message of the bot shows, so that it can be shown anew, or taken away."""
    whose = {"chat_id": chat_id, "message_id": message_id, "reader": person_id}
    _note_standing(session, [{"id": uuid4(), **whose, "card": card, "about": about, "sent_at": now}])


def _note_standing(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection = session.connection()
        connection.execute(_stands(connection.dialect.name), rows)


@cache
def _stands(dialect: str) -> Any:
    """Note what a message shows. Its reader may have deleted everything while it was on its way: then it has none."""
    plain, person = core(Message), core(Person)
    reader = select(person.c.id).where(person.c.id == bindparam("reader"), person.c.chat_id == bindparam("chat_id"))
    named: dict[str, Any] = {
        name: bindparam(name) for name in ("id", "chat_id", "message_id", "card", "about", "sent_at")
    }
    statement = insert_into(dialect, Message).values(**named, person_id=reader.scalar_subquery())
    changed = {name: statement.excluded[name] for name in ("person_id", "card", "about", "sent_at")}
    return statement.on_conflict_do_update(index_elements=(plain.c.chat_id, plain.c.message_id), set_=changed)


def adopt_messages(session: Session, *, chat_id: UUID, person_id: UUID) -> None:
    """What a stranger was shown belongs to the person that they became."""
    strangers = update(Message).where(col(Message.chat_id) == chat_id, col(Message.person_id).is_(None))
    session.execute(strangers.values(person_id=person_id))


def mark_nudged(session: Session, claimed: Claimed, *, nudge_id: int) -> None:
    """The nudge stands; the words are still to be edited in."""
    holding.hold(session, claimed.chat_id)
    change(session, Delivery, claimed.id, {"nudge_id": nudge_id})


def mark_expired(session: Session, claimed: Claimed) -> None:
    """There is nothing left to send."""
    _end(session, claimed, "expired")


def mark_failed(session: Session, claimed: Claimed) -> None:
    """Given up; the sender logs it."""
    _end(session, claimed, "failed")


def mark_blocked(session: Session, *, chat_id: UUID) -> None:
    """The chat takes no more messages: cancel what waits and leave the person alone. A claim ends by itself."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.chat_id) == chat_id, col(Delivery.state) == "waiting")
        .values(state="blocked")
    )
    session.execute(update(Person).where(col(Person.chat_id) == chat_id).values(unreachable=True))


def mark_unreachable(session: Session, *, person_id: UUID) -> None:
    """The same, by the person."""
    person = session.get(Person, person_id)
    if person is not None:
        mark_blocked(session, chat_id=person.chat_id)


def postpone(session: Session, claimed: Claimed, *, due: datetime) -> None:
    """Nobody knows whether it arrived: try again at `due`, and let what comes after it not wait as long.

    Whoever comes back after the claim has passed to somebody else leaves everything to them.
    """
    if release(session, claimed):
        change(session, Delivery, claimed.id, {"due": due})
        session.info["owes"] = True


def give_back(session: Session, claimed: Claimed, *, until: datetime | None = None) -> None:
    """It surely was not sent, which does not count: it keeps its place in its chat, which waits until then."""
    if release(session, claimed) if until is None else claiming.hold(session, claimed, until=until):
        change(session, Delivery, claimed.id, {"attempts": claimed.attempts - 1})
        session.info["owes"] = True


def hold(session: Session, claimed: Claimed, *, due: datetime, wanted: datetime) -> None:
    """Not now; nothing was tried."""
    if release(session, claimed):
        change(session, Delivery, claimed.id, {"due": due, "wanted": wanted, "attempts": claimed.attempts - 1})


def send_anew(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """The message to edit is gone: send a new one instead, a few times at most."""
    _forget(session, claimed)
    if release(session, claimed):
        attempts = claimed.attempts if claimed.attempts <= FEW else 1
        anew = {"mode": "send", "message_id": None, "nudge_id": None, "due": now, "attempts": attempts}
        change(session, Delivery, claimed.id, anew)
        session.info["owes"] = True


def let_go(session: Session, claimed: Claimed) -> None:
    """The message to edit is gone, and nobody waits for what it would show."""
    _forget(session, claimed)
    _end(session, claimed, "expired")


def owe_words(session: Session, claimed: Claimed, card: str, about: str, *, now: datetime) -> None:
    """Say what became of a delivery to whom it was for."""
    _owe_after(session, claimed, now, key=f"about:{claimed.id}", card=card, about=about)


def owe_removal_of(session: Session, claimed: Claimed, *, message_id: int, now: datetime) -> None:
    """Take out of the chat what was sent while it ceased to be allowed."""
    key = f"late:{claimed.id}"
    _owe_after(session, claimed, now, key=key, card="common.quiet_removal", mode="delete", message_id=message_id)


def owe_edit_of(session: Session, claimed: Claimed, *, message_id: int, now: datetime) -> None:
    """Show anew what changed while it was being sent."""
    key, card, about = f"late:{claimed.id}", claimed.card, claimed.about
    _owe_after(session, claimed, now, key=key, card=card, about=about, mode="edit", message_id=message_id)


def _owe_after(session: Session, claimed: Claimed, now: datetime, **values: object) -> None:
    """Owe what follows from a delivery to whom it was for, at once."""
    whose = {"chat_id": claimed.chat_id, "person_id": claimed.person_id, "language": claimed.language}
    add(session, **whose, **values, urgency=REPLY, due=now)


def adopt_nudge(session: Session, *, person_id: UUID, card: str, about: str, message_id: int, now: datetime) -> bool:
    """Let a waiting delivery fill the nudge that the person pressed; tells whether one waited."""
    row = session.exec(
        select(Delivery)
        .where(
            Delivery.person_id == person_id, Delivery.card == card, Delivery.about == about, Delivery.state == "waiting"
        )
        .where(col(Delivery.mode) == "send")
        .limit(1)
    ).first()
    if row is None:
        return False
    row.nudge_id, row.due = message_id, now
    session.add(row)
    session.info["owes"] = True
    return True


def owed_to(session: Session, *, person_id: UUID, delivery_id: int) -> Delivery | None:
    """A message that was owed to this person, as long as it is remembered."""
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.person_id == person_id)
    return session.exec(query.where(col(Delivery.mode) == "send")).first()


def adopt_this(session: Session, owed: Delivery, *, message_id: int, now: datetime) -> bool:
    """Let this delivery fill the nudge that its person pressed, if it still waits; tells whether."""
    if owed.state != "waiting":
        return False
    owed.nudge_id, owed.due = message_id, now
    session.add(owed)
    session.info["owes"] = True
    return True


def standing(session: Session, *, person_id: UUID, card: str, about: str) -> Sequence[int]:
    """The ids of this person's messages that show a card, oldest first."""
    holding.hold_of(session, person_id)
    query = (
        select(Message.message_id)
        .where(Message.person_id == person_id, Message.card == card, Message.about == about)
        .order_by(col(Message.message_id))
    )
    return session.exec(query).all()


def coming_in(session: Session, *, person_id: UUID) -> list[Delivery]:
    """What waits for this person and is no reply to what they did."""
    query = select(Delivery).where(
        Delivery.person_id == person_id, Delivery.state == "waiting", col(Delivery.urgency) != REPLY
    )
    return list(session.exec(query))


def prune(session: Session, *, before: datetime, limit: int = 500) -> bool:
    """Drop operational rows and times older than `before`; tells whether more may remain."""
    more = delete_some(session, Delivery, col(Delivery.state) != "waiting", col(Delivery.due) < before, limit=limit)
    old = session.exec(select(Message.id).where(col(Message.sent_at) < before).limit(limit)).all()
    if old:
        session.execute(delete(Message).where(col(Message.id).in_(old), col(Message.person_id).is_(None)))
        session.execute(update(Message).where(col(Message.id).in_(old)).values(sent_at=None))
    return more or len(old) == limit


def _forget(session: Session, claimed: Claimed) -> None:
    """Nothing stands any more where this was to be edited."""
    gone = claimed.nudge_id if claimed.nudge_id is not None else claimed.message_id
    session.execute(delete(Message).where(col(Message.chat_id) == claimed.chat_id, col(Message.message_id) == gone))


def _end(session: Session, claimed: Claimed, state: str, **values: object) -> None:
    holding.hold(session, claimed.chat_id)
    change(session, Delivery, claimed.id, {"state": state, **values})
    release(session, claimed)
